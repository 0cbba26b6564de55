import Foundation
import NNJSON
import Testing

/// Runs that were stopped and go on give the bytes of runs that were not.
@Suite struct ResumeTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  private static let files = [
    "best.safetensors", "last.safetensors", "state.safetensors", "metrics.jsonl", "model.yaml",
    "split.csv",
  ]

  private func contents(_ run: String) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for file in Self.files { found[file] = try folder.bytes("\(run)/\(file)") }
    return found
  }

  /// Expects two runs to have left the same.
  private func expectSame(_ run: String, _ expected: [String: Data], _ comment: String) throws {
    for (file, bytes) in try contents(run) {
      #expect(bytes == expected[file], "\(file): \(comment)")
    }
  }

  private func train(_ arguments: [String], in folder: Workspace? = nil) throws -> Program.Result {
    try program.start(["train"] + arguments, in: folder ?? self.folder).result()
  }

  // MARK: Many models

  /// How many are drawn; `NNC_DRAWN=300 make test` draws more.
  private static let drawn: ClosedRange<Int> = {
    let wanted = ProcessInfo.processInfo.environment["NNC_DRAWN"].flatMap { Int($0) }
    return 1...max(wanted ?? 20, 1)
  }()

  @Test(arguments: drawn)
  func `killed at any moment and on any number of threads, the bytes are the same`(
    _ seed: Int
  ) throws {
    let model = DrawnModel(seed: seed, epochs: 700)
    let folder = try Workspace()
    try folder.write(DrawnModel.table, to: "drawn.csv")
    try folder.write(model.text, to: "drawn.yaml")
    let start = ContinuousClock.now
    let whole = try train(["drawn.yaml", "--threads", "2"], in: folder)
    if model.usesBFloat16, whole.errors.contains("unsupported-precision") { return }
    try #require(whole.code == 0, "\(whole.errors)\n\(model.text)")
    let seconds = (ContinuousClock.now - start) / .seconds(1)
    let expected = try ResumeTests.contents("runs/drawn/1", folder)
    // On other numbers of threads.
    for (place, threads) in [1, 3, 8].enumerated() {
      let again = try train(["drawn.yaml", "--threads", "\(threads)"], in: folder)
      try #require(again.code == 0, "\(again.errors)")
      #expect(
        try ResumeTests.contents("runs/drawn/\(place + 2)", folder) == expected,
        "\(threads) threads\n\(model.text)")
    }
    // Killed up to three times, and gone on with.
    var draw = Draw(seed: UInt64(seed) &+ 1000)
    var arguments = ["drawn.yaml", "--threads", "\(1 + draw.below(3))"]
    var kills = 0
    while true {
      let run = try program.start(["train"] + arguments, in: folder)
      if kills < 3 {
        let moment = ContinuousClock.now + .seconds(seconds * (0.05 + 0.9 * draw.share()))
        _ = run.wait(seconds * 2 + 1) { ContinuousClock.now >= moment }
        if draw.below(3) == 0 {
          run.interrupt()
        } else {
          kill(run.process.processIdentifier, SIGKILL)
        }
        kills += 1
      }
      let result = try run.result()
      if result.code == 0 || result.errors.contains("is complete") { break }
      try #require([130, -1].contains(result.code), "\(result.errors)\n\(model.text)")
      let hasBegun = folder.exists("runs/drawn/5/model.yaml")
      arguments =
        ["drawn.yaml", "--threads", "\(1 + draw.below(3))"] + (hasBegun ? ["--resume"] : [])
      // A folder that was made and nothing more is no run to go on with.
      if !hasBegun {
        try? FileManager.default.removeItem(at: folder.url.appending(path: "runs/drawn/5"))
      }
    }
    let found = try ResumeTests.contents("runs/drawn/5", folder)
    for file in Self.files { #expect(found[file] == expected[file], "\(file)\n\(model.text)") }
  }

  private static func contents(_ run: String, _ folder: Workspace) throws -> [String: Data] {
    var found: [String: Data] = [:]
    for file in files { found[file] = try folder.bytes("\(run)/\(file)") }
    return found
  }

  // MARK: What is refused

  /// A run that was interrupted in the middle.
  private func interrupt() throws {
    try folder.write(
      Workspace.model.replacing("epochs: 5", with: "epochs: 200000, log_every: 100"),
      to: "long.yaml")
    let run = try program.start(["train", "long.yaml"], in: folder)
    #expect(run.wait(60) { folder.exists("runs/flowers/1/metrics.jsonl") })
    run.interrupt()
    let result = try run.result()
    #expect(result.code == 130)
    #expect(result.errors.contains("train --resume long.yaml"))
  }

  @Test func `an interruption in the middle of an epoch loses nothing`() throws {
    let text = Workspace.model.replacing("epochs: 5", with: "epochs: 4000, log_every: 7")
    try folder.write(text, to: "long.yaml")
    try #require(try train(["long.yaml"]).code == 0)
    let expected = try contents("runs/flowers/1")
    var arguments = ["long.yaml"]
    for _ in 0..<20 {
      let run = try program.start(["train"] + arguments, in: folder)
      Thread.sleep(forTimeInterval: 0.04)
      run.interrupt()
      let result = try run.result()
      if result.code == 0 { break }
      // Before it listens to interruptions, one ends it as any program.
      if result.code == 130 || folder.exists("runs/flowers/2/model.yaml") {
        arguments = ["long.yaml", "--resume"]
      }
    }
    if arguments.count > 1 { _ = try train(arguments) }
    try expectSame("runs/flowers/2", expected, "interrupted")
  }

  @Test func `what the file says differently is refused by name, or accepted by name`() throws {
    try interrupt()
    let text = String(decoding: try folder.bytes("long.yaml"), as: UTF8.self)
    try folder.write(text.replacing("lr: 1e-2", with: "lr: 5e-3"), to: "long.yaml")
    let before = try contents("runs/flowers/1")
    let refused = try train(["long.yaml", "--resume"])
    #expect(refused.code == 1)
    #expect(refused.errors.contains("optimizer.adam.lr: 1e-2 in the run, 5e-3 in the file"))
    #expect(refused.errors.contains("--set 'optimizer.adam.lr=5e-3' --resume"))
    #expect(try contents("runs/flowers/1") == before)
    // A shorter training, so that it ends.
    let step = try #require(
      try JSONValue.parse(
        Array(folder.bytes("runs/flowers/1/metrics.jsonl").split(separator: 10).last ?? []))[
          "epoch"]?
        .integerValue)
    let accepted = try train([
      "long.yaml", "--resume", "--set", "optimizer.adam.lr=5e-3", "--set",
      "train.epochs=\(step + 3000)",
    ])
    #expect(accepted.code == 0, "\(accepted.errors)")
    #expect(accepted.errors.contains("note: optimizer.adam.lr is not what the run was begun with"))
    let recorded = String(decoding: try folder.bytes("runs/flowers/1/model.yaml"), as: UTF8.self)
    #expect(recorded.contains("lr: 5e-3"))
    #expect(recorded.contains("epochs: \(step + 3000)"))
    let complete = try train(["long.yaml", "--resume"])
    #expect(complete.code == 1)
    #expect(complete.errors.contains("is complete"))
  }

  @Test func `data that changed is refused by name`() throws {
    try interrupt()
    let rows = String(decoding: try folder.bytes("flowers.csv"), as: UTF8.self)
    try folder.write(rows.replacing("4.0,3.0,a", with: "4.1,3.0,a"), to: "flowers.csv")
    let result = try train(["long.yaml", "--resume"])
    #expect(result.code == 1)
    #expect(result.errors.contains("'flowers.csv' is not what the run"))
    #expect(!result.errors.contains("going on"))
  }

  @Test func `where there is nothing to go on with, it says so`() throws {
    let none = try train(["flowers.yaml", "--resume"])
    #expect(none.code == 1)
    #expect(none.errors.contains("there is no run of 'flowers'"))
    try interrupt()
    try Data("broken".utf8).write(
      to: folder.url.appending(path: "runs/flowers/1/state.safetensors"))
    let broken = try train(["long.yaml", "--resume"])
    #expect(broken.code == 1)
    #expect(broken.errors.contains("Begin anew, without --resume."))
  }

  @Test func `two processes do not write into one run`() throws {
    try interrupt()
    let first = try program.start(["train", "long.yaml", "--resume"], in: folder)
    #expect(first.wait(60) { first.errorsSoFar.contains("going on") })
    let second = try train(["long.yaml", "--resume"])
    #expect(second.code == 1)
    #expect(second.errors.contains("another process writes into"))
    first.interrupt()
    #expect(try first.result().code == 130)
  }

  // MARK: Settings

  @Test func `a setting is checked as the file is, and recorded`() throws {
    let result = try train([
      "flowers.yaml", "--set", "optimizer.adam.lr=3e-3", "--set", "model.0.dense.units=5",
      "--set", "train={epochs: 2, batch: 8}",
    ])
    #expect(result.code == 0, "\(result.errors)")
    let recorded = String(decoding: try folder.bytes("runs/flowers/1/model.yaml"), as: UTF8.self)
    for text in ["lr: 3e-3", "units: 5", "batch: 8"] { #expect(recorded.contains(text), "\(text)") }
    let wrong = try train(["flowers.yaml", "--set", "optimizer.adam.lrr=3e-3"])
    #expect(wrong.code == 1)
    #expect(wrong.errors.contains("error[unknown-field]: 'adam' has no field 'lrr'"))
    let place = try train(["flowers.yaml", "--set", "model.7.dense=3"])
    #expect(place.code == 1)
    #expect(place.errors.contains("error[bad-setting]: 'model' is a list of 2"))
    #expect(place.errors.contains("flowers.yaml:12:3"))
    for text in ["epochs", "=3", "train..epochs=3", "train.epochs=["] {
      #expect(try train(["flowers.yaml", "--set", text]).code == 2, "\(text)")
    }
  }
}
