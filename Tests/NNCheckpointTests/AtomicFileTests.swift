import NNCheckpoint
import NNJSON
import NNTensor
import Testing

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

@Suite struct AtomicFileTests {
  @Test func `a file is made, then replaced, and nothing is left beside it`() throws {
    try withTemporaryFolder { folder in
      try AtomicFile.write("one", to: folder + "/a")
      try AtomicFile.write("two", to: folder + "/a")
      #expect(try contents(of: folder + "/a") == Array("two".utf8))
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test func `a replaced file keeps its permissions, and a link stays a link`() throws {
    try withTemporaryFolder { folder in
      try put([1], in: folder + "/real")
      chmod(folder + "/real", 0o640)
      symlink("real", folder + "/link")
      try AtomicFile.write("two", to: folder + "/link")
      var status = stat()
      lstat(folder + "/real", &status)
      #expect(status.st_mode & 0o7777 == 0o640)
      #expect(try contents(of: folder + "/real") == Array("two".utf8))
      #expect(try names(in: folder) == ["link", "real"])
    }
  }

  @Test func `a name as long as a name can be is written`() throws {
    try withTemporaryFolder { folder in
      let name = String(repeating: "n", count: 255)
      try AtomicFile.write("x", to: "\(folder)/\(name)")
      #expect(try names(in: folder) == [name])
    }
  }

  @Test func `a failure leaves the old file and nothing beside it`() throws {
    try withTemporaryFolder { folder in
      let path = folder + "/a"
      try AtomicFile.write("old", to: path)
      let impossible = Checkpoint(tensors: [
        .init("w", Tensor([1], [1])), .init("w", Tensor([1], [1])),
      ])
      #expect(throws: CheckpointError.self) { try impossible.write(to: path) }
      #expect(try contents(of: path) == Array("old".utf8))
      #expect(try names(in: folder) == ["a"])
    }
  }

  @Test func `a full disk is said`() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder.create(in: folder, name: "full")
      symlink("/dev/full", run.metrics)
      #expect(throws: CheckpointError.refused(.write, path: run.metrics, code: ENOSPC)) {
        try run.appendMetrics(["epoch": 1])
      }
    }
  }

  static let places: [(String, @Sendable (String) -> CheckpointError)] = [
    ("missing/a", { .refused(.write, path: $0, code: ENOENT) }),
    ("file/a", { .refused(.write, path: $0, code: ENOTDIR) }),
    ("folder", { .refused(.write, path: $0, code: EISDIR) }),
    ("pipe", { .wrongKind(path: $0, expected: .file) }),
    ("", { .refused(.write, path: $0, code: EISDIR) }),
    ("nul\0byte", { .refused(.write, path: $0, code: ENOENT) }),
  ]

  @Test(arguments: places)
  func `a place where no file can be is named`(
    _ place: String, _ error: @Sendable (String) -> CheckpointError
  ) throws {
    try withTemporaryFolder { folder in
      try put([1], in: folder + "/file")
      mkdir(folder + "/folder", 0o777)
      mkfifo(folder + "/pipe", 0o666)
      let thrown = #expect(throws: CheckpointError.self) {
        try AtomicFile.write("x", to: "\(folder)/\(place)")
      }
      #expect(thrown == error(folder + "/" + place))
      #expect(try names(in: folder) == ["file", "folder", "pipe"])
    }
  }

  @Test func `a protected file and a protected folder are left alone`() throws {
    // The superuser may write anywhere.
    guard geteuid() != 0 else { return }
    try withTemporaryFolder { folder in
      mkdir(folder + "/closed", 0o555)
      try put([1], in: folder + "/kept")
      chmod(folder + "/kept", 0o444)
      for path in [folder + "/closed/a", folder + "/kept"] {
        #expect(throws: CheckpointError.refused(.write, path: path, code: EACCES)) {
          try AtomicFile.write("x", to: path)
        }
      }
    }
  }

  @Test func `a folder, a pipe and nothing are not read as files`() throws {
    try withTemporaryFolder { folder in
      mkfifo(folder + "/pipe", 0o666)
      #expect(throws: CheckpointError.wrongKind(path: folder, expected: .file)) {
        try Checkpoint(contentsOf: folder)
      }
      #expect(throws: CheckpointError.wrongKind(path: folder + "/pipe", expected: .file)) {
        try ContentDigest(ofFile: folder + "/pipe")
      }
      #expect(throws: CheckpointError.refused(.open, path: folder + "/no", code: ENOENT)) {
        try Checkpoint(contentsOf: folder + "/no")
      }
    }
  }
}
