import NNData
import NNEngine
package import NNGraph
package import NNJSON
import NNModel
import NNTensor

/// Predictions as a table: for each target the class or number, and the probabilities behind it.
package struct Predictions: Sendable {
  package let columns: [String]
  /// By row; texts and numbers.
  package let rows: [[JSONValue]]

  /// - series: the column of the series that windows are of, and that of each.
  package init(
    _ model: TrainedModel, _ table: SampleTable,
    series: (column: String, names: [String])? = nil
  ) throws(KernelError) {
    let predictions = try model.evaluator.predict(table)
    var columns = series.map { [$0.column] } ?? []
    var rows = (0..<table.count).map { row in
      series.map { [JSONValue.string($0.names[row])] } ?? []
    }
    for (head, values) in zip(model.evaluator.heads, predictions) {
      let reading = PredictionReading(head, model.preprocessing.target(head.target))
      let width = table.count == 0 ? 0 : values.count / table.count
      columns += reading.columns
      for row in rows.indices {
        rows[row] += reading.cells(values[row * width..<(row + 1) * width])
      }
      if let deviations = try model.evaluator.deviations(head, table) {
        columns += reading.columns.map { "\($0).deviation" }
        rows.append(numbers: deviations, last: reading.columns.count)
      }
    }
    for embedding in model.evaluator.embeddings {
      let values = try model.evaluator.rows(of: embedding.value, table)
      let width = model.evaluator.graph.type(embedding.value).shape.count
      columns += (0..<width).map { "\(embedding.name).\($0)" }
      rows.append(numbers: values)
    }
    self.columns = columns
    self.rows = rows
  }
}

extension [[JSONValue]] {
  /// Puts as many numbers behind each row as there are for it.
  ///
  /// - last: how many of them, the last ones; nil is all.
  fileprivate mutating func append(numbers: [Float], last: Int? = nil) {
    let width = isEmpty ? 0 : numbers.count / count
    for row in indices {
      self[row] += numbers[row * width..<(row + 1) * width].suffix(last ?? width)
        .map { .number(shortest($0)) }
    }
  }
}

/// How what is predicted of a target becomes cells.
private struct PredictionReading {
  private let target: String
  private let form: PredictionForm
  private let feature: FittedFeature?
  /// The names of its classes, made once.
  private let classes: [String]

  init(_ head: LoweredModel.Head, _ feature: FittedFeature?) {
    target = head.target
    form = head.loss.form
    self.feature = feature
    classes = feature?.classes ?? []
  }

  var columns: [String] {
    switch (feature?.content, form) {
    case (.category, .spelling), (.text, .spelling): [target]
    case (.text, _): names
    case (.characters(let classes), _): [target] + classes.map { "\(target).\($0)" }
    case (.category(let classes, _), _) where isSequence && window?.names == [target]:
      [target] + classes.map { "\(target).\($0)" }
    case (.category, _) where isSequence: names
    case (.category(let classes, _), _): [target] + classes.map { "\(target).\($0)" }
    case (.binary(_, let positive), _): [target, "\(target).\(positive)"]
    case (_, .quantiles(let levels)) where levels.count > 1:
      names.flatMap { name in levels.map { "\(name).q\(shown($0))" } }
    default: names
    }
  }

  /// - values: what is predicted of a sample.
  func cells(_ values: ArraySlice<Float>) -> [JSONValue] {
    if case .text? = feature?.content {
      return form == .spelling ? [.string(spelt(values, classes))] : ofEachPlace(values, classes)
    }
    let numbers = values.map { JSONValue.number(shortest($0)) }
    switch (feature?.content, form) {
    case (.category(let classes, _), .spelling): return [.string(spelt(values, classes))]
    case (.category(let classes, _), _):
      guard isSequence else { return [.string(classes[greatest(values)])] + numbers }
      if window?.names == [target] {
        // What follows the last row; what follows the others is known.
        let last = values.suffix(classes.count)
        return [.string(classes[greatest(last)])] + numbers.suffix(classes.count)
      }
      return ofEachPlace(values, classes).suffix(names.count)
    case (.characters(let classes), _):
      // What follows the last character; what follows the others stands in the text.
      let last = values.suffix(classes.count)
      return [.string(classes[greatest(last)])] + numbers.suffix(classes.count)
    case (.binary(let negative, let positive), _):
      return [.string((values.first ?? 0) > 0.5 ? positive : negative)] + numbers
    // Of a window's own rows moved on, only those that are to come.
    default: return numbers.suffix(columns.count)
    }
  }

  private var window: WindowReading? {
    feature.flatMap { feature in
      feature.window.map { WindowReading($0, target, feature.columns, width: feature.rowWidth) }
    }
  }

  /// The most probable class of each place.
  private func ofEachPlace(_ values: ArraySlice<Float>, _ classes: [String]) -> [JSONValue] {
    stride(from: 0, to: values.count, by: max(classes.count, 1)).map { place in
      .string(classes[greatest(values.dropFirst(place).prefix(classes.count))])
    }
  }

  /// Whether there is a class for each of several columns.
  private var isSequence: Bool { (feature?.shape.rank ?? 0) > 0 }

  /// A name for each number of the target; that of the target itself where it is the only one.
  private var names: [String] {
    if let window { return window.names }
    let columns = feature?.columns ?? []
    // The numbers of a tensor have no names of their own.
    if let count = feature?.shape.count, count > max(columns.count, 1) {
      return (0..<count).map { "\(target).\($0)" }
    }
    return columns.count <= 1 ? [target] : columns.map { "\(target).\($0)" }
  }

  /// The most probable symbol of each time, without repetitions and blanks.
  private func spelt(_ values: ArraySlice<Float>, _ classes: [String]) -> String {
    let symbols = stride(from: 0, to: values.count, by: classes.count + 1).map { time in
      greatest(values.dropFirst(time).prefix(classes.count + 1))
    }
    let changes = symbols.indices.filter { $0 == 0 || symbols[$0] != symbols[$0 - 1] }
    return changes.map { symbols[$0] }.filter { $0 > 0 }.map { classes[$0 - 1] }
      .joined(separator: " ")
  }

  /// The place of the greatest, counted from the slice's start; the first of equals.
  private func greatest(_ values: ArraySlice<Float>) -> Int {
    var best = values.startIndex
    for index in values.indices where values[index] > values[best] { best = index }
    return best - values.startIndex
  }
}

/// What is told of a target that is made of several rows: those that are to come.
private struct WindowReading {
  /// One for each number, row by row: with the number of its step, from one, where there are several.
  let names: [String]

  /// - width: how many numbers a row has.
  init(_ use: WindowUse, _ target: String, _ columns: [String], width: Int) {
    let inRow =
      width == 1
      ? [target]
      : width == columns.count
        ? columns.map { "\(target).\($0)" } : (0..<width).map { "\(target).\($0)" }
    // An input that is drawn again is to come as a whole.
    let known = use.knownCount < use.count ? use.knownCount : 0
    let steps = use.count - known
    names = steps == 1 ? inRow : (1...steps).flatMap { step in inRow.map { "\($0).\(step)" } }
  }
}

/// The double whose shortest text is the float's shortest text.
private func shortest(_ value: Float) -> Double { Double("\(value)") ?? Double(value) }
