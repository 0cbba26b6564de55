import NNModel

extension ResolvedFeature {
  /// Learns from the rows that windows to train on cover, each once; of numbers that are told from a
  /// window's last row, from all differences that these windows hold.
  ///
  /// - rows: ascending.
  /// - starts: the positions at which the windows begin.
  func fit(
    _ raw: RawFeature, rows: [Int], windows starts: [Int], _ order: SeriesOrder,
    _ reader: inout Reader
  ) -> FittedFeature? {
    guard let window = spec.window, window.isRelative,
      case .number(let scale, let word) = spec.content
    else { return fit(raw, rows: rows, &reader) }
    // What stands for missing values is learnt from the values themselves.
    let unscaled = with(content: .number(NoScale(), word: NoScale.word), steps: spec.steps)
    guard let fitted = unscaled.fit(raw, rows: rows, &reader) else { return nil }
    let numbers: DenseNumbers
    switch raw.values {
    case .numbers(let values):
      numbers = fitted.differences(
        DenseNumbers(values: values, width: raw.width), spec.steps, window, starts, order)
    case .tensors(let tensors):
      numbers = fitted.differences(TensorNumbers(tensors), spec.steps, window, starts, order)
    case .words, .characters, .filedNumbers, .filedWords: return fitted
    }
    let count = numbers.values.count / max(numbers.width, 1)
    let scaling = with(content: spec.content, steps: .none)
      .fitScaling(scale, word, numbers, raw, Array(0..<count))
    return fitted.with(
      content: .number(
        Scaling(
          word: scaling.word, offsets: scaling.offsets, factors: scaling.factors,
          curves: scaling.curves, steps: spec.steps)))
  }

  private func with(content: FeatureSpec.Content, steps: ScaleSteps) -> ResolvedFeature {
    var other = FeatureSpec(
      role: spec.role, name: spec.name, nameRange: spec.nameRange, columns: spec.columns,
      content: content, declaredShape: spec.declaredShape, missing: spec.missing,
      classes: spec.classes)
    other.steps = steps
    other.window = spec.window
    return ResolvedFeature(
      spec: other, columns: columns, width: width, declaredClasses: declaredClasses)
  }
}

extension FittedFeature {
  /// The differences of the numbers in windows to those of their last known row, a row of numbers
  /// each.
  fileprivate func differences(
    _ values: some NumberRows, _ steps: ScaleSteps, _ window: WindowUse, _ starts: [Int],
    _ order: SeriesOrder
  ) -> DenseNumbers {
    let width = values.width
    let fill = fill(width)
    func number(_ position: Int, _ element: Int) -> Double {
      let number = values.number(order.rows[position], element)
      return steps.apply(number.isNaN ? fill?[element] ?? number : number)
    }
    var result: [Double] = []
    result.reserveCapacity(starts.count * window.count * width)
    for start in starts {
      let last = (0..<width).map { number(start + window.reference, $0) }
      for position in start + window.start..<start + window.end {
        for element in 0..<width { result.append(number(position, element) - last[element]) }
      }
    }
    return DenseNumbers(values: result, width: width)
  }

  fileprivate func with(content: Content) -> FittedFeature {
    FittedFeature(
      name: name, columns: columns, shape: shape, content: content, missing: missing,
      hasIndicator: hasIndicator, date: date, rare: rare, hasUnknown: hasUnknown, window: window)
  }
}
