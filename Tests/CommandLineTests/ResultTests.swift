import Foundation
import NNJSON
import Testing

/// What the commands print: one JSON document, CSV, JSON Lines, runs that are never overwritten.
@Suite struct ResultTests {
  let program: Program
  let folder: Workspace
  private let best = "runs/flowers/1/best.safetensors"

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  private func keys(_ value: JSONValue?) -> [String] { (value?.members ?? []).map(\.name) }

  private func train() throws {
    let result = try program.run("train", "flowers.yaml", in: folder)
    try #require(result.code == 0, "\(result.errors)")
  }

  // MARK: JSON

  @Test func `check prints its findings as one document`() throws {
    try folder.write(
      Workspace.model.replacing("units: 8", with: "unitz: 8"), to: "typo.yaml")
    let result = try program.run("check", "--json", "typo.yaml", "flowers.yaml", in: folder)
    #expect(result.code == 1)
    let findings = try #require(try result.json["diagnostics"]?.elements)
    #expect(findings.count == 1)
    let finding = findings[0]
    for key in [
      "severity", "code", "message", "file", "line", "column", "endLine", "endColumn", "help",
    ] {
      #expect(keys(finding).contains(key))
    }
    #expect(finding["file"]?.stringValue == "typo.yaml")
    #expect(finding["line"]?.integerValue == 12)
    #expect(finding["column"]?.integerValue == 13)
    let clean = try program.run("check", "--json", "flowers.yaml", in: folder)
    #expect(clean.code == 0)
    #expect(try clean.json == ["diagnostics": []])
  }

  @Test func `show prints layers, parameters and cost`() throws {
    let result = try program.run("show", "--json", "--no-time", "flowers.yaml", in: folder)
    #expect(result.code == 0)
    #expect(result.errors == "")
    let document = try result.json
    #expect(!keys(document).contains("seconds_per_step"))
    #expect(document["parameters"]?.integerValue == 51)
    let layers = try #require(document["layers"]?.elements)
    #expect(layers.map { $0["id"]?.stringValue } == ["dense_1", "dense_2"])
    #expect(layers.map { $0["shape"] } == [[8], [3]])
    for key in ["trained", "flops_per_sample", "batch", "shards", "flops_per_step", "memory"] {
      #expect(keys(document).contains(key))
    }
    for format in ["dot", "mermaid"] {
      let graph = try program.run("show", "--graph", format, "flowers.yaml", in: folder)
      #expect(graph.code == 0)
      #expect(graph.output.contains("dense_2"))
    }
  }

  @Test(arguments: [1, 2])
  func `show tells how long a step and an epoch take`(_ threads: Int) throws {
    func show(_ option: String) throws -> Program.Result {
      try program.run("show", "flowers.yaml", "--threads", "\(threads)", option, in: folder)
    }
    let document = try show("--json").json
    let step = try #require(document["seconds_per_step"]?.doubleValue)
    let epoch = try #require(document["seconds_per_epoch"]?.doubleValue)
    // A few microseconds; how many depends on the machine.
    #expect(step > 1e-8 && step < 1)
    // Five epochs are fifteen steps, and after each epoch there are rows to validate on.
    #expect(epoch > 3 * step && epoch < 3 * step + 0.01)
    #expect(document["threads"]?.integerValue == Int64(threads))
    let text = try show("--time").output
    // One shard is one thread's work.
    #expect(text.contains(" an epoch") && text.contains(" a step, with 1 thread ("))
    #expect(!(try show("--no-time").output.contains(" a step, ")))
  }

  @Test func `show reads data too large for a check where widths depend on it`() throws {
    let rows = try #require(
      try? String(contentsOf: folder.url.appending(path: "flowers.csv"), encoding: .utf8))
    let body = rows.split(separator: "\n", maxSplits: 1)[1]
    let times = 300_000 / body.utf8.count + 1
    try folder.write(rows + String(repeating: String(body), count: times), to: "flowers.csv")
    let result = try program.run("show", "flowers.yaml", in: folder)
    #expect(result.code == 0, "\(result.errors)")
    #expect(result.output.contains("dense_2"))
  }

  @Test func `train prints the run, its digest and its figures`() throws {
    let result = try program.run(
      "train", "--json", "--log", "json", "flowers.yaml", in: folder)
    #expect(result.code == 0)
    let document = try result.json
    for key in ["run", "checkpoint", "digest", "epochs", "steps", "metrics"] {
      #expect(keys(document).contains(key))
    }
    #expect(document["run"]?.stringValue == "runs/flowers/1")
    #expect(document["checkpoint"]?.stringValue == best)
    #expect(document["epochs"]?.integerValue == 5)
    #expect(document["steps"]?.integerValue == 15)
    #expect(document["digest"]?.stringValue?.count == 64)
    #expect(keys(document["metrics"]) == ["train", "validation", "test"])
    #expect(keys(document["metrics"]?["test"]) == ["loss", "accuracy"])
    let lines = result.errors.split(separator: "\n")
    #expect(lines.count >= 5)
    for line in lines { #expect(throws: Never.self) { try JSONValue.parse(String(line)) } }
  }

  @Test func `evaluate and inspect print one document each`() throws {
    try train()
    let test = try program.run("evaluate", "--json", best, in: folder)
    #expect(test.code == 0)
    #expect(try test.json["split"]?.stringValue == "test")
    #expect(keys(try test.json["metrics"]) == ["loss", "accuracy"])
    let validation = try program.run(
      "evaluate", "--json", "--split", "validation", best, in: folder)
    #expect(try validation.json["split"]?.stringValue == "validation")
    let data = try program.run("evaluate", "--json", "--data", "flowers.csv", best, in: folder)
    #expect(data.code == 0)
    #expect(keys(try data.json["metrics"]) == ["loss", "accuracy"])

    let inspect = try program.run("inspect", "--json", best, in: folder)
    #expect(inspect.code == 0)
    let tensors = try #require(try inspect.json["tensors"]?.elements)
    #expect(
      tensors.compactMap { $0["name"]?.stringValue }.sorted() == [
        "dense_1.bias", "dense_1.weight", "dense_2.bias", "dense_2.weight",
      ])
    #expect(try inspect.json["provenance"]?["name"]?.stringValue == "flowers")
    #expect(keys(try inspect.json["importance"]).sorted() == ["length", "width"])
  }

  // MARK: Tables

  @Test func `a table is an array of arrays, and beside class names on a terminal`() throws {
    try folder.write(
      Workspace.model.replacing("metrics: [accuracy]", with: "metrics: [confusion_matrix, f1]"),
      to: "flowers.yaml")
    let trained = try program.run("train", "flowers.yaml", in: folder)
    #expect(trained.code == 0)
    #expect(trained.output.contains("test confusion_matrix: true ↓ predicted →"))
    let json = try program.run("evaluate", "--json", best, in: folder)
    let figures = try json.json["metrics"]
    #expect(keys(figures) == ["loss", "confusion_matrix", "f1"])
    let rows = try #require(figures?["confusion_matrix"]?.elements).map { row in
      (row.elements ?? []).compactMap(\.integerValue)
    }
    #expect(rows.map(\.count) == [3, 3, 3])
    #expect(rows.joined().reduce(0, +) == 6)
    let text = try program.run("evaluate", best, in: folder)
    let lines = text.output.split(separator: "\n").map { String($0) }
    let table = lines.drop { !$0.hasPrefix("confusion_matrix: true ↓ predicted →") }
    #expect(table.first?.hasSuffix("a  b  c, or d") == true)
    #expect(table.dropFirst(2).map { $0.prefix { $0 != " " } } == ["a", "b", "c,"])
    #expect(
      table.dropFirst(2).map { $0.split(separator: " ").suffix(3).compactMap { Int64($0) } } == rows
    )
    let epochs = try #require(
      String(bytes: try folder.bytes("runs/flowers/1/metrics.jsonl"), encoding: .utf8))
    let epoch = try JSONValue.parse(String(epochs.split(separator: "\n")[0]))
    #expect(keys(epoch["validation"]) == ["loss", "confusion_matrix", "f1"])
  }

  // MARK: Predictions

  @Test func `predict prints CSV and JSON Lines from raw rows`() throws {
    try train()
    try folder.write("width,length,colour\n3.1,4.2,red\n1.0,6.1,blue\n", to: "rows.csv")
    let csv = try program.run("predict", best, "rows.csv", in: folder)
    #expect(csv.code == 0)
    #expect(csv.errors == "")
    let lines = csv.output.split(separator: "\n")
    #expect(lines.count == 3)
    #expect(lines[0] == "species,species.a,species.b,\"species.c, or d\"")
    let jsonl = try program.run("predict", "--format", "jsonl", best, "rows.csv", in: folder)
    let objects = try jsonl.output.split(separator: "\n").map { try JSONValue.parse(String($0)) }
    #expect(objects.count == 2)
    #expect(
      keys(objects[0]) == ["species", "species.a", "species.b", "species.c, or d"])
    let sum = objects[0].members?.compactMap(\.value.doubleValue).reduce(0, +) ?? 0
    #expect(abs(sum - 1) < 1e-5)
    let piped = try program.run(
      "predict", best, "-", in: folder, input: "width,length\n3.1,4.2\n1.0,6.1\n")
    #expect(piped.output == csv.output)
  }

  @Test func `rows that do not fit are problems with a place`() throws {
    try train()
    try folder.write("length,size\n4.2,3.1\n", to: "rows.csv")
    let lacking = try program.run("predict", best, "rows.csv", in: folder)
    #expect(lacking.code == 1)
    #expect(lacking.output == "")
    #expect(lacking.errors.contains("error[missing-column]: 'rows.csv' has no column 'width'"))
    try folder.write("length,width\n4.2,tall\n", to: "rows.csv")
    let wrong = try program.run("predict", best, "rows.csv", in: folder)
    #expect(wrong.code == 1)
    #expect(wrong.errors.contains("--> rows.csv:2:5"))
    #expect(wrong.errors.contains("2 | 4.2,tall"))
    let absent = try program.run("predict", best, "absent.csv", in: folder)
    #expect(absent.code == 1)
    #expect(absent.errors.contains("there is no file 'absent.csv'"))
  }

  // MARK: Runs

  @Test func `each training has a folder of its own, and both have the same bytes`() throws {
    try train()
    let first = try folder.bytes(best)
    try train()
    #expect(folder.exists("runs/flowers/2/best.safetensors"))
    #expect(try folder.bytes(best) == first)
    #expect(try folder.bytes("runs/flowers/2/best.safetensors") == first)
    for name in ["last.safetensors", "metrics.jsonl", "model.yaml"] {
      #expect(folder.exists("runs/flowers/1/\(name)"))
      #expect(folder.exists("runs/flowers/2/\(name)"))
    }
    let threads = try program.run("train", "--threads", "1", "flowers.yaml", in: folder)
    #expect(threads.code == 0)
    #expect(try folder.bytes("runs/flowers/3/best.safetensors") == first)
    let seed = try program.run("train", "--seed", "8", "flowers.yaml", in: folder)
    #expect(seed.code == 0)
    #expect(try folder.bytes("runs/flowers/4/best.safetensors") != first)
  }

  @Test func `what is no checkpoint is refused with its reason`() throws {
    try train()
    let whole = try folder.bytes(best)
    try folder.write("these are no weights\n", to: "text.safetensors")
    try folder.write("", to: "empty.safetensors")
    try whole.prefix(whole.count / 2).write(to: folder.url.appending(path: "half.safetensors"))
    try whole.prefix(whole.count - 1).write(to: folder.url.appending(path: "short.safetensors"))
    var header = Data("{}      ".utf8)
    header.insert(contentsOf: [8, 0, 0, 0, 0, 0, 0, 0], at: 0)
    try header.write(to: folder.url.appending(path: "bare.safetensors"))
    for (name, reason) in [
      ("text.safetensors", "is no checkpoint"), ("empty.safetensors", "is no checkpoint"),
      ("half.safetensors", "ends in the middle of"), ("short.safetensors", "ends in the middle of"),
      ("bare.safetensors", "not written by nnc"), ("absent.safetensors", "there is no"),
      ("runs", "not a regular file"), ("flowers.yaml", "is no checkpoint"),
    ] {
      for command in [["evaluate", name], ["inspect", name], ["predict", name, "flowers.csv"]] {
        let result = try program.start(command, in: folder).result()
        #expect(result.code == 1, "\(command)")
        #expect(result.output == "")
        #expect(result.errors.hasPrefix("error: "))
        #expect(result.errors.contains(reason), "\(result.errors)")
      }
    }
  }
}
