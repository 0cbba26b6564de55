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
  var isRandom = true
  /// A filter of 64 over 32 channels: 288 numbers reach an output, 576 leave an input.
  var shape: Shape = [64, 32, 3, 3]

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

  /// Normally distributed up to two deviations, given with the variance that is left.
  init(_ initializer: any Initializer, withinTwoDeviations variance: Double, mean: Double = 0) {
    self.initializer = initializer
    self.mean = mean
    self.variance = variance
    bound = mean == 0 ? 2 * (variance / 0.773_741_3).squareRoot() : nil
    kurtosis = 2.3656
  }

  /// A share of zeros, the others normally distributed.
  init(_ initializer: any Initializer, zeros share: Double, variance: Double) {
    self.initializer = initializer
    mean = 0
    self.variance = (1 - share) * variance
    bound = nil
    kurtosis = 3 / (1 - share)
  }

  /// A share of ones, the others zeros, at places that are always the same.
  init(_ initializer: any Initializer, ones share: Double, of shape: Shape) {
    self.initializer = initializer
    mean = share
    variance = share * (1 - share)
    bound = 1
    kurtosis = 1
    isRandom = false
    self.shape = shape
  }

  /// Always the same number.
  init(_ initializer: any Initializer, always number: Double) {
    self.initializer = initializer
    mean = number
    variance = 0
    bound = abs(number)
    kurtosis = 1
    isRandom = false
  }

  var word: String { type(of: initializer).word }
  var testDescription: String { word }
}

private let (fanIn, fanOut) = (288.0, 576.0)

let initializerRows: [InitializerRow] = [
  .init(Zeros(), always: 0),
  .init(Ones(), always: 1),
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
  .init(LeCunUniform(), within: (3 / fanIn).squareRoot()),
  .init(LeCunNormal(), variance: 1 / fanIn),
  .init(with(TruncatedNormal()) { $0.deviation = 0.5 }, withinTwoDeviations: 0.25 * 0.773_741_3),
  .init(
    with(TruncatedNormal()) { ($0.deviation, $0.mean) = (0.1, -3) },
    withinTwoDeviations: 0.01 * 0.773_741_3, mean: -3),
  .init(VarianceScaling(), withinTwoDeviations: 1 / fanIn),
  .init(
    with(VarianceScaling()) { ($0.scale, $0.mode, $0.distribution) = (2, .fanOut, .normal) },
    variance: 2 / fanOut),
  .init(
    with(VarianceScaling()) { ($0.mode, $0.distribution) = (.fanAvg, .uniform) },
    within: (6 / (fanIn + fanOut)).squareRoot()),
  .init(with(Orthogonal()) { $0.gain = 3 }, variance: 9 / fanIn),
  .init(with(Sparse()) { ($0.sparsity, $0.deviation) = (0.75, 0.2) }, zeros: 0.75, variance: 0.04),
  .init(IdentityMatrix(), ones: 0.25, of: [2, 4]),
  .init(Dirac(), ones: 1.0 / 6, of: [2, 2, 1, 3]),
  // Without the file, which is not the initializer's to read.
  .init(with(FromFile()) { ($0.file, $0.tensor) = ("a", "b") }, always: 0),
]

@Suite struct InitializerTests {
  private static func values(_ row: InitializerRow, seed: UInt64 = 1) -> [Double] {
    let stream = RandomStream(seed: seed, purpose: "test", name: row.word)
    let tensor = row.initializer.tensor(shape: row.shape, stream: stream)
    #expect(tensor.shape == row.shape)
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
    #expect((values == InitializerTests.values(row, seed: 2)) == !row.isRandom)
  }

  @Test private func `fans count what reaches an output and leaves an input`() {
    let matrix = Fans([3, 5])
    #expect(matrix.fanIn == 5 && matrix.fanOut == 3)
    let filter = Fans([4, 2, 3, 5])
    #expect(filter.fanIn == 30 && filter.fanOut == 60)
    let vector = Fans([7])
    #expect(vector.fanIn == 1 && vector.fanOut == 7)
  }

  @Test(arguments: [
    [64, 32, 3, 3], [40, 40], [50, 20], [7, 3, 5], [1, 9], [9], [1], [300, 300],
  ])
  private func `orthogonal rows or columns are at right angles`(_ sizes: [Int]) {
    let shape = Shape(sizes)
    let tensor = with(Orthogonal()) { $0.gain = 2 }
      .tensor(shape: shape, stream: RandomStream(seed: 5, purpose: "test"))
    let rows = shape.rank > 1 ? shape[0] : 1
    let columns = shape.count / rows
    func element(_ vector: Int, _ index: Int) -> Double {
      Double(tensor.values[rows < columns ? vector * columns + index : index * columns + vector])
    }
    var error = 0.0
    for a in 0..<min(rows, columns) {
      for b in 0...a {
        let product = (0..<max(rows, columns)).reduce(0.0) { $0 + element(a, $1) * element(b, $1) }
        error = max(error, abs(product - (a == b ? 4 : 0)))
      }
    }
    #expect(error < 2e-6)
  }

  @Test private func `a matrix of one number is turned as often to one side as to the other`() {
    let signs = (0..<200).map { seed in
      Orthogonal().tensor(shape: [1, 1], stream: RandomStream(seed: seed, purpose: "test")).values[
        0]
    }
    #expect(signs.allSatisfy { abs($0) == 1 })
    #expect((60...140).contains(signs.count { $0 > 0 }))
  }

  @Test private func `an orthogonal matrix that would take hours is refused`() throws {
    try Orthogonal().check([8192, 8192])
    try Orthogonal().check([64, 32, 3, 3])
    let sizes: [Shape] = [[20_000, 20_000], [1_000_000_000, 1_000_000_000, 1000, 1000]]
    for shape in sizes { #expect(throws: ShapeError.self) { try Orthogonal().check(shape) } }
  }

  @Test private func `sparse has the same number of zeros in each column`() {
    let sparse = with(Sparse()) { $0.sparsity = 0.3 }
    let values = sparse.tensor(shape: [10, 2, 3], stream: RandomStream(seed: 1, purpose: "test"))
      .values
    for column in 0..<6 { #expect((0..<10).count { values[$0 * 6 + column] == 0 } == 3) }
  }

  @Test(arguments: [
    (
      "{dense: {units: 2, weight_init: dirac}}",
      "'dirac' is for the filters of a convolution, and these parameters are [2, 4]"
    ),
    (
      "{dense: {units: 2, bias_init: identity}}",
      "'identity' is a matrix, and these parameters are [2]"
    ),
    (
      "{dense: {units: 2, bias_init: dirac}}",
      "'dirac' is for the filters of a convolution, and these parameters are [2]"
    ),
  ])
  private func `what cannot be filled is told at the layer`(_ layer: String, _ message: String) {
    #expect(lower([layer], input: [4], target: .number([2])).problems == [message])
  }

  @Test(arguments: [
    "{conv2d: {filters: 3, kernel: 3, weight_init: identity}}",
    "{conv2d: {filters: 3, kernel: 3, weight_init: {dirac: {groups: 2}}}}",
  ])
  private func `filters are told apart from matrices`(_ layer: String) {
    let lowering = lower([layer, "flatten", "dense: 2"], input: [2, 4, 4], target: .number([2]))
    #expect(lowering.problems.count == 1)
  }
}
