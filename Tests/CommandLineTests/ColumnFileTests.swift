import Foundation
import NNJSON
import Testing

/// `nnc evaluate` on arrays in files of their own, and `nnc predict` on compressed standard input.
@Suite struct ColumnFileTests {
  private let program: Program
  private let folder: Workspace
  private let checkpoint = "runs/arrays/1"

  init() throws {
    program = try Program()
    folder = try Workspace()
    let images = (0..<40 * 4).map { UInt8(truncatingIfNeeded: $0 * $0 * 31 + $0 / 4 * 3) }
    try write([0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 2, 0, 0, 0, 2] + images, to: "images.idx")
    try write([0, 0, 8, 1, 0, 0, 0, 40] + (0..<40).map { $0 % 3 }, to: "labels-ubyte")
    try write([0, 0, 8, 1, 0, 0, 0, 2, 0, 1], to: "few-ubyte")
    let model = """
      nnc: 1
      name: arrays
      data:
        source: {idx: {columns: {image: images.idx, label: labels-ubyte}}}
        inputs: {image: {column: image, type: image}}
        targets: {label: {column: label, type: category}}
      model: [flatten, {dense: label}]
      loss: cross_entropy
      optimizer: {adam: 0.01}
      train: {epochs: 3}
      metrics: [accuracy]
      """
    try folder.write(model, to: "arrays.yaml")
    let result = try program.run("train", "arrays.yaml", in: folder)
    try #require(result.code == 0, "\(result.errors)")
  }

  private func write(_ bytes: [UInt8], to name: String) throws {
    try Data(bytes).write(to: folder.url.appending(path: name))
  }

  @Test func `a file for each column is evaluated as the source of them is`() throws {
    let split = try program.run(
      "evaluate", "--json", "--split", "train", checkpoint, in: folder)
    let files = try program.run(
      "evaluate", "--json", "--data", "image=images.idx", "--data", "label=labels-ubyte",
      checkpoint,
      in: folder)
    #expect(split.code == 0 && files.code == 0, "\(files.errors)")
    #expect(try files.json["metrics"] == split.json["metrics"])
    #expect(try files.json["data"]?.stringValue == "image=images.idx label=labels-ubyte")
  }

  @Test(
    arguments: [
      (["image=images.idx", "labels-ubyte"], "'labels-ubyte' does not say which"),
      (["image=images.idx", "label=few-ubyte"], "'few-ubyte' has 2 rows, 'images.idx' has 40"),
      (["image=images.idx", "label=flowers.csv"], "'flowers.csv' is not one column"),
      (["image=images.idx"], "has no column 'label'"),
      (["image=nowhere.idx", "label=few-ubyte"], "there is no file 'nowhere.idx'"),
    ] as [([String], String)])
  func `what does not belong together is told`(_ files: [String], _ message: String) throws {
    let result = try program.start(
      ["evaluate"] + files.flatMap { ["--data", $0] } + [checkpoint], in: folder
    ).result()
    #expect(result.code == 1 && result.output == "")
    #expect(result.errors.contains(message), "\(result.errors)")
  }
}
