import Foundation
import NNJSON
import Testing

/// What `nnc data` tells, what `nnc init` writes, and folds.
@Suite struct DataLookTests {
  private let program: Program
  private let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  private static let root = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  private static func names(in folder: String, ending: String) throws -> [String] {
    try FileManager.default.contentsOfDirectory(atPath: root.appending(path: folder).path)
      .filter { $0.hasSuffix(ending) }.map { String($0.dropLast(ending.count)) }.sorted()
  }

  // MARK: data

  /// `NNC_BLESS=1` records it again.
  @Test(arguments: try DataLookTests.names(in: "models", ending: ".yaml"))
  func `the data of a model looks as recorded in Golden`(_ name: String) throws {
    let model = DataLookTests.root.appending(path: "models/\(name).yaml").path
    let golden = DataLookTests.root.appending(path: "Tests/Golden/data/\(name).txt")
    let result = try program.run("data", model, in: folder)
    #expect(result.code == 0, "\(result.errors)")
    if ProcessInfo.processInfo.environment["NNC_BLESS"] == "1" {
      try FileManager.default.createDirectory(
        at: golden.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(result.output.utf8).write(to: golden)
    }
    #expect(result.output == (try String(contentsOf: golden, encoding: .utf8)))
  }

  @Test func `images are drawn into a new file, never over one`() throws {
    let model = DataLookTests.root.appending(path: "models/photos.yaml").path
    let result = try program.run("data", "--sheet", "sheet.png", model, in: folder)
    #expect(result.code == 0 && result.errors == "wrote 96 pictures to sheet.png\n")
    let png = try folder.bytes("sheet.png")
    #expect(png.starts(with: [0x89, 0x50, 0x4E, 0x47]))
    let again = try program.run("data", "--json", "--sheet", "sheet.png", model, in: folder)
    #expect(again.code == 1 && again.output == "")
    #expect(again.errors.hasPrefix("error: 'sheet.png' cannot be written: File exists\n"))
    #expect(try folder.bytes("sheet.png") == png)
    let none = try program.run("data", "--sheet", "other.png", "flowers.yaml", in: folder)
    #expect(none.code == 1 && !folder.exists("other.png"))
  }

  @Test func `an epoch's rows are told where rare classes are taken several times`() throws {
    try folder.write(
      Workspace.model
        .replacing(
          "train: 0.5, validation: 0.25, test: 0.25, stratify: species}",
          with: "train: 0.45, validation: 0.25, test: 0.3, shuffle: false}"
        )
        .replacing("train: {", with: "train: {oversample: species, "), to: "even.yaml")
    let result = try program.run("data", "even.yaml", in: folder)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("An epoch takes 12 rows, all classes of species equally often"))
    let json = try program.run("data", "--json", "even.yaml", in: folder).json
    #expect(json["epoch"]?["rows"]?.integerValue == 12)
    let show = try program.run("show", "--no-time", "even.yaml", in: folder)
    #expect(show.output.hasSuffix("An epoch takes 12 rows, all classes of species equally often\n"))
    let summary = try program.run("show", "--no-time", "--json", "even.yaml", in: folder).json
    #expect(summary["epoch_rows"]?.integerValue == 12)
    let train = try program.run("train", "even.yaml", in: folder)
    #expect(train.errors.contains("note: an epoch takes 12 rows, all classes of species equally"))
  }

  /// A table in which everything is wrong that is looked for.
  private func suspicious() throws {
    var rows = "id,price,grade,always,copy,length,species\n"
    for index in 0..<40 {
      let kind = ["a", "b", "c"][index % 3]
      // Rows repeat in another part, but for their number.
      rows +=
        "\(index + 1),\(index % 3 * 7 + 1),g\(index % 5),1,\(kind)\(kind),\(index % 10).5,\(kind)\n"
    }
    try folder.write(rows, to: "bad.csv")
  }

  @Test(arguments: [
    ("id: {columns: [id]}", "identifier", "'id'"),
    ("copy: {column: copy, type: category}", "copied-target", "'copy'"),
    ("price: {columns: [price]}", "copied-target", "'price'"),
    ("always: {columns: [always, length]}", "constant-column", "'always'"),
    ("length: {columns: [length]}", "leak", "row"),
  ])
  func `what is suspicious is told`(_ input: String, _ code: String, _ words: String) throws {
    try suspicious()
    try folder.write(
      """
      nnc: 1
      data:
        source: bad.csv
        split: {train: 0.5, test: 0.5}
        inputs:
          \(input)
        targets:
          species: {column: species, type: category}
      model: [dense: species]
      loss: cross_entropy
      optimizer: {sgd: 0.1}
      train: {epochs: 1}
      """, to: "bad.yaml")
    let document = try program.run("data", "--json", "bad.yaml", in: folder).json
    let concerns = document["concerns"]?.elements ?? []
    let found = concerns.first { $0["code"]?.stringValue == code }
    #expect(found?["message"]?.stringValue?.contains(words) == true, "\(concerns)")
    #expect(try program.run("data", "bad.yaml", in: folder).output.contains("look[\(code)]"))
  }

  @Test func `an honest table raises no concern`() throws {
    let document = try program.run("data", "--json", "flowers.yaml", in: folder).json
    #expect(document["concerns"]?.elements?.isEmpty == true)
    let columns = document["sources"]?.elements?.first?["columns"]?.elements ?? []
    #expect(columns.compactMap { $0["name"]?.stringValue } == ["length", "width", "species"])
    #expect(columns.last?["distinct"]?.integerValue == 3)
  }

  @Test func `only what matters to the data is told`() throws {
    try folder.write("nnc: 1\nmodel: [dense: y]\n", to: "none.yaml")
    let none = try program.run("data", "none.yaml", in: folder)
    #expect(none.code == 1 && none.errors.contains("the file has no 'data'"))
    #expect(none.errors.contains("1 error in 1 file"))
    try folder.write(
      Workspace.model.replacing("seed: 7", with: "seed: -7").replacing("loss:", with: "lsos:"),
      to: "seed.yaml")
    let seed = try program.run("data", "seed.yaml", in: folder)
    #expect(seed.code == 1 && seed.errors.contains("-7 is out of range"))
    #expect(!seed.errors.contains("lsos"))
    #expect(try program.run("data", "--seed=-1", "flowers.yaml", in: folder).code == 2)
    #expect(try program.run("train", "--fold", "0", "flowers.yaml", in: folder).code == 2)
  }

  @Test func `data that cannot be read is told as check tells it`() throws {
    try folder.write(Workspace.model.replacing("flowers.csv", with: "flwers.csv"), to: "bad.yaml")
    let result = try program.run("data", "bad.yaml", in: folder)
    #expect(result.code == 1 && result.output.isEmpty)
    #expect(result.errors.contains("error[file-not-found]"))
  }

  // MARK: init

  @Test(arguments: [
    ("breast-cancer.csv", "diagnosis"), ("diabetes.csv", "progression"), ("iris.csv", "species"),
    ("party.csv", "party"), ("wine.csv", "cultivar"), ("digits.csv.gz", "digit"),
    ("sunspots.csv", "sunspots"),
  ])
  func `what init makes of a table can be trained as it is`(
    _ table: String, _ target: String
  ) throws {
    let data = DataLookTests.root.appending(path: "datasets/\(table)").path
    let made = try program.run(
      "init", "made.yaml", "--from", data, "--target", target, in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let check = try program.run("check", "made.yaml", in: folder)
    #expect(check.code == 0, "\(check.errors)")
    let text = try String(decoding: folder.bytes("made.yaml"), as: UTF8.self)
    try folder.write(text.replacing(/epochs: \d+/, with: "epochs: 2"), to: "made.yaml")
    let result = try program.run("train", "made.yaml", in: folder)
    #expect(result.code == 0, "\(result.errors)")
  }

  @Test func `columns of all kinds find their place`() throws {
    var rows = "id,age,town,note,always,label\n"
    for index in 0..<60 {
      let age = index % 7 == 0 ? "" : "\(20 + index % 13)"
      let town = ["Ulm", "Graz", "Bern: west", "\"a, b\""][index % 4]
      rows += "n\(index),\(age),\(town),text \(index / 2),x,\(index % 2 == 0 ? "yes" : "no")\n"
    }
    try folder.write(rows, to: "people.csv")
    let made = try program.run("init", "--from", "people.csv", "--target", "label", in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let text = try String(decoding: folder.bytes("people.yaml"), as: UTF8.self)
    #expect(text.contains("columns: [age], scale: standard, missing: median"))
    #expect(text.contains("town: {column: town, type: category}"))
    for left in ["id", "note", "always"] { #expect(text.contains("# Left out: \(left),")) }
    let check = try program.run("check", "people.yaml", in: folder)
    #expect(check.code == 0, "\(check.errors)")
  }

  @Test func `the network to play with learns its rows`() throws {
    #expect(try program.run("init", in: folder).code == 0)
    let result = try program.run("train", "--json", "model.yaml", in: folder)
    #expect(result.code == 0, "\(result.errors)")
    #expect(
      try result.json["metrics"]?["train"]?["accuracy"]?.doubleValue == 1)
  }

  @Test func `init overwrites nothing and names what it lacks`() throws {
    let before = try folder.bytes("flowers.yaml")
    let same = try program.run(
      "init", "--from", "flowers.csv", "--target", "species", in: folder)
    #expect(same.code == 1 && same.errors.contains("flowers.yaml"))
    #expect(try folder.bytes("flowers.yaml") == before)
    let misspelt = try program.run(
      "init", "x.yaml", "--from", "flowers.csv", "--target", "specis", in: folder)
    #expect(misspelt.code == 1 && misspelt.errors.contains("did you mean 'species'?"))
    let without = try program.run("init", "x.yaml", "--from", "flowers.csv", in: folder)
    #expect(without.code == 1 && without.errors.contains("--target"))
    #expect(!folder.exists("x.yaml"))
  }

  @Test func `each fold validates on rows of its own`() throws {
    try folder.write(
      Workspace.model.replacing(
        /split: .*/, with: "split: {train: 1, folds: 4, stratify: species}"),
      to: "folds.yaml")
    var validated: [String] = []
    for fold in 1...4 {
      let result = try program.run("train", "--fold", "\(fold)", "folds.yaml", in: folder)
      try #require(result.code == 0, "\(result.errors)")
      let split = try String(
        decoding: folder.bytes("runs/flowers/\(fold)/split.csv"), as: UTF8.self)
      validated += split.split(separator: "\n").filter { $0.hasSuffix(",validation") }
        .map { String($0.prefix { $0 != "," }) }
    }
    #expect(validated.count == 24 && Set(validated).count == 24)
    // All in turn, with another number of them than the file has.
    let all = try program.run("train", "--json", "--folds", "3", "folds.yaml", in: folder)
    try #require(all.code == 0, "\(all.errors)")
    let document = try all.json
    let losses = (document["folds"]?.elements ?? []).compactMap {
      $0["metrics"]?["validation"]?["loss"]?.doubleValue
    }
    #expect(losses.count == 3)
    let mean = try #require(document["mean"]?["validation"]?["loss"]?.doubleValue)
    #expect(abs(mean - losses.reduce(0, +) / 3) < 1e-12)
    let squares = losses.reduce(0) { $0 + ($1 - mean) * ($1 - mean) }
    let deviation = try #require(document["deviation"]?["validation"]?["loss"]?.doubleValue)
    #expect(abs(deviation - (squares / 2).squareRoot()) < 1e-12)
    let table = try program.run("train", "--folds", "2", "folds.yaml", in: folder)
    #expect(table.output.contains("deviation"))
    let wrongs = [
      ["--folds", "1"], ["--folds", "2", "--fold", "3"], ["--folds", "2", "--resume"],
    ]
    for wrong in wrongs {
      #expect(
        try program.start(["train"] + wrong + ["folds.yaml"], in: folder).result().code == 2)
    }
    let beyond = try program.run("train", "--fold", "5", "folds.yaml", in: folder)
    #expect(beyond.code == 1 && beyond.errors.contains("fold"))
  }

  @Test func `a model file in another folder finds its data`() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "deep/er"), withIntermediateDirectories: true)
    let made = try program.run(
      "init", "deep/er/f.yaml", "--from", "flowers.csv", "--target", "species", in: folder)
    try #require(made.code == 0, "\(made.errors)")
    #expect(try program.run("check", "deep/er/f.yaml", in: folder).code == 0)
  }
}
