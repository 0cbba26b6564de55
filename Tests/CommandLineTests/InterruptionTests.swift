import Foundation
import Testing

/// A first Ctrl-C ends the step and saves, a second one ends at once.
@Suite struct InterruptionTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  @Test func `the first interruption saves, says what is there and ends with 130`() throws {
    try folder.write(
      Workspace.model.replacing("epochs: 5", with: "epochs: 1000000000"), to: "long.yaml")
    let run = try program.start(["train", "long.yaml"], in: folder)
    #expect(run.wait(60) { run.errorsSoFar.contains("epoch ") })
    run.interrupt()
    let result = try run.result()
    #expect(result.code == 130)
    #expect(folder.exists("runs/flowers/1/last.safetensors"))
    #expect(folder.exists("runs/flowers/1/best.safetensors"))
    #expect(result.errors.contains("interrupted"))
    #expect(result.errors.contains("runs/flowers/1/last.safetensors"))
    let evaluation = try program.run(
      "evaluate", "--json", "runs/flowers/1/last.safetensors", in: folder)
    #expect(evaluation.code == 0)
  }

  @Test func `the second interruption ends at once`() throws {
    // A step of some seconds, which nobody waits for.
    var rows = "a,b,y\n"
    for index in 0..<4096 { rows += "\(index % 17),\(index % 13),\(index % 5)\n" }
    try folder.write(rows, to: "rows.csv")
    try folder.write(
      """
      nnc: 1
      name: heavy
      data:
        source: rows.csv
        inputs: {x: [a, b]}
        targets: {y: y}
      model:
        - dense: {units: 2048, activation: tanh}
        - repeat: 12
          layers: [{dense: {units: 2048, activation: tanh}}]
        - dense: y
      loss: mse
      optimizer: {sgd: 1e-6}
      train: {epochs: 100, batch: 4096}

      """, to: "heavy.yaml")
    let run = try program.start(["train", "heavy.yaml"], in: folder)
    #expect(run.wait(120) { run.errorsSoFar.contains("heavy: ") })
    run.interrupt()
    Thread.sleep(forTimeInterval: 0.05)
    run.interrupt()
    let result = try run.result()
    #expect(result.code == 130)
    #expect(!folder.exists("runs/heavy/1/last.safetensors"))
  }
}
