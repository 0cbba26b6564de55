import NNDiagnostics
import NNModel
import NNTensor

extension ResolvedFeature {
  /// Learns statistics and classes from the training rows, and only from them.
  func fit(_ raw: RawFeature, rows: [Int], _ reader: inout Reader) -> FittedFeature? {
    let content: FittedFeature.Content?
    var missing: FittedMissing? =
      switch spec.missing {
      case .error: .error
      case .drop: .drop
      case .ignore: .ignore
      case .constant(let text, _): .word(text)
      case .mean, .median, .mode: nil
      }
    var rare: [String] = []
    switch (spec.content, raw.values) {
    case (.number(let scale, let word), .numbers(let values)):
      let numbers = DenseNumbers(values: values, width: raw.width)
      content = .number(fitScaling(scale, word, numbers, raw, rows))
      missing = fitMissing(numbers, raw, rows, missing, &reader)
    case (.number(let scale, let word), .tensors(let tensors)):
      let numbers = TensorNumbers(tensors)
      content = .number(fitScaling(scale, word, numbers, raw, rows))
      missing = fitMissing(numbers, raw, rows, missing, &reader)
    case (.number(let scale, let word), .filedNumbers(let filed)):
      let numbers = FiledNumbers(filed)
      content = .number(fitScaling(scale, word, numbers, raw, rows))
      missing = fitMissing(numbers, raw, rows, missing, &reader)
      if let problem = numbers.problem { reader.report(problem, at: spec.nameRange) }
    case (.category(let encoding), .words), (.category(let encoding), .filedWords):
      guard let counts = wordCounts(raw, rows, &reader) else { return nil }
      let words = wordsUsed(counts)
      rare = rareWords(counts)
      content = fitClasses(words.filter { !rare.contains($0) }, &reader).map {
        .category(classes: $0 + buckets, encoding: encoding)
      }
      if spec.missing == .mode { missing = fitMode(counts, &reader) }
    case (.binary(let positive), .words), (.binary(let positive), .filedWords):
      guard let counts = wordCounts(raw, rows, &reader) else { return nil }
      content = fitBinary(wordsUsed(counts), positive, &reader)
      if spec.missing == .mode { missing = fitMode(counts, &reader) }
    case (.image, .tensors(let tensors)):
      content = (tensors as? PreparedImages).map { .image($0.pipeline.fixed) }
    case (.characters, .characters(let text, _)):
      // Those of the windows and those behind them are the same classes, so that a layer that
      // predicts them can share the weight of their embedding.
      content = .characters(
        classes: text.characters(of: rows) + [FittedFeature.unknownCharacter])
    case (.text(let text), .words), (.text(let text), .filedWords):
      content = fitVocabulary(text, raw, rows, &reader).map { .text(text.reading, $0) }
    default:
      content = nil
    }
    guard let content, let missing else { return nil }
    let classCount = if case .category(let classes, _) = content { classes.count } else { 0 }
    guard let shape = spec.shape(width: width, classCount: classCount) else { return nil }
    return FittedFeature(
      name: spec.name, columns: columns, shape: shape, content: content, missing: missing,
      hasIndicator: spec.hasIndicator, date: spec.date, rare: rare,
      hasUnknown: spec.buckets.hasUnknown, window: spec.window)
  }

  private func fitMissing(
    _ values: some NumberRows, _ raw: RawFeature, _ rows: [Int], _ policy: FittedMissing?,
    _ reader: inout Reader
  ) -> FittedMissing? {
    switch spec.missing {
    case .error, .drop, .ignore:
      return policy
    case .constant(let text, _):
      let value = decimal(Array(text.utf8)) ?? 0
      let count = raw.hasTensors ? 1 : raw.width
      return .numbers(policy: "constant", values: Array(repeating: value + 0, count: count))
    case .mean:
      let statistics = columnStatistics(values, rows: rows)
      if let element = statistics.firstIndex(where: { $0.count == 0 }) {
        return nothingToFit(raw.place(ofElement: element), "mean", &reader)
      }
      return .numbers(policy: "mean", values: statistics.map { $0.mean + 0 })
    case .median:
      var medians: [Double] = []
      for element in 0..<raw.width {
        guard let value = median(values, column: element, rows: rows) else {
          return nothingToFit(raw.place(ofElement: element), "median", &reader)
        }
        medians.append(value + 0)
      }
      return .numbers(policy: "median", values: medians)
    case .mode:
      var modes: [Double] = []
      for element in 0..<raw.width {
        guard let value = mode(values, column: element, rows: rows) else {
          return nothingToFit(raw.place(ofElement: element), "mode", &reader)
        }
        modes.append(value + 0)
      }
      return .numbers(policy: "mode", values: modes)
    }
  }

  func nothingToFit(
    _ column: Int, _ word: String, _ reader: inout Reader
  ) -> FittedMissing? {
    reader.error(
      "no-values",
      "the column '\(columns[column])' has no value in the training rows to take the \(word) of",
      at: spec.nameRange, help: "Take it out of '\(spec.name)', or say missing: {constant: …}.")
    return nil
  }

  private func fitClasses(_ words: [String], _ reader: inout Reader) -> [String]? {
    if let classes = spec.classes { return classes }
    // What fills in missing values must be among them.
    if spec.buckets.rare == nil, let classes = declaredClasses, words.allSatisfy(classes.contains) {
      return classes
    }
    let classes = sortedClasses(words)
    // An input may be constant for now, but nothing can be learnt about a single class.
    guard classes.count + buckets.count >= (spec.role == .target ? 2 : 1) else {
      let found = classes.isEmpty ? "none" : "only '\(shortened(classes[0]))'"
      reader.error(
        "too-few-classes",
        "a category has at least two classes, '\(spec.name)' has \(found) in the training rows",
        at: spec.nameRange)
      return nil
    }
    return classes
  }

  private func fitBinary(
    _ words: [String], _ positive: Located<String>?, _ reader: inout Reader
  ) -> FittedFeature.Content? {
    let words = sortedClasses(words)
    guard words.count == 2 else {
      let shown = words.prefix(5).map { "'\(shortened($0))'" } + (words.count > 5 ? ["more"] : [])
      let found = words.isEmpty ? "none" : "\(words.count), \(listed(shown)),"
      reader.error(
        "binary-values",
        "a binary has two values, '\(spec.name)' has \(found) in the training rows",
        at: spec.nameRange, help: words.count > 2 ? "Say type: category." : nil)
      return nil
    }
    guard let positive else { return .binary(negative: words[0], positive: words[1]) }
    guard let place = words.firstIndex(of: positive.value) else {
      reader.error(
        "unknown-positive",
        "'\(spec.name)' is '\(words[0])' or '\(words[1])', never '\(positive.value)'",
        at: positive.range, label: nearest(to: positive.value, among: words).map { didYouMean($0) })
      return nil
    }
    return .binary(negative: words[1 - place], positive: words[place])
  }
}
