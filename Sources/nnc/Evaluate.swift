import ArgumentParser
import NNCheckpoint
import NNData
import NNJSON
import NNTraining

extension SplitName: ExpressibleByArgument {}

struct Evaluate: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Tells how good a checkpoint is on data.",
    discussion: """
      Takes a part of the data it was trained with, or any file with the same columns.

        nnc evaluate runs/iris/1/best.safetensors
        nnc evaluate --split validation runs/iris/1/best.safetensors
        nnc evaluate --data new.csv --json runs/iris/1/best.safetensors
        nnc evaluate --data image=new.idx --data label=new-labels.idx runs/clothes/1
      """)

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @Option(help: "The part of the model's data: train, validation or test.")
  var split: SplitName?

  @Option(
    help: """
      A file to evaluate on instead; where each column is a file of its own, as IDX has them, \
      COLUMN=FILE for each.
      """)
  var data: [String] = []

  @OptionGroup var origin: OriginOption
  @OptionGroup var threads: ThreadOption

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func validate() throws {
    if split != nil, !data.isEmpty {
      throw ValidationError("--split and --data exclude each other.")
    }
  }

  func run() throws {
    let model = try openTrainedModel(checkpoint, threads: threads.count)
    let figures: Figures
    let place: JSONValue
    let count: Int
    if !data.isEmpty {
      let table = try readTable(data, like: model)
      let samples = try orReport { try model.samples(of: table, needTargets: true) }
      for note in samples.prepared.notes { Console.error("warning: \(note)") }
      figures = try orReport { try model.evaluator.evaluate(samples.table) }
      place = .string(data.joined(separator: " "))
      count = samples.table.count
    } else {
      let parts: [SplitName] = [.test, .validation, .train]
      let split = split ?? parts.first { model.data.splitNames.contains($0) } ?? .train
      let directory = try origin.directory(of: checkpoint)
      let progress = ReadingProgress()
      defer { progress.end() }
      let table = try orReport {
        try model.samples(
          split, directory: directory, following: origin.trust(of: checkpoint),
          storage: progress.storage)
      }
      figures = try orReport { try model.evaluator.evaluate(table) }
      place = .string(split.rawValue)
      count = table.count
    }
    if json {
      let key = data.isEmpty ? "split" : "data"
      let document: JSONValue = .object([.init(key, place), .init("metrics", figures.json)])
      Console.out(document.serialized(pretty: true))
    } else {
      var table = TextTable(
        [(place.stringValue ?? "", false)] + figures.numbers.map { ($0.name, true) })
      let samples = model.preprocessing.windows == nil ? "rows" : "windows"
      table.add(["\(grouped(count)) \(samples)"] + figures.numbers.map { figure($0.value) })
      Console.out(table.text)
      for (name, table) in figures.tables { Console.out("\n" + text(of: table, named: name)) }
    }
  }
}
