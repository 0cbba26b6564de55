import ArgumentParser
import NNCheckpoint
import NNData
import NNJSON
import NNModel
import NNTensor
import NNTraining

struct Inspect: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Shows what is in a checkpoint: weights, biases, where they came from.",
    discussion: """
      For each tensor its shape, mean, deviation, extremes and a histogram; for tables how strongly \
      each input speaks: by how much the loss on the validation rows grows when the column is \
      shuffled.

        nnc inspect runs/iris/1/best.safetensors
      """)

  @Argument(help: "The checkpoint.")
  var checkpoint: String

  @OptionGroup var origin: OriginOption
  @OptionGroup var threads: ThreadOption

  @Flag(help: "Print one JSON document on standard output.")
  var json = false

  func run() throws {
    let model = try openTrainedModel(checkpoint, threads: threads.count)
    let tensors = model.tensors.map { ($0.name, TensorStatistics($0.tensor)) }
    let importance = importance(of: model)
    if json {
      Console.out(document(model, tensors, importance.value).serialized(pretty: true))
      return
    }
    Console.out(tensorTable(tensors))
    Console.out("")
    Console.out(provenance(model))
    switch importance {
    case .success(let importance): Console.out("\n" + importanceTable(importance))
    case .failure(let reason): Console.error("\nno importance of inputs: \(reason.why)")
    }
  }

  // MARK: Importance

  private struct Unavailable: Error {
    let why: String
  }

  /// Inputs of more columns than this are images rather than tables.
  private static let mostColumns = 64

  private func importance(of model: TrainedModel) -> Result<Importance, Unavailable> {
    let columns = model.preprocessing.inputs.reduce(0) { $0 + $1.columns.count }
    guard columns <= Inspect.mostColumns else {
      return .failure(
        Unavailable(why: "with \(grouped(columns)) input columns it would say little"))
    }
    let splits = model.data.splitNames
    let split: SplitName = splits.contains(.validation) ? .validation : .train
    do {
      let table = try model.samples(
        split, directory: origin.directory(of: checkpoint), following: origin.trust(of: checkpoint),
        storage: DataStorage(.ofUser))
      guard table.samples.file == nil else {
        return .failure(Unavailable(why: "the data is larger than data.memory lets be shuffled"))
      }
      return .success(try Importance(model, table))
    } catch let error as Failure {
      return .failure(Unavailable(why: error.message ?? "the data cannot be read"))
    } catch {
      return .failure(Unavailable(why: "the data it was trained with cannot be read from here"))
    }
  }

  private func importanceTable(_ importance: Importance) -> String {
    let sorted = importance.entries.sorted { $0.growth > $1.growth }
    let greatest = max(sorted.first?.growth ?? 0, .leastNormalMagnitude)
    var table = TextTable([("input", false), ("loss grows by", true), ("", false)])
    for entry in sorted {
      let length = max(Int((entry.growth / greatest * 24).rounded()), 0)
      table.add([entry.column, figure(entry.growth), String(repeating: "█", count: length)])
    }
    return "How strongly each input speaks (loss \(figure(importance.loss)))\n\n" + table.text
  }

  // MARK: Tensors

  private func tensorTable(_ tensors: [(String, TensorStatistics)]) -> String {
    var table = TextTable([
      ("tensor", false), ("shape", false), ("mean", true), ("deviation", true), ("least", true),
      ("greatest", true), ("histogram, or the values", false),
    ])
    for (name, statistics) in tensors {
      table.add([
        name, "\(statistics.shape)", figure(statistics.mean), figure(statistics.deviation),
        figure(statistics.least), figure(statistics.greatest),
        statistics.few.map { $0.map { figure(Double($0)) }.joined(separator: "  ") }
          ?? statistics.bars,
      ])
    }
    return table.text
  }

  private func provenance(_ model: TrainedModel) -> String {
    let keys: [(String, MetadataKey)] = [
      ("written by", .version), ("seed", .seed), ("epoch", .epoch), ("step", .step),
      ("instruction set", .instructionSet), ("config", .configDigest), ("data", .dataDigests),
    ]
    var table = TextTable([("provenance", false), ("", false)])
    table.add(["model", model.spec.name])
    for (label, key) in keys {
      guard let value = model.metadata[key] else { continue }
      switch key {
      case .version: table.add([label, "nnc \(value)"])
      case .dataDigests:
        for file in (try? JSONValue.parse(value))?.members ?? [] {
          table.add([label, "\(file.name) \(file.value.stringValue ?? "")"])
        }
      default: table.add([label, value])
      }
    }
    return table.text
  }

  private func document(
    _ model: TrainedModel, _ tensors: [(String, TensorStatistics)], _ importance: Importance?
  ) -> JSONValue {
    var provenance: [JSONValue.Member] = [.init("name", .string(model.spec.name))]
    for key in MetadataKey.allCases where key != .model && key != .preprocessing {
      if let value = model.metadata[key] {
        provenance.append(.init(key.rawValue, .string(value)))
      }
    }
    return [
      "tensors": .array(tensors.map { name, statistics in statistics.json(name) }),
      "provenance": .object(provenance),
      "importance": importance.map { importance in
        .object(importance.entries.map { .init($0.column, .number($0.growth)) })
      } ?? .null,
    ]
  }
}

extension Result {
  fileprivate var value: Success? { try? get() }
}
