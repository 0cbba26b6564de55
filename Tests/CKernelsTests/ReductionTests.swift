import CKernels
import Foundation
import Testing

private let shapes = [
  (1, 1, 1), (3, 10, 1), (1, 1000, 1), (2, 5000, 1), (1, 7, 5), (1, 300, 10), (1, 500, 64),
  (2, 33, 100), (4, 5, 200), (1, 1, 70), (5, 129, 17), (2, 0, 3), (3, 0, 1),
]

extension KernelTests {
  @Suite struct ReductionTests {
    @Test(arguments: shapes, levels)
    func `sums and maxima run over the middle axis`(_ shape: (Int, Int, Int), _ level: Int32) {
      let (outer, middle, inner) = shape
      let x = numbers(outer * middle * inner)
      var sums = [Float](repeating: 7, count: outer * inner)
      var maxima = sums
      onLevel(level) {
        nn_reduce_sum(x, &sums, Int64(outer), Int64(middle), Int64(inner))
        nn_reduce_max(x, &maxima, Int64(outer), Int64(middle), Int64(inner))
      }
      var expectedSums: [Double] = []
      var expectedMaxima: [Float] = []
      for o in 0..<outer {
        for i in 0..<inner {
          let column = (0..<middle).map { x[(o * middle + $0) * inner + i] }
          expectedSums.append(column.reduce(0.0) { $0 + Double($1) })
          expectedMaxima.append(column.max() ?? -.infinity)
        }
      }
      expectClose(sums, expectedSums, absolute: 2e-5)
      #expect(maxima == expectedMaxima)
    }

    @Test(arguments: [(1, 1_000_003, 1), (1, 1_000_003, 3), (1, 250_001, 70)])
    func `a long sum keeps its digits`(_ outer: Int, _ middle: Int, _ inner: Int) {
      let x = numbers(outer * middle * inner).map { 1 + $0 * 0.1 }
      var y = [Float](repeating: 0, count: inner)
      nn_reduce_sum(x, &y, Int64(outer), Int64(middle), Int64(inner))
      for i in 0..<inner {
        var exact = 0.0
        for m in 0..<middle { exact += Double(x[m * inner + i]) }
        #expect(abs(Double(y[i]) - exact) / exact < 1e-6)
      }
    }

    @Test(arguments: [0, 5, 15, 16, 40, 69])
    func `a maximum does not lose a NaN`(_ place: Int) {
      var x = numbers(70)
      x[place] = .nan
      var y: [Float] = [0]
      nn_reduce_max(x, &y, 1, 70, 1)
      #expect(y[0].isNaN)
      var columns = [Float](repeating: 0, count: 7)
      nn_reduce_max(x, &columns, 1, 10, 7)
      #expect(columns.map(\.isNaN) == (0..<7).map { $0 == place % 7 })
    }

    @Test(arguments: [0, 1, 15, 16, 17, 5000])
    func `squares are summed and numbers checked to the last`(_ count: Int) {
      var x = numbers(count, scale: 1e20)
      let exact = x.reduce(0.0) { $0 + Double($1) * Double($1) }
      #expect(abs(nn_sum_of_squares(x, Int64(count)) - exact) <= 1e-12 * exact)
      #expect(nn_all_finite(x, Int64(count)))
      guard count > 0 else { return }
      for bad in [Float.infinity, -.infinity, .nan] {
        x[count - 1] = bad
        #expect(!nn_all_finite(x, Int64(count)))
        x[count - 1] = .greatestFiniteMagnitude
        #expect(nn_all_finite(x, Int64(count)))
      }
    }

    @Test(arguments: [1, 16, 37])
    func `accumulating adds in place`(_ count: Int) {
      var sum = numbers(count)
      nn_accumulate(&sum, numbers(count, seed: 2), Int64(count))
      #expect(sum == zip(numbers(count), numbers(count, seed: 2)).map { $0 + $1 })
    }

    @Test(arguments: [1, 2, 3, 4, 5, 6, 7, 8, 11, 64])
    func `the tree of a sum depends on the number of parts alone`(_ count: Int) {
      let length = 1300
      let parts = (0..<count).map { numbers(length, seed: UInt64($0) + 1) }
      func tree(_ span: Range<Int>, _ i: Int) -> Float {
        if span.count == 1 { return parts[span.lowerBound][i] }
        var split = 1
        while split * 2 < span.count { split *= 2 }
        let middle = span.lowerBound + split
        return tree(span.lowerBound..<middle, i) + tree(middle..<span.upperBound, i)
      }
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: count * length)
      defer { memory.deallocate() }
      for (number, part) in parts.enumerated() {
        (memory + number * length).initialize(from: part, count: length)
      }
      let pointers = (0..<count).map { Optional(UnsafePointer(memory + $0 * length)) }
      // In slices, out of order, into the first part.
      for slice in [700..<1300, 0..<1, 1..<700] {
        nn_sum_tree(memory, pointers, Int32(count), Int64(slice.lowerBound), Int64(slice.count))
      }
      let sums = Array(UnsafeBufferPointer(start: memory, count: length))
      #expect(bits(sums) == bits((0..<length).map { tree(0..<count, $0) }))
    }
  }
}
