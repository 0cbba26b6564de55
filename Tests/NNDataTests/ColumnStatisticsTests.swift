@testable import NNData
import NNModel
import Testing

@Suite struct ColumnStatisticsTests {
  // The third number is the variance.
  @Test(
    arguments: [
      ([1, 2, 3, 4], 2.5, 1.25), ([5], 5, 0), ([0.1, 0.1, 0.1], 0.1, 0),
      ([1e9, 1e9 + 1, 1e9 + 2], 1e9 + 1, 0.6666666666666666), ([1, .nan, 3], 2, 1),
      ([1e16, 1, -1e16, 1], 0.5, 5e31),
    ] as [([Double], Double, Double)])
  func `mean and deviation are those of the population`(
    _ values: [Double], _ mean: Double, _ variance: Double
  ) {
    let found = columnStatistics(values, width: 1, rows: Array(values.indices))[0]
    #expect(found.mean == mean)
    let deviation = variance.squareRoot()
    #expect(abs(found.deviation - deviation) <= deviation * 1e-15)
  }

  @Test(
    arguments: [([3, 1, 2], 2), ([4, 1, 2, 3], 2.5), ([.nan, 7], 7), ([.nan], nil)]
      as [([Double], Double?)])
  func `the median is the middle, or between the middle two`(
    _ values: [Double], _ expected: Double?
  ) {
    #expect(
      median(DenseNumbers(values: values, width: 1), column: 0, rows: Array(values.indices))
        == expected)
  }

  @Test func `only the rows that are asked for count`() {
    let values = [1.0, 10, 2, 20, 1000, 1000]
    let found = columnStatistics(values, width: 2, rows: [0, 1])
    #expect(found.map(\.mean) == [1.5, 15])
    #expect(found.map(\.maximum) == [2, 20])
  }

  @Test func `every field and kind of the data section has its line of help`() {
    let sections = [
      DataFields.fields, SplitFields.fields, InputFields.fields, TargetFields.fields,
    ]
    let kinds =
      DataCatalogue.sources.entries.map(\.type) + DataCatalogue.scales.entries.map(\.type)
    for kind in kinds { #expect(kind.summary.hasSuffix("."), "\(kind.word)") }
    for (name, field) in sections.flatMap({ $0 }) + kinds.flatMap({ $0.fields }) {
      #expect(field.help.hasSuffix("."), "\(name)")
      #expect(field.help.count < 100, "\(name)")
    }
  }
}
