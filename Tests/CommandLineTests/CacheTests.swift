import Foundation
import NNJSON
import Testing

/// Prepared samples that are kept: taken where nothing differs, never where anything does.
@Suite struct CacheTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
    try folder.write(
      Workspace.model.replacing("data:\n", with: "data:\n  cache: true\n"), to: "kept.yaml")
  }

  private var environment: [String: String] { ["NNC_CACHE": folder.url.path + "/cache"] }

  private func train(_ file: String = "kept.yaml") throws -> JSONValue {
    let result = try program.run("train", "--json", file, in: folder, environment: environment)
    try #require(result.code == 0, "\(result.errors)")
    return try result.json
  }

  private func entries() throws -> [JSONValue] {
    let result = try program.run("cache", "list", "--json", in: folder, environment: environment)
    return try #require(try result.json["entries"]?.elements)
  }

  private func keys() throws -> [String] { try entries().compactMap { $0["key"]?.stringValue } }

  @Test func `what is kept gives the same weights`() throws {
    let first = try train()
    #expect(try keys().count == 1)
    let second = try train()
    #expect(try keys().count == 1)
    #expect(first["digest"] == second["digest"])
    #expect(first["metrics"] == second["metrics"])
    let entry = try #require(try entries().first)
    #expect(entry["title"]?.stringValue == "flowers")
    #expect(entry["samples"]?.integerValue == 24)
  }

  @Test func `random transforms are drawn anew from what is kept`() throws {
    let header = (0..<16).map { "p\($0)" }.joined(separator: ",") + ",kind\n"
    let rows = (0..<30).map { row in
      (0..<16).map { "\((row * 31 + $0 * 7) % 255)" }.joined(separator: ",") + ",\(row % 2)\n"
    }
    try folder.write(header + rows.joined(), to: "images.csv")
    try folder.write(
      """
      nnc: 1
      name: images
      data:
        source: images.csv
        cache: true
        split: {train: 0.8, validation: 0.2}
        inputs: {image: {columns: p*, shape: [4, 4], transforms: [flip, {shift: 0.25}]}}
        targets: {kind: {column: kind, type: category}}
      model: [flatten, {dense: kind}]
      loss: cross_entropy
      optimizer: {sgd: 0.01}
      train: {epochs: 3, batch: 5}
      """, to: "images.yaml")
    let first = try train("images.yaml")
    let again = try train("images.yaml")
    #expect(try keys().count == 1)
    #expect(first["digest"] == again["digest"])
  }

  @Test func `whatever differs is prepared anew`() throws {
    _ = try train()
    let changes = [
      ("scale: standard", "scale: min_max"), ("seed: 7", "seed: 8"),
      ("train: 0.5, validation: 0.25, test: 0.25", "train: 0.75, validation: 0.25"),
      ("type: category}", "type: category, missing: drop}"),
    ]
    for (place, (old, new)) in changes.enumerated() {
      let text = String(decoding: try folder.bytes("kept.yaml"), as: UTF8.self)
      try #require(text.contains(old))
      try folder.write(text.replacing(old, with: new), to: "changed.yaml")
      _ = try train("changed.yaml")
      #expect(try keys().count == 2 + place)
    }
    // What does not change the samples: the network, the memory they may take.
    let text = String(decoding: try folder.bytes("kept.yaml"), as: UTF8.self)
    try folder.write(
      text.replacing("units: 8", with: "units: 9").replacing(
        "cache: true", with: "cache: true\n  memory: 2 GB"), to: "changed.yaml")
    _ = try train("changed.yaml")
    #expect(try keys().count == 1 + changes.count)
    // A byte of the data.
    let rows = String(decoding: try folder.bytes("flowers.csv"), as: UTF8.self)
    try folder.write(rows.replacing("4.0,3.0,a", with: "4.1,3.0,a"), to: "flowers.csv")
    _ = try train()
    #expect(try keys().count == 2 + changes.count)
  }

  @Test(arguments: ["train.samples", "train.rows", "about.json", "test.samples"])
  func `an entry that is not whole is not taken`(_ file: String) throws {
    let first = try train()
    let key = try #require(try keys().first)
    let bytes = try folder.bytes("cache/\(key)/\(file)")
    try Data(bytes.dropLast(3)).write(to: folder.url.appending(path: "cache/\(key)/\(file)"))
    let second = try train()
    #expect(first["digest"] == second["digest"])
  }

  @Test func `the list is for people too, and clearing empties it`() throws {
    _ = try train()
    let list = try program.run("cache", in: folder, environment: environment)
    #expect(list.code == 0)
    #expect(list.output.contains("flowers"))
    let unknown = try program.run("cache", "clear", "xyz", in: folder, environment: environment)
    #expect(unknown.code == 1)
    #expect(unknown.errors.contains("nothing is kept under 'xyz'"))
    // What a process left behind that is no more.
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "cache/making-2000000000-abc"),
      withIntermediateDirectories: true)
    try folder.write("half", to: "cache/making-2000000000-abc/train.samples")
    let cleared = try program.run("cache", "clear", in: folder, environment: environment)
    #expect(cleared.code == 0)
    #expect(!folder.exists("cache/making-2000000000-abc"))
    #expect(try keys().isEmpty)
  }

  @Test func `where nothing can be kept, training goes on`() throws {
    try folder.write("", to: "file")
    let result = try program.run(
      "train", "--json", "kept.yaml", in: folder,
      environment: ["NNC_CACHE": folder.url.path + "/file/cache"])
    #expect(result.code == 0)
    #expect(result.errors.contains("warning[not-cached]"))
  }
}
