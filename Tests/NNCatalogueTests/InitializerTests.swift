import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// An initializer with the moments its numbers have in theory.
struct InitializerRow: Sendable, CustomTestStringConvertible {
  let initializer: any Initializer
  let mean: Double
  let variance: Double
  /// The greatest absolute value, where there is one.
  let bound: Double?
  /// The fourth central moment over the square of the variance.
  let kurtosis: Double

  /// Spread evenly within a limit.
  init(_ initializer: any Initializer, within limit: Double) {
    self.initializer = initializer
    mean = 0
    variance = limit * limit / 3
    bound = limit
    kurtosis = 1.8
  }

  /// Normally distributed.
  init(_ initializer: any Initializer, mean: Double = 0, variance: Double) {
    self.initializer = initializer
    self.mean = mean
    self.variance = variance
    bound = nil
    kurtosis = 3
  }

  /// Always the same number.
  init(_ initializer: any Initializer, always number: Double) {
    self.initializer = initializer
    mean = number
    variance = 0
    bound = abs(number)
    kurtosis = 1
  }

  var word: String { type(of: initializer).word }
  var testDescription: String { word }
}

/// A filter of 64 over 32 channels: 288 numbers reach an output, 576 leave an input.
private let shape: Shape = [64, 32, 3, 3]
private let (fanIn, fanOut) = (288.0, 576.0)

let initializerRows: [InitializerRow] = [
  .init(Zeros(), always: 0),
  .init(with(ConstantInitializer()) { $0.value = 0.25 }, always: 0.25),
  .init(with(Uniform()) { $0.limit = 0.3 }, within: 0.3),
  .init(
    with(Normal()) {
      $0.mean = 1.5
      $0.deviation = 0.2
    }, mean: 1.5, variance: 0.04),
  .init(GlorotUniform(), within: (6 / (fanIn + fanOut)).squareRoot()),
  .init(GlorotNormal(), variance: 2 / (fanIn + fanOut)),
  .init(HeUniform(), within: (6 / fanIn).squareRoot()),
  .init(HeNormal(), variance: 2 / fanIn),
]

@Suite struct InitializerTests {
  private static func values(_ row: InitializerRow, seed: UInt64 = 1) -> [Double] {
    let stream = RandomStream(seed: seed, purpose: "test", name: row.word)
    let tensor = row.initializer.tensor(shape: shape, stream: stream)
    #expect(tensor.shape == shape)
    return tensor.values.map { Double($0) }
  }

  @Test private func `every initializer has a row`() {
    #expect(Set(initializerRows.map(\.word)) == Set(Catalogue.standard.initializers.words))
  }

  @Test(arguments: initializerRows)
  private func `the numbers have the moments of their distribution`(_ row: InitializerRow) {
    let values = InitializerTests.values(row)
    let count = Double(values.count)
    let mean = values.reduce(0, +) / count
    let variance = values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / count
    // Five standard errors.
    #expect(abs(mean - row.mean) <= 5 * (row.variance / count).squareRoot() + 1e-9)
    let error = row.variance * ((row.kurtosis - 1) / count).squareRoot()
    #expect(abs(variance - row.variance) <= 5 * error + 1e-12)
    guard let bound = row.bound else { return }
    let largest = values.reduce(0) { max($0, abs($1)) }
    #expect(largest <= bound * (1 + 1e-6) && largest >= bound * 0.999)
  }

  @Test(arguments: initializerRows)
  private func `another stream gives other numbers, the same one the same`(_ row: InitializerRow) {
    let values = InitializerTests.values(row)
    #expect(values == InitializerTests.values(row))
    #expect((values == InitializerTests.values(row, seed: 2)) == (row.variance == 0))
  }

  @Test private func `fans count what reaches an output and leaves an input`() {
    let matrix = Fans([3, 5])
    #expect(matrix.fanIn == 5 && matrix.fanOut == 3)
    let filter = Fans([4, 2, 3, 5])
    #expect(filter.fanIn == 30 && filter.fanOut == 60)
    let vector = Fans([7])
    #expect(vector.fanIn == 1 && vector.fanOut == 7)
  }
}
