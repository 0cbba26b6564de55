import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

#if canImport(Glibc)
  import Glibc
#endif

/// What random layers do to many values at once, against what chance allows.
@Suite struct NoiseTests {
  /// What a layer in training makes of rows of one value, row major.
  private static func noisy(
    _ layer: String, width: Int, rows: Int, value: (Int) -> Double = { _ in 1 }
  ) throws -> [Double] {
    let lowering = lower([layer], input: [width], target: .number([width]))
    let model = try #require(lowering.model)
    var test = model.testCase(rows: rows)
    test.data[try #require(model.graph.inputs.first).value] = (0..<rows * width).map(value)
    let prediction = try #require(model.heads.first).prediction
    let values = try #require(evaluateReference(test)[prediction]).values
    // The engine draws the same numbers, however the batch is cut.
    #expect(checkKernels(test, shards: [rows, rows / 3], tolerance: 1e-4) == [])
    return values
  }

  private static func moments(_ values: [Double]) -> (mean: Double, variance: Double) {
    let mean = values.reduce(0, +) / Double(values.count)
    return (mean, values.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(values.count))
  }

  @Test private func `noise has the deviation that is asked for, and the tails of a normal one`()
    throws
  {
    let values = try NoiseTests.noisy("gaussian_noise: 0.5", width: 100, rows: 300)
    let (mean, variance) = NoiseTests.moments(values)
    // 30,000 numbers: the mean's deviation is 0.0029, the variance's 0.002.
    #expect(abs(mean - 1) < 0.015)
    #expect(abs(variance - 0.25) < 0.011)
    let scaled = values.map { ($0 - 1) / 0.5 }
    // Of a normal distribution 68.27 % lie within one deviation, 4.55 % beyond two; ± 5 deviations.
    #expect(abs(Double(scaled.count { abs($0) < 1 }) / 30_000 - 0.6827) < 0.014)
    #expect(abs(Double(scaled.count { abs($0) > 2 }) / 30_000 - 0.0455) < 0.006)
    #expect(scaled.allSatisfy { $0.isFinite && abs($0) < 6 })
    // No two neighbours are alike.
    let products = zip(scaled, scaled.dropFirst()).map { $0 * $1 }
    #expect(abs(NoiseTests.moments(products).mean) < 0.03)
  }

  @Test private func `alpha dropout keeps mean and variance`() throws {
    // Any numbers of mean 0 and variance 1.
    func input(_ place: Int) -> Double { place % 2 == 0 ? 1 : -1 }
    let values = try NoiseTests.noisy("alpha_dropout: 0.25", width: 100, rows: 300, value: input)
    let (mean, variance) = NoiseTests.moments(values)
    #expect(abs(mean) < 0.03)
    #expect(abs(variance - 1) < 0.03)
    // Three values: a dropped one, and both of those kept; 22,500 ± 75 are kept.
    let lowest = -1.758_099_340_847_376_6
    let scale = 1 / (0.75 * (1 + 0.25 * lowest * lowest)).squareRoot()
    let dropped = scale * lowest - scale * 0.25 * lowest
    let kept = values.count { abs($0 - dropped) > 1e-5 }
    #expect((22_125...22_875).contains(kept))
    #expect(
      values.allSatisfy { value in
        [lowest, -1, 1].contains { abs(value - scale * ($0 - 0.25 * lowest)) < 1e-5 }
      })
  }

  @Test private func `drop path decides once for each sample`() throws {
    let values = try NoiseTests.noisy("drop_path: 0.75", width: 7, rows: 600)
    let rows = stride(from: 0, to: values.count, by: 7).map { Array(values[$0..<$0 + 7]) }
    #expect(rows.allSatisfy { row in row.allSatisfy { $0 == row[0] } })
    #expect(rows.allSatisfy { $0[0] == 0 || $0[0] == 4 })
    // Binomial with 600 trials of 0.25: 150 ± 10.6.
    #expect((97...203).contains(rows.count { $0[0] == 4 }))
  }

  @Test private func `a residual of dropped paths is its input`() throws {
    let lowering = lower(
      ["residual: [{activation: softplus}, {drop_path: 0.5}]"],
      input: [3], target: .number([3]))
    let model = try #require(lowering.model)
    var test = model.testCase(rows: 200)
    let x = (0..<600).map { Double($0 % 5) - 2 }
    test.data[try #require(model.graph.inputs.first).value] = x
    let prediction = try #require(model.heads.first).prediction
    let values = try #require(evaluateReference(test)[prediction]).values
    var same = 0
    for row in 0..<200 {
      let places = row * 3..<row * 3 + 3
      let added = places.map { (values[$0] - x[$0]) / log1p(exp(x[$0])) }
      // Nothing, or twice the residual, for the whole sample.
      #expect(added.allSatisfy { abs($0 - added[0]) < 1e-9 })
      #expect(abs(added[0]) < 1e-9 || abs(added[0] - 2) < 1e-9)
      if abs(added[0]) < 1e-9 { same += 1 }
    }
    // Binomial with 200 trials of a half: 100 ± 7.1.
    #expect((65...135).contains(same))
  }

  @Test(arguments: ["gaussian_noise: 1", "alpha_dropout: 0.5", "drop_path: 0.5"])
  private func `two layers of one kind draw numbers of their own`(_ layer: String) throws {
    let lowering = lower(
      ["{\(layer), id: a, from: x}", "{\(layer), id: b, from: x}", "{subtract: [a, b]}"],
      input: [4], target: .number([4]))
    let model = try #require(lowering.model)
    let test = model.testCase(rows: 50)
    let prediction = try #require(model.heads.first).prediction
    let values = try #require(evaluateReference(test)[prediction]).values
    #expect(values.count { $0 != 0 } > 20)
  }
}
