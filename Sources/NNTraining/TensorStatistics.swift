package import NNJSON
package import NNTensor

/// What the numbers of a tensor look like.
package struct TensorStatistics: Sendable {
  package let shape: Shape
  package let mean: Double
  /// The population's.
  package let deviation: Double
  package let least: Double
  package let greatest: Double
  /// How many values lie in each of the equal parts of the range.
  package let histogram: [Int]
  /// Values that are no numbers, or infinite.
  package let notFinite: Int
  /// The values themselves, of a tensor with few.
  package let few: [Float]?

  private static let bins = 12

  package init(_ tensor: Tensor) {
    shape = tensor.shape
    few = tensor.values.count <= 4 ? tensor.values : nil
    let values = tensor.values.lazy.map(Double.init).filter(\.isFinite)
    notFinite = tensor.values.count - values.count
    let count = Double(max(values.count, 1))
    let mean = values.reduce(0, +) / count
    self.mean = mean
    deviation = (values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count).squareRoot()
    let least = values.min() ?? 0
    let greatest = values.max() ?? 0
    (self.least, self.greatest) = (least, greatest)
    var histogram = [Int](repeating: 0, count: TensorStatistics.bins)
    let width = greatest - least
    for value in values {
      let place = width > 0 ? Int((value - least) / width * Double(histogram.count)) : 0
      histogram[min(place, histogram.count - 1)] += 1
    }
    self.histogram = histogram
  }

  /// The histogram as a row of bars.
  package var bars: String {
    guard shape.count > 1, least < greatest else { return "" }
    let levels = Array("▁▂▃▄▅▆▇█")
    let most = histogram.max() ?? 1
    return String(
      histogram.map { count -> Character in
        guard count > 0 else { return " " }
        return levels[(count * levels.count - 1) / most]
      })
  }

  package func json(_ name: String) -> JSONValue {
    [
      "name": .string(name), "shape": .array(shape.sizes.map { JSONValue($0) }),
      "mean": .number(mean), "deviation": .number(deviation), "least": .number(least),
      "greatest": .number(greatest), "not_finite": JSONValue(notFinite),
      "histogram": .array(histogram.map { JSONValue($0) }),
    ]
  }
}
