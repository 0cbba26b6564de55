import CKernels
import Foundation
import Testing

private let shapes = [(1, 1), (4, 2), (33, 10), (5, 16), (7, 17), (3, 100), (2, 1500)]

private func softmax(_ row: [Float]) -> [Double] {
  let largest = row.map(Double.init).max() ?? 0
  let terms = row.map { exp(Double($0) - largest) }
  let total = terms.reduce(0, +)
  return terms.map { $0 / total }
}

private func rows(_ x: [Float], _ columns: Int) -> [[Float]] {
  stride(from: 0, to: x.count, by: columns).map { Array(x[$0..<$0 + columns]) }
}

extension KernelTests {
  @Suite struct RowTests {
    @Test(arguments: shapes, levels)
    func `softmax and its logarithm are right`(_ shape: (Int, Int), _ level: Int32) {
      let (count, columns) = shape
      let x = numbers(count * columns, scale: 10)
      var y = x
      var logarithm = x
      onLevel(level) {
        nn_softmax(y, &y, Int64(count), Int64(columns))
        nn_log_softmax(x, &logarithm, Int64(count), Int64(columns))
      }
      let expected = rows(x, columns).flatMap(softmax)
      expectClose(y, expected, relative: 2e-6, absolute: 1e-30)
      expectClose(logarithm, expected.map { log($0) }, relative: 1e-6, absolute: 2e-6)
    }

    @Test(arguments: shapes, levels)
    func `gradients of softmax and its logarithm are right`(
      _ shape: (Int, Int), _ level: Int32
    ) {
      let (count, columns) = shape
      let x = numbers(count * columns, scale: 3)
      let dy = numbers(count * columns, seed: 2)
      var (y, logarithm) = (x, x)
      var (dx, dxOfLogarithm) = (dy, dy)
      onLevel(level) {
        nn_softmax(x, &y, Int64(count), Int64(columns))
        nn_log_softmax(x, &logarithm, Int64(count), Int64(columns))
        nn_softmax_gradient(y, dx, &dx, Int64(count), Int64(columns))
        nn_log_softmax_gradient(
          logarithm, dxOfLogarithm, &dxOfLogarithm, Int64(count), Int64(columns))
      }
      var (expected, expectedOfLogarithm): ([Double], [Double]) = ([], [])
      for (row, gradient) in zip(rows(x, columns), rows(dy, columns)) {
        let p = softmax(row)
        let product = zip(p, gradient).reduce(0.0) { $0 + $1.0 * Double($1.1) }
        let sum = gradient.reduce(0.0) { $0 + Double($1) }
        for (probability, g) in zip(p, gradient) {
          expected.append(probability * (Double(g) - product))
          expectedOfLogarithm.append(Double(g) - probability * sum)
        }
      }
      expectClose(dx, expected)
      expectClose(dxOfLogarithm, expectedOfLogarithm)
    }

    @Test(arguments: shapes, levels)
    func `cross entropy and its gradient are right`(_ shape: (Int, Int), _ level: Int32) {
      let (count, columns) = shape
      let logits = numbers(count * columns, scale: 5)
      let target = (0..<count).map { Int32($0 * 7 % columns) }
      let dloss = numbers(count, seed: 5)
      var loss = [Float](repeating: 0, count: count)
      var dlogits = logits
      onLevel(level) {
        nn_softmax_cross_entropy(logits, target, &loss, Int64(count), Int64(columns))
        nn_softmax_cross_entropy_gradient(
          dlogits, target, dloss, &dlogits, Int64(count), Int64(columns))
      }
      var (expected, gradient): ([Double], [Double]) = ([], [])
      for (r, row) in rows(logits, columns).enumerated() {
        let p = softmax(row)
        expected.append(-log(p[Int(target[r])]))
        for c in 0..<columns {
          gradient.append(Double(dloss[r]) * (p[c] - (c == Int(target[r]) ? 1 : 0)))
        }
      }
      expectClose(loss, expected, absolute: 2e-6)
      expectClose(dlogits, gradient)
    }

    @Test(arguments: levels)
    func `a row whose target is below zero has no loss and no gradient`(_ level: Int32) {
      let logits = numbers(20 * 5, scale: 5)
      let target = (0..<20).map { Int32($0 % 3 == 0 ? -1 : $0 % 5) }
      var loss = [Float](repeating: 9, count: 20)
      var dlogits = logits
      onLevel(level) {
        nn_softmax_cross_entropy(logits, target, &loss, 20, 5)
        nn_softmax_cross_entropy_gradient(
          dlogits, target, [Float](repeating: 1, count: 20), &dlogits, 20, 5)
      }
      for row in 0..<20 {
        #expect((loss[row] == 0) == (target[row] < 0))
        #expect(dlogits[row * 5..<row * 5 + 5].allSatisfy { $0 == 0 } == (target[row] < 0))
      }
    }

    @Test func `logits at the ends of the numbers do not overflow`() {
      let x: [Float] = [3e38, -3e38, 0, -.infinity, 1000, -1000, 1000, 0]
      var y = x
      nn_softmax(x, &y, 2, 4)
      #expect(y == [1, 0, 0, 0, 0.5, 0, 0.5, 0])
      var loss: [Float] = [9, 9]
      nn_softmax_cross_entropy(x, [0, 1], &loss, 2, 4)
      expectClose(loss, [0, 2000 + log(2)])
      nn_softmax([1, .nan, 2], &y, 1, 3)
      #expect(y[..<3].allSatisfy { $0.isNaN })
    }

    @Test func `picking and placing are each other's adjoint`() {
      let x = numbers(15)
      var picked: [Float] = [0, 0, 0]
      nn_pick(x, [4, 0, 2], &picked, 3, 5)
      #expect(picked == [x[4], x[5], x[12]])
      var placed = [Float](repeating: 9, count: 15)
      nn_place([1, 2, 3], [4, 0, 2], &placed, 3, 5)
      #expect(placed == [0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0, 0, 3, 0, 0])
    }
  }
}
