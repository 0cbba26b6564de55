import Foundation
import Testing

/// Files that are not what they should be, in whatever way: a message, an exit code, no wait.
@Suite struct HostileFileTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  private func expectRefused(
    _ arguments: [String], _ words: String, code: Int32 = 1
  ) throws {
    let start = ContinuousClock.now
    let result = try program.start(arguments, in: folder).result()
    #expect(result.code == code, "\(arguments)")
    #expect(result.errors.contains(words), "\(result.errors)")
    #expect(ContinuousClock.now - start < .seconds(20), "\(arguments)")
  }

  // MARK: Model files

  @Test(arguments: ["check", "show", "train", "verify"])
  func `a model file without an end is refused by its size`(_ command: String) throws {
    let words = command == "verify" ? "there is no lock" : "larger than 16777216 bytes"
    try expectRefused([command, "/dev/zero"], words)
  }

  @Test func `a scalar of a gigabyte is refused before it is read`() throws {
    try folder.write("nnc: 1\nname: ", to: "huge.yaml")
    let file = try FileHandle(forWritingTo: folder.url.appending(path: "huge.yaml"))
    try file.truncate(atOffset: 1 << 30)
    try file.close()
    try expectRefused(["check", "huge.yaml"], "larger than 16777216 bytes")
  }

  @Test func `a file that extends itself is refused, as extends is not there yet`() throws {
    try folder.write(Workspace.model + "extends: loop.yaml\n", to: "loop.yaml")
    try expectRefused(["check", "loop.yaml"], "extends")
  }

  // MARK: Checkpoints

  @Test(arguments: ["evaluate", "inspect", "predict"])
  func `a checkpoint that was changed is refused`(_ command: String) throws {
    try #require(try program.run("train", "flowers.yaml", in: folder).code == 0)
    let path = "runs/flowers/1/best.safetensors"
    var bytes = try folder.bytes(path)
    bytes[bytes.count - 3] ^= 4
    try bytes.write(to: folder.url.appending(path: "changed.safetensors"))
    let data = command == "predict" ? ["flowers.csv"] : []
    try expectRefused([command, "changed.safetensors"] + data, "is not as nnc wrote it")
    try expectRefused(
      [command, "/dev/zero"] + data, "'/dev/zero' is not a regular file; give the path of a file")
  }

  /// A file is read as memory, and the system ends who reads on where there is none any more.
  @Test func `a checkpoint that is cut short while it is read is told`() throws {
    let digest = String(repeating: "0", count: 64)
    let header =
      "{\"__metadata__\":{\"nnc.digest.content\":\"\(digest)\",\"nnc.format\":\"1\"},"
      + "\"w\":{\"dtype\":\"F32\",\"shape\":[1073741824],\"data_offsets\":[0,4294967296]}}"
    try folder.write(String(repeating: "\0", count: 8) + header, to: "cut.safetensors")
    let file = try FileHandle(forUpdating: folder.url.appending(path: "cut.safetensors"))
    try file.write(contentsOf: [UInt8(header.utf8.count)])
    // Zeros that take no place on the disk, but a second or two to be digested.
    try file.truncate(atOffset: UInt64(8 + header.utf8.count) + 1 << 32)
    let run = try program.start(["inspect", "cut.safetensors"], in: folder)
    let maps = "/proc/\(run.process.processIdentifier)/maps"
    let isMapped = run.wait(60) {
      (try? String(contentsOfFile: maps, encoding: .utf8))?.contains("cut.safetensors") ?? false
    }
    #expect(isMapped)
    try file.truncate(atOffset: 4096)
    let result = try run.result()
    #expect(result.code == 1)
    #expect(result.errors.contains("became shorter while it was read"), "\(result.errors)")
  }

  @Test func `a run whose state was changed begins anew`() throws {
    try folder.write(
      Workspace.model.replacing("epochs: 5", with: "epochs: 200000"), to: "long.yaml")
    let run = try program.start(["train", "long.yaml"], in: folder)
    #expect(run.wait(60) { folder.exists("runs/flowers/1/metrics.jsonl") })
    run.interrupt()
    try #require(try run.result().code == 130)
    let path = folder.url.appending(path: "runs/flowers/1/state.safetensors")
    var bytes = try Data(contentsOf: path)
    bytes[bytes.count - 1] ^= 1
    try bytes.write(to: path)
    try expectRefused(["train", "--resume", "long.yaml"], "Begin anew, without --resume.")
  }
}
