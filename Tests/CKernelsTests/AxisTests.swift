import CKernels
import Testing

/// A tensor [outer, axis, inner] and what is made along its axis.
struct AxisCase: CustomTestStringConvertible, Sendable {
  var outer = 2
  var size = 5
  var inner = 3
  /// For each output the elements that make it with their weights.
  var taps: [[(source: Int, weight: Float)]] = []
  var fill: Float = 0

  var testDescription: String { "[\(outer), \(size), \(inner)] with \(taps)" }

  /// Where the elements of an output row lie that share an inner place.
  func start(_ outer: Int, _ inner: Int) -> Int { outer * size * self.inner + inner }
}

private let several: [[(source: Int, weight: Float)]] = [
  [(0, 1)], [(4, 0.25), (1, 0.75)], [], [(2, 1), (2, -3), (3, 0.5)], [(3, 2)], [],
]

private let cases: [AxisCase] = [
  .init(taps: several), .init(inner: 1, taps: several), .init(inner: 16, taps: several),
  .init(outer: 1, inner: 37, taps: several, fill: -2.5),
  .init(outer: 3, inner: 1, taps: several, fill: 7),
]

/// A window of an axis for each output.
private let windows: [Range<Int>] = [0..<1, 0..<3, 2..<5, 4..<5]

extension KernelTests {
  @Suite struct AxisTests {
    @Test(arguments: cases, levels)
    func `each element is the weighted sum of its taps`(_ test: AxisCase, _ level: Int32) {
      let x = numbers(test.outer * test.size * test.inner)
      var y = [Float](repeating: 9, count: test.outer * test.taps.count * test.inner)
      var first: [Int32] = [0]
      for taps in test.taps { first.append(first[first.count - 1] + Int32(taps.count)) }
      let all = test.taps.flatMap { $0 }
      let (source, weight) = (all.map { Int32($0.source) }, all.map(\.weight))
      first.withUnsafeBufferPointer { first in
        source.withUnsafeBufferPointer { source in
          weight.withUnsafeBufferPointer { weight in
            var map = nn_axis_map(
              outer: Int64(test.outer), in: Int64(test.size), out: Int64(test.taps.count),
              inner: Int64(test.inner), first: first.baseAddress, source: source.baseAddress,
              weight: weight.baseAddress, fill: test.fill)
            onLevel(level) { nn_map_axis(&map, x, &y) }
          }
        }
      }
      var expected: [Double] = []
      for outer in 0..<test.outer {
        for taps in test.taps {
          for inner in 0..<test.inner {
            let start = test.start(outer, inner)
            let sum = taps.reduce(0.0) {
              $0 + Double(x[start + $1.source * test.inner]) * Double($1.weight)
            }
            expected.append(taps.isEmpty ? Double(test.fill) : sum)
          }
        }
      }
      expectClose(y, expected)
    }

    @Test(arguments: [1, 3, 16, 37], levels)
    func `the largest of each window of an axis and its gradient are right`(
      _ inner: Int, _ level: Int32
    ) {
      let test = AxisCase(inner: inner)
      // Whole numbers from a small range make many equals, of which the first must win.
      let x = numbers(test.outer * test.size * inner, scale: 3).map { $0.rounded() }
      let count = test.outer * windows.count * inner
      let dy = numbers(count, seed: 2)
      var y = [Float](repeating: 9, count: count)
      var place = [Int32](repeating: -1, count: count)
      var dx = [Float](repeating: 9, count: x.count)
      let (begin, end) = (
        windows.map { Int32($0.lowerBound) }, windows.map { Int32($0.upperBound) }
      )
      let (outer, size, out) = (Int64(test.outer), Int64(test.size), Int64(windows.count))
      onLevel(level) {
        nn_max_axis(outer, size, out, Int64(inner), begin, end, x, &y, &place)
        nn_max_axis_gradient(outer, size, out, Int64(inner), dy, place, &dx)
      }
      var gradient = [Double](repeating: 0, count: x.count)
      for result in 0..<count {
        let window = windows[result / inner % windows.count]
        let start = test.start(result / inner / windows.count, result % inner)
        let largest = window.map { x[start + $0 * inner] }.max() ?? 0
        let first = window.first { x[start + $0 * inner] == largest } ?? 0
        #expect(y[result] == largest)
        #expect(place[result] == Int32(first))
        gradient[start + first * inner] += Double(dy[result])
      }
      expectClose(dx, gradient)
    }

    @Test func `a NaN wins its window along an axis`() {
      var y: [Float] = [0]
      var place: [Int32] = [-1]
      nn_max_axis(1, 3, 1, 1, [0], [3], [9, .nan, .nan], &y, &place)
      #expect(y[0].isNaN && place == [1])
    }
  }
}
