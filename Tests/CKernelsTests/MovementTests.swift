import CKernels
import Testing

extension KernelTests {
  @Suite struct MovementTests {
    @Test(
      arguments: [
        (1, 1, 1), (2, 1, 5), (3, 5, 1), (1, 16, 16), (2, 3, 100), (2, 100, 3), (1, 33, 47),
        (3, 64, 32), (1, 15, 17),
      ], levels)
    func `a transpose exchanges the last two axes`(_ shape: (Int, Int, Int), _ level: Int32) {
      let (outer, a, b) = shape
      let x = numbers(outer * a * b)
      // The guard behind shows whether blocks are stored beyond the end.
      var y = [Float](repeating: 9, count: x.count + 32)
      onLevel(level) { nn_transpose(x, &y, Int64(outer), Int64(a), Int64(b)) }
      var expected = [Float](repeating: 9, count: x.count + 32)
      for o in 0..<outer {
        for i in 0..<a {
          for j in 0..<b { expected[(o * b + j) * a + i] = x[(o * a + i) * b + j] }
        }
      }
      #expect(y == expected)
    }

    @Test func `rows are gathered by index`() {
      let table = numbers(12)
      var out = [Float](repeating: 0, count: 9)
      nn_gather_rows(table, [3, 0, 3], &out, 3, 3, 4)
      #expect(out == Array(table[9...]) + table[..<3] + table[9...])
    }

    @Test func `an index beyond the table gathers zeros and scatters nothing`() {
      let table = numbers(12)
      var out = [Float](repeating: 9, count: 9)
      nn_gather_rows(table, [-1, 4, .max], &out, 3, 3, 4)
      #expect(out == .init(repeating: 0, count: 9))
      var sum = [Float](repeating: 9, count: 13)
      nn_scatter_add_rows(numbers(9), [.min, 4, 1], nil, &sum, 3, 3, 4, -1)
      #expect(sum == [0, 0, 0] + numbers(9)[6...] + [0, 0, 0, 0, 0, 0, 9])
    }

    @Test func `rows are added where their index says, but for the one to skip`() {
      let x: [Float] = [1, 2, 10, 20, 100, 200, 1000, 2000]
      var sum = [Float](repeating: 9, count: 6)
      nn_scatter_add_rows(x, [2, 0, 2, 1], nil, &sum, 4, 2, 3, -1)
      #expect(sum == [10, 20, 1000, 2000, 101, 202])
      nn_scatter_add_rows(x, [2, 0, 2, 1], nil, &sum, 4, 2, 3, 2)
      #expect(sum == [10, 20, 1000, 2000, 0, 0])
      nn_scatter_add_rows(x, [2, 0, 2, 1], [1, 2, 3, 4, 5, 6], &sum, 4, 2, 3, -1)
      #expect(sum == [11, 22, 1003, 2004, 106, 208])
      // Onto itself.
      sum.withUnsafeMutableBufferPointer { sum in
        nn_scatter_add_rows(x, [2, 0, 2, 1], sum.baseAddress, sum.baseAddress, 2, 2, 3, -1)
      }
      #expect(sum == [21, 42, 1003, 2004, 107, 210])
    }

    @Test(arguments: [1, 7, 8, 20, 25])
    func `runs are copied between strides`(_ run: Int) {
      let x = numbers(100)
      var y = [Float](repeating: 9, count: 120)
      nn_copy_strided(x, &y, 4, 25, 30, Int64(run))
      for o in 0..<4 {
        #expect(Array(y[o * 30..<o * 30 + run]) == Array(x[o * 25..<o * 25 + run]))
        #expect(y[o * 30 + run..<(o + 1) * 30].allSatisfy { $0 == 9 })
      }
    }

    @Test func `dense runs are copied whole`() {
      var y = [Float](repeating: 9, count: 101)
      nn_copy_strided(numbers(100), &y, 4, 25, 25, 25)
      #expect(y == numbers(100) + [9])
    }

    @Test func `filling stops at the end`() {
      var y: [Float] = [1, 2, 3]
      nn_fill(&y, 7, 2)
      #expect(y == [7, 7, 3])
    }
  }
}
