import NNModel

extension FittedFeature {
  /// Fills and scales rows of numbers whose scaling is not linear.
  func bent(
    _ values: some NumberRows, _ scaling: Scaling, _ raw: RawFeature, _ rows: [Int],
    _ table: Table, _ problems: inout TableProblems
  ) -> [Float] {
    let fill = fill(values.width)
    var found = TableProblems()
    var result: [Float] = []
    result.reserveCapacity(rows.count * values.width)
    for row in rows {
      values.withRow(row) { numbers in
        for (element, number) in numbers.enumerated() {
          let value = number.isNaN ? fill?[element] ?? number : number
          let scaled = Float(scaling.apply(value, column: element))
          result.append(scaled)
          if scaling.steps.log1p, scaling.steps.apply(value).isNaN, !value.isNaN {
            found.addBelowLogarithm(row, raw, element: element, value, self, in: table)
          } else if !scaled.isFinite {
            found.addOverflow(row, raw, element: element, self, in: table)
          }
        }
      }
    }
    problems.add(found)
    return result
  }
}

extension TableProblems {
  /// Reports a number whose logarithm is asked for and does not exist.
  mutating func addBelowLogarithm(
    _ row: Int, _ raw: RawFeature, element: Int, _ value: Double, _ feature: FittedFeature,
    in table: Table
  ) {
    let place = raw.place(ofElement: element)
    add(
      "no-logarithm", at: .cell(row: row, column: raw.columns[place]),
      "\(table.rowName(row)), column '\(feature.columns[place])': log1p takes numbers above -1, "
        + "found \(shown(value))",
      help: "Mend the cell, or take log1p out of '\(feature.name)' and say scale: power.")
  }
}
