import NNCatalogue
import NNData
import NNDiagnostics
import NNModel

/// All words of the language, as the declarations in the source have them.
package struct Manual: Sendable {
  /// Words of one category, in the order of the manual.
  package struct Chapter: Sendable {
    package let category: ManualCategory
    package let entries: [ManualEntry]
  }

  package let chapters: [Chapter]

  package static let standard: Manual = {
    let catalogue = Catalogue.standard
    return Manual(chapters: [
      Chapter(category: .section, entries: sectionEntries),
      kinds(.source, DataCatalogue.sources) { "source: {\($0)}" },
      kinds(.scale, DataCatalogue.scales) {
        "size: {columns: [length, width], scale: \(inner($0))}"
      },
      kinds(.transform, DataCatalogue.transforms) {
        "photo: {column: image, transforms: [\(inner($0))]}"
      },
      Chapter(category: .structure, entries: structureEntries),
      Chapter(category: .besideLayer, entries: layerNeighbourEntries),
      kinds(.layer, catalogue.layers) { "- \($0)" },
      kinds(.activation, catalogue.activations) {
        "- dense: {units: 16, activation: \(inner($0))}"
      },
      kinds(.initializer, catalogue.initializers) {
        "- dense: {units: 16, weight_init: \(inner($0))}"
      },
      kinds(.loss, catalogue.losses) { "loss: \(inner($0))" },
      Chapter(category: .besideLoss, entries: lossNeighbourEntries),
      kinds(.optimizer, catalogue.optimizers) { "optimizer: \(inner($0))" },
      Chapter(category: .besideOptimizer, entries: optimizerNeighbourEntries),
      kinds(.schedule, catalogue.schedules) { "optimizer: {sgd: 0.1, schedule: \(inner($0))}" },
      Chapter(category: .besideSchedule, entries: scheduleNeighbourEntries),
      kinds(.metric, catalogue.metrics) { "metrics: [\(inner($0))]" },
      Chapter(category: .besideMetric, entries: metricNeighbourEntries),
    ])
  }()

  /// What the manual says about a word, once for each place where it may stand.
  package func entries(_ word: String) -> [ManualEntry] {
    chapters.flatMap(\.entries).filter { $0.word == word }
  }

  package func chapter(_ category: ManualCategory) -> Chapter? {
    chapters.first { $0.category == category }
  }

  /// The word that was probably meant, of the language or of the codes.
  package func nearestWord(to word: String) -> String? {
    nearest(
      to: word, among: chapters.flatMap(\.entries).map(\.word) + FindingCode.all.map(\.code))
  }
}

/// A kind as it is written inside a line: in braces unless it is a bare word.
private func inner(_ example: String) -> String {
  example.contains(":") ? "{\(example)}" : example
}

private func kinds<Instance>(
  _ category: ManualCategory, _ registry: Registry<Instance>, _ line: (String) -> String
) -> Manual.Chapter {
  Manual.Chapter(
    category: category,
    entries: registry.entries.map { entry in
      ManualEntry(
        word: entry.word, category: category, summary: entry.summary,
        fields: entry.type.fields.map { ManualField($0.name, $0.field) },
        example: line(entry.type.example), family: entry.family)
    })
}

extension ManualCategory {
  static let section = ManualCategory(
    noun: "section", place: "of a model file", title: "Sections")
  static let source = ManualCategory(
    noun: "source", place: "under data: source, train, validation or test", title: "Sources")
  static let scale = ManualCategory(
    noun: "scaling", place: "under scale of an input or a target", title: "Scaling")
  static let transform = ManualCategory(
    noun: "transform", place: "in the list under transforms of an input", title: "Images")
  static let structure = ManualCategory(
    noun: "structure", place: "in a list of layers", title: "Layers that hold layers")
  static let besideLayer = ManualCategory(
    noun: "key", place: "beside a layer's word", title: "Beside a layer")
  static let layer = ManualCategory(
    noun: "layer", place: "in the list under model", title: "Layers")
  static let activation = ManualCategory(
    noun: "activation", place: "under activation of a layer", title: "Activations")
  static let initializer = ManualCategory(
    noun: "initializer", place: "under weight_init or bias_init of a layer",
    title: "Initializers")
  static let loss = ManualCategory(noun: "loss", place: "under loss", title: "Losses")
  static let besideLoss = ManualCategory(
    noun: "key", place: "beside a loss's word", title: "Beside a loss")
  static let optimizer = ManualCategory(
    noun: "optimizer", place: "under optimizer", title: "Optimizers")
  static let besideOptimizer = ManualCategory(
    noun: "key", place: "beside an optimizer's word", title: "Beside an optimizer")
  static let schedule = ManualCategory(
    noun: "schedule", place: "under schedule, beside an optimizer", title: "Schedules")
  static let besideSchedule = ManualCategory(
    noun: "key", place: "beside a schedule's word", title: "Beside a schedule")
  static let besideMetric = ManualCategory(
    noun: "key", place: "beside a metric's word", title: "Beside a metric")
  static let metric = ManualCategory(noun: "metric", place: "under metrics", title: "Metrics")
}
