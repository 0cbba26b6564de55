import NNTensor

extension FittedFeature {
  /// How many rows a sample of it is made of.
  var rowCount: Int { window?.count ?? 1 }

  /// Fills, scales and encodes the windows of a feature.
  ///
  /// - starts: the positions at which the windows begin.
  /// - Returns: what can be prepared of it, and of numbers that are told from a window's last row
  ///   those of that row, after all that comes before the difference, [windows, width].
  func apply(
    _ raw: RawFeature, windows starts: [Int], _ order: SeriesOrder, of table: Table,
    for part: PreparedPart, hasFixedClasses: Bool, _ problems: inout TableProblems
  ) -> (array: FeatureArray, references: [Double]) {
    guard let window else {
      return (FeatureArray(name: name, sampleShape: shape, storage: .float([])), [])
    }
    let used = UsedPositions(starts, window.rows, count: order.rows.count)
    let rows = used.positions.map { order.rows[$0] }
    if window.isRelative, case .number(let scaling) = content {
      let numbers = straightened(raw, scaling, rows, table, &problems)
      let (values, references) = differences(
        numbers, scaling, raw, starts, used, rows, table, &problems)
      return (FeatureArray(name: name, sampleShape: shape, storage: .float(values)), references)
    }
    let array = apply(
      raw, rows: rows, of: table, for: part, hasFixedClasses: hasFixedClasses, &problems)
    func width(_ count: Int) -> Int { rows.isEmpty ? 0 : count / rows.count }
    let storage: FeatureArray.Storage =
      switch array.storage {
      case .float(let values):
        // What could not be prepared is reported, and nothing is made of it.
        .float(
          values.isEmpty ? [] : used.gather(values, width: width(values.count), starts, window))
      case .index(let values):
        .index(
          values.isEmpty ? [] : used.gather(values, width: width(values.count), starts, window))
      case .filed: array.storage
      }
    return (FeatureArray(name: name, sampleShape: shape, storage: storage), [])
  }

  /// Only the numbers that others are told from, of windows whose targets nobody knows.
  func references(
    _ raw: RawFeature, windows starts: [Int], _ order: SeriesOrder, of table: Table,
    _ problems: inout TableProblems
  ) -> [Double] {
    guard let window, case .number(let scaling) = content else { return [] }
    let rows = starts.map { order.rows[$0 + window.reference] }
    return straightened(raw, scaling, rows, table, &problems)
  }

  /// The numbers of some rows, filled and after the steps before the scale, [rows, width].
  private func straightened(
    _ raw: RawFeature, _ scaling: Scaling, _ rows: [Int], _ table: Table,
    _ problems: inout TableProblems
  ) -> [Double] {
    switch raw.values {
    case .numbers(let values):
      straightened(
        DenseNumbers(values: values, width: raw.width), raw, scaling, rows, table, &problems)
    case .tensors(let tensors):
      straightened(TensorNumbers(tensors), raw, scaling, rows, table, &problems)
    // Tables whose rows are windows are read whole.
    case .words, .characters, .filedNumbers, .filedWords: []
    }
  }

  private func straightened(
    _ values: some NumberRows, _ raw: RawFeature, _ scaling: Scaling, _ rows: [Int],
    _ table: Table, _ problems: inout TableProblems
  ) -> [Double] {
    let fill = fill(values.width)
    var found = TableProblems()
    var result: [Double] = []
    result.reserveCapacity(rows.count * values.width)
    for row in rows {
      values.withRow(row) { numbers in
        for (element, number) in numbers.enumerated() {
          let value = number.isNaN ? fill?[element] ?? number : number
          let stepped = scaling.steps.apply(value)
          if stepped.isNaN, !value.isNaN {
            found.addBelowLogarithm(row, raw, element: element, value, self, in: table)
          }
          result.append(stepped)
        }
      }
    }
    problems.add(found)
    return result
  }

  /// Takes the last known row of each window away from its numbers, and scales what is left.
  ///
  /// - numbers: of the used rows.
  private func differences(
    _ numbers: [Double], _ scaling: Scaling, _ raw: RawFeature, _ starts: [Int],
    _ used: UsedPositions, _ rows: [Int], _ table: Table, _ problems: inout TableProblems
  ) -> (values: [Float], references: [Double]) {
    guard let window, !numbers.isEmpty else { return ([], []) }
    let width = raw.width
    let scaling = scaling.withoutSteps
    var found = TableProblems()
    var values: [Float] = []
    var references: [Double] = []
    values.reserveCapacity(starts.count * window.count * width)
    for start in starts {
      let last = Int(used.places[start + window.reference]) * width
      references += numbers[last..<last + width]
      for place in start + window.start..<start + window.end {
        let first = Int(used.places[place]) * width
        for element in 0..<width {
          let difference = numbers[first + element] - numbers[last + element]
          let value = Float(scaling.apply(difference, column: element))
          if !value.isFinite, !difference.isNaN {
            found.addOverflow(rows[first / width], raw, element: element, self, in: table)
          }
          values.append(value)
        }
      }
    }
    problems.add(found)
    return (values, references)
  }
}

extension Scaling {
  /// What is done to differences of numbers that have been through the steps already.
  var withoutSteps: Scaling {
    Scaling(word: word, offsets: offsets, factors: factors, curves: curves)
  }
}
