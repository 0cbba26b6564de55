import Foundation
import NNJSON
import Testing

/// The lock beside a model file: written, held to, trained again.
@Suite struct LockTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  @discardableResult
  private func train(_ options: String...) throws -> Program.Result {
    let result = try program.start(["train"] + options + ["flowers.yaml"], in: folder).result()
    try #require(result.code == 0, "\(result.errors)")
    return result
  }

  private func run(_ command: String, _ options: String...) throws -> Program.Result {
    try program.start([command] + options + ["flowers.yaml"], in: folder).result()
  }

  private func change(_ name: String, _ old: String, _ new: String) throws {
    let text = String(decoding: try folder.bytes(name), as: UTF8.self)
    try #require(text.contains(old), "\(text)")
    try folder.write(text.replacing(old, with: new), to: name)
  }

  private func lock() throws -> String {
    String(decoding: try folder.bytes("flowers.lock"), as: UTF8.self)
  }

  @Test func `the lock does not depend on threads, and training holds to it`() throws {
    #expect(try train("--threads", "1").errors.contains("lock: flowers.lock is new"))
    let first = try lock()
    let again = try train("--locked", "--threads", "3")
    #expect(again.errors.contains("lock: the same bytes as in flowers.lock"))
    try train("--threads", "2")
    #expect(try lock() == first)
    // Nothing of the clock, the machine or the run.
    #expect(!first.contains("runs/") && !first.contains(folder.url.path))
  }

  @Test func `an edited byte of the data is refused by name before training`() throws {
    try train()
    let first = try lock()
    try change("flowers.csv", "4.0,3.0,a", "4.1,3.0,a")
    let result = try run("train", "--locked")
    #expect(result.code == 1)
    #expect(result.errors.contains("data 'flowers.csv': "))
    #expect(!folder.exists("runs/flowers/2"))
    #expect(try lock() == first)
    // Without it, the difference is told and the lock is of what there is now.
    let told = try train("--json")
    #expect(told.errors.contains("lock: flowers.lock is updated"))
    #expect(told.errors.contains("data 'flowers.csv': "))
    let differences = try #require(try told.json["lock"]?["differences"]?.elements)
    #expect(differences.contains { $0["subject"]?.stringValue == "data 'flowers.csv'" })
    #expect(try lock() != first)
    try train("--locked")
  }

  @Test(arguments: [
    (["--set", "optimizer.adam.lr=0.02"], "optimizer.adam.lr: 1e-2 in the lock, 0.02 now"),
    (["--seed", "8"], "seed: 7 in the lock, 8 now"),
    (["--set", "seed=9"], "seed: 7 in the lock, 9 now"),
    (["--set", "optimizer.clip_norm=1"], "optimizer.clip_norm: nothing in the lock, 1 now"),
  ])
  func `a changed value is refused by its key`(_ options: [String], _ message: String) throws {
    try train()
    let first = try lock()
    let result = try program.start(
      ["train", "--locked"] + options + ["flowers.yaml"], in: folder
    ).result()
    #expect(result.code == 1)
    #expect(result.errors.contains(message), "\(result.errors)")
    // What the command line changes is not the file, whose lock it is.
    _ = try program.start(["train"] + options + ["flowers.yaml"], in: folder).result()
    #expect(try lock() == first)
  }

  @Test func `no lock is asked for by name, and left out on request`() throws {
    let result = try run("train", "--locked")
    #expect(result.code == 1)
    #expect(result.errors.contains("there is no lock 'flowers.lock'"))
    #expect(result.errors.contains("nnc train flowers.yaml makes it"))
    try train("--no-lock")
    #expect(!folder.exists("flowers.lock"))
    #expect(try run("train", "--locked", "--no-lock").code == 2)
    #expect(try run("verify").code == 1)
  }

  @Test func `verification trains again and leaves nothing behind`() throws {
    try train()
    let before = try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted()
    let result = try run("verify")
    #expect(result.code == 0)
    #expect(result.output.contains("flowers.yaml  same bytes: 5 epochs"))
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path).sorted() == before)
    #expect(!folder.exists("runs/flowers/2"))
    let json = try run("verify", "--json").json
    #expect(json["files"]?.elements?.first?["same"] == .bool(true))
  }

  @Test func `verification names the first epoch that differs, and tensors`() throws {
    try train()
    let text = try lock()
    var lines = text.components(separatedBy: "\n")
    for (key, digest) in [
      ("    3:", "0123456789abcdef"), ("    dense_2.bias:", "fedcba9876543210"),
    ] {
      let line = try #require(lines.firstIndex { $0.hasPrefix(key) })
      lines[line] = "\(key) \"\(digest)\""
    }
    try folder.write(lines.joined(separator: "\n"), to: "flowers.lock")
    let result = try run("verify")
    #expect(result.code == 1)
    #expect(result.output.contains("weights after epoch 3, which were the same after epoch 2"))
    #expect(result.output.contains("tensor 'dense_2.bias' after the last step"))
    #expect(!result.output.contains("dense_1"))
    let json = try #require(try run("verify", "--json").json["files"]?.elements?.first)
    #expect(json["first_epoch"]?.integerValue == 3)
    // Training that is held to it fails after it, and keeps its weights.
    let held = try run("train", "--locked")
    #expect(held.code == 1)
    #expect(held.errors.contains("training gave something else than 'flowers.lock' locks"))
    #expect(folder.exists("runs/flowers/2/best.safetensors"))
  }

  @Test func `verification says of another file or data that it is another`() throws {
    try train()
    try change("flowers.yaml", "units: 8", "units: 9")
    let result = try run("verify")
    #expect(result.code == 1)
    #expect(result.output.contains("model.0.dense.units: 8 in the lock, 9 now"))
  }

  @Test(arguments: [
    ("nnc: 0.1.0", "nnc: {a: *b}"), ("lock: 1", "lock: 2"), ("lock: 1", "look: 1"),
    ("every: 1", "every: -1"), ("every: 1", "every: 1\n  every: 2"),
    ("units: 8", "units: 7"), ("sha256: ", "sha256: \"\\0\" # "), ("bytes: ", "bytes: 1e99999 # "),
    ("model:", "model:\n  <<<<<<< mine"), ("epochs: 5", "epochs: 5\nextra: [[[[[[[[[[1]]]]]]]]]]"),
  ])
  func `a tampered lock is refused with a place`(_ old: String, _ new: String) throws {
    try train()
    try change("flowers.lock", old, new)
    let tampered = try lock()
    for command in [["train", "--locked"], ["verify"]] {
      let result = try program.start(command + ["flowers.yaml"], in: folder).result()
      #expect(result.code == 1)
      #expect(result.errors.contains("error["), "\(result.errors)")
      #expect(result.errors.contains("flowers.lock:"), "\(result.errors)")
    }
    #expect(try lock() == tampered)
    // Training is not lost; what was a lock is written anew, anything else stays.
    try train()
    #expect(try lock().hasPrefix("lock: 1\n") == (!new.hasPrefix("lock") && !new.hasPrefix("look")))
  }

  @Test func `a lock of megabytes, of zeros or none of ours is left alone`() throws {
    for bytes in [Data(count: 1 << 20), Data(count: 20 << 20), Data("hello: there\n".utf8)] {
      try bytes.write(to: folder.url.appending(path: "flowers.lock"))
      #expect(try run("train", "--locked").code == 1)
      let result = try train()
      #expect(result.errors.contains("so it stays as it is"))
      #expect(try folder.bytes("flowers.lock") == bytes)
    }
  }

  @Test func `where no lock can be written, training is not lost`() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "flowers.lock"), withIntermediateDirectories: true)
    let result = try train()
    #expect(result.errors.contains("warning"))
    #expect(folder.exists("runs/flowers/1/best.safetensors"))
  }

  @Test func `a run that was stopped and gone on with gives the lock of one that was not`() throws {
    let long = Workspace.model.replacing("epochs: 5", with: "epochs: 3000")
    try folder.write(long, to: "flowers.yaml")
    let run = try program.start(["train", "flowers.yaml"], in: folder)
    #expect(run.wait(60) { run.errorsSoFar.contains("epoch    2/3000") })
    run.interrupt()
    _ = try run.result()
    let wasStopped = !folder.exists("flowers.lock")
    if wasStopped { try train("--resume") }
    let resumed = try lock()
    #expect(resumed.contains("every: 30\n"))
    try train("--no-lock")
    #expect(try self.run("verify").code == 0)
    try train()
    #expect(try lock() == resumed)
  }

  @Test func `a pinned instruction set is what is computed with and locked`() throws {
    func set(_ json: JSONValue) -> String? { json["provenance"]?["nnc.isa"]?.stringValue }
    try train()
    let best = "runs/flowers/1/best.safetensors"
    let own = set(try program.run("provenance", "--json", best, in: folder).json)
    // Without AVX2 there is nothing to pin.
    guard own == "avx512" || own == "avx2" else { return }
    try change("flowers.yaml", "batch: 4", "batch: 4, isa: avx2")
    try train()
    #expect(try lock().contains("instruction_set: avx2\n"))
    let pinned = try program.run(
      "provenance", "--json", "runs/flowers/2/best.safetensors", in: folder)
    #expect(set(try pinned.json) == "avx2")
    #expect(try self.run("verify").code == 0)
    try train("--locked", "--threads", "3")
  }

  @Test func `a run that was changed in its course gives no lock`() throws {
    try folder.write(
      Workspace.model.replacing("epochs: 5", with: "epochs: 200000"), to: "flowers.yaml")
    let run = try program.start(["train", "flowers.yaml"], in: folder)
    #expect(run.wait(60) { run.errorsSoFar.contains("epoch      2/") })
    run.interrupt()
    #expect(try run.result().code == 130)
    // Another length; then the file says so too, and is the run's.
    try change("flowers.yaml", "epochs: 200000", "epochs: 100")
    let refused = try self.run("train", "--resume")
    #expect(refused.code == 1)
    let resumed = try self.run("train", "--resume", "--set", "train.epochs=100")
    #expect(resumed.code == 0, "\(resumed.errors)")
    #expect(!folder.exists("flowers.lock"))
  }
}
