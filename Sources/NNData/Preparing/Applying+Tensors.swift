import NNTensor

extension FittedFeature {
  /// Fills and scales rows that are tensors, from what is stored to floats without anything between.
  func scaled(
    _ tensors: any TensorColumn, _ scaling: Scaling, _ raw: RawFeature, _ rows: [Int],
    _ table: Table, _ problems: inout TableProblems
  ) -> [Float] {
    guard scaling.isLinear else {
      return bent(TensorNumbers(tensors), scaling, raw, rows, table, &problems)
    }
    let width = raw.width
    let form = TensorScaling(
      offsets: scaling.offsets.filling(width), factors: scaling.factors.filling(width),
      fill: fill(width), isIdentity: scaling.isIdentity)
    var found = TableProblems()
    let result = [Float](unsafeUninitializedCapacity: rows.count * width) { output, count in
      count = rows.count * width
      for (place, row) in rows.enumerated() {
        let own = UnsafeMutableBufferPointer(
          rebasing: output[place * width..<(place + 1) * width])
        do throws(RowProblem) {
          guard let element = try form.read(tensors, row, into: own) else { continue }
          found.addOverflow(row, raw, element: element, self, in: table)
        } catch {
          own.update(repeating: 0)
          found.add(error, row: row, column: raw.columns[0], in: table)
        }
      }
    }
    problems.add(found)
    return result
  }
}

/// What is done to each number of a row, in the order in which numbers of cells are prepared, so that
/// both give the same floats.
private struct TensorScaling {
  let offsets: [Double]
  let factors: [Double]
  let fill: [Double]?
  let isIdentity: Bool

  /// Reads a row, fills and scales it.
  ///
  /// - Returns: the first number that no float holds, if there is one.
  func read(
    _ tensors: any TensorColumn, _ row: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) -> Int? {
    guard tensors.isExactInFloat else {
      return try throughDoubles(tensors, row, into: output)
    }
    try tensors.read(row, into: output)
    if isIdentity, fill == nil {
      return tensors.isAlwaysFinite ? nil : firstUnusual(output)
    }
    prepare(output) { Double(output[$0]) }
    return firstUnusual(output)
  }

  private func throughDoubles(
    _ tensors: any TensorColumn, _ row: Int, into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) -> Int? {
    var problem: RowProblem?
    withUnsafeTemporaryAllocation(of: Double.self, capacity: output.count) { numbers in
      numbers.initialize(repeating: 0)
      do throws(RowProblem) {
        try tensors.read(row, into: numbers)
        prepare(output) { numbers[$0] }
      } catch {
        problem = error
      }
    }
    if let problem { throw problem }
    return firstUnusual(output)
  }

  private func firstUnusual(_ output: UnsafeMutableBufferPointer<Float>) -> Int? {
    areFinite(UnsafeBufferPointer(output)) ? nil : output.firstIndex { !$0.isFinite }
  }

  @inline(__always)
  private func prepare(
    _ output: UnsafeMutableBufferPointer<Float>, _ number: (_ element: Int) -> Double
  ) {
    offsets.withUnsafeBufferPointer { offsets in
      factors.withUnsafeBufferPointer { factors in
        if let fill {
          for element in 0..<output.count {
            let value = number(element)
            output[element] = Float(
              ((value.isNaN ? fill[element] : value) - offsets[element]) * factors[element])
          }
        } else {
          for element in 0..<output.count {
            output[element] = Float((number(element) - offsets[element]) * factors[element])
          }
        }
      }
    }
  }
}
