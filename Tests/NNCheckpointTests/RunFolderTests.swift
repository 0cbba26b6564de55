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

@Suite struct RunFolderTests {
  @Test func `runs are numbered from one and the latest is found`() throws {
    try withTemporaryFolder { folder in
      let base = folder + "/deep/runs"
      #expect(try RunFolder.latest(in: base, name: "iris") == nil)
      for number in 1...11 {
        let run = try RunFolder.create(in: base, name: "iris")
        #expect(run.number == number)
        #expect(run.path == "\(base)/iris/\(number)")
        #expect(try RunFolder.latest(in: base, name: "iris") == run)
      }
      #expect(try RunFolder.all(in: base, name: "iris").map(\.number) == Array(1...11))
      #expect(try RunFolder.create(in: base, name: "digits").number == 1)
    }
  }

  @Test func `a number once taken, by whatever, is not given again`() throws {
    try withTemporaryFolder { folder in
      for name in ["m", "m/2", "m/007", "m/-9", "m/1e3", "m/99999999999999999999"] {
        mkdir("\(folder)/\(name)", 0o777)
      }
      try put([], in: folder + "/m/3")
      #expect(try RunFolder.latest(in: folder, name: "m")?.number == 2)
      #expect(try RunFolder.create(in: folder, name: "m").number == 4)
    }
  }

  @Test func `threads that start at once get a folder each`() async throws {
    let base = try makeTemporaryFolder()
    defer { removeTree(base) }
    let numbers = try await withThrowingTaskGroup(of: Int.self) { group in
      for _ in 0..<64 {
        group.addTask { try RunFolder.create(in: base + "/runs", name: "race").number }
      }
      return try await group.reduce(into: []) { $0.append($1) }
    }
    #expect(numbers.sorted() == Array(1...64))
  }

  @Test func `threads that write one file leave one whole file`() async throws {
    let folder = try makeTemporaryFolder()
    defer { removeTree(folder) }
    try await withThrowingTaskGroup { group in
      for number in 0..<16 {
        group.addTask {
          let tensor = Tensor([1000], filledWith: Float(number))
          try Checkpoint(tensors: [.init("w", tensor)]).write(to: folder + "/last.safetensors")
        }
      }
      try await group.waitForAll()
    }
    let values = try Checkpoint(contentsOf: folder + "/last.safetensors")["w"]?.values
    #expect(Set(values ?? []).count == 1)
    #expect(try names(in: folder) == ["last.safetensors"])
  }

  static let badNames = [
    "", ".", "..", "a/b", "../etc", "/", "a\0", "line\nbreak", "\u{7F}",
    String(repeating: "x", count: 201),
  ]

  @Test(arguments: badNames)
  func `a name that leads elsewhere is refused`(_ name: String) throws {
    try withTemporaryFolder { folder in
      #expect(throws: CheckpointError.badRunName(name)) {
        try RunFolder.create(in: folder, name: name)
      }
      #expect(throws: CheckpointError.badRunName(name)) {
        try RunFolder.latest(in: folder, name: name)
      }
      let left = try names(in: folder)
      #expect(left == [])
    }
  }

  @Test func `a file in the way is named`() throws {
    try withTemporaryFolder { folder in
      try put([1], in: folder + "/runs")
      #expect(throws: CheckpointError.wrongKind(path: folder + "/runs", expected: .folder)) {
        try RunFolder.create(in: folder + "/runs", name: "iris")
      }
      mkdir(folder + "/other", 0o777)
      try put([1], in: folder + "/other/iris")
      #expect(throws: CheckpointError.wrongKind(path: folder + "/other/iris", expected: .folder)) {
        try RunFolder.create(in: folder + "/other", name: "iris")
      }
    }
  }

  @Test func `a run keeps its files under fixed names`() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder.create(in: folder + "/", name: "iris")
      try sample.write(to: run.best)
      try sample.write(to: run.last)
      try sample.write(to: run.state)
      try run.writeModel("nnc: 1\n")
      try run.writeRun(["seed": 7])
      try run.appendMetrics(["epoch": 1])
      #expect(
        try names(in: folder + "/iris/1") == [
          "best.safetensors", "last.safetensors", "metrics.jsonl", "model.yaml", "run.json",
          "state.safetensors",
        ])
      #expect(try contents(of: run.model) == Array("nnc: 1\n".utf8))
      #expect(try contents(of: run.run) == Array("{\n  \"seed\": 7\n}\n".utf8))
    }
  }

  @Test func `metrics are lines, and a half line of a stopped run is left out`() throws {
    try withTemporaryFolder { folder in
      let run = try RunFolder.create(in: folder, name: "iris")
      #expect(try run.readMetrics() == [])
      let lines: [JSONValue] = [["epoch": 1, "loss": 0.5], ["epoch": 2, "loss": 0.25]]
      for line in lines { try run.appendMetrics(line) }
      let text = "{\"epoch\":1,\"loss\":0.5}\n{\"epoch\":2,\"loss\":0.25}\n"
      #expect(try contents(of: run.metrics) == Array(text.utf8))
      #expect(try run.readMetrics() == lines)

      try put(Array((text + "{\"epo").utf8), in: run.metrics)
      #expect(try run.readMetrics() == lines)
      try run.replaceMetrics([lines[0]])
      #expect(try run.readMetrics() == [lines[0]])

      try put(Array("{}\nx\n".utf8), in: run.metrics)
      #expect(
        throws: CheckpointError.badLine(
          path: run.metrics, line: 2, reason: "unexpected 'x' at byte 0")
      ) { try run.readMetrics() }
    }
  }
}
