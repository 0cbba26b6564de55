import CKernels
import Foundation
import Testing

private struct Shape: Sendable, CustomTestStringConvertible {
  var samples = 2
  var heads = 2
  let rows: Int
  let columns: Int
  var isCausal = false
  var isMasked = false

  var testDescription: String {
    "\(rows)×\(columns)\(isCausal ? ", causal" : "")\(isMasked ? ", masked" : "")"
  }

  var c: nn_attention {
    nn_attention(
      samples: Int64(samples), heads: Int64(heads), rows: Int64(rows), columns: Int64(columns),
      scale: 0.5, is_causal: isCausal)
  }

  /// Whether a row of a sample sees a column; of the last sample the mask hides everything.
  func sees(_ sample: Int, _ row: Int, _ column: Int) -> Bool {
    (!isCausal || column <= row) && (!isMasked || (sample == 0 && column % 3 != 0))
  }

  var mask: [Float] {
    (0..<samples).flatMap { s in
      (0..<columns).map { s == 0 && $0 % 3 != 0 ? 1 : 0 }
    }
  }
}

private let shapes: [Shape] = [(1, 1), (5, 7), (16, 16), (33, 33), (3, 600)].flatMap {
  rows, columns in
  [
    Shape(rows: rows, columns: columns), Shape(rows: rows, columns: columns, isCausal: true),
    Shape(rows: rows, columns: columns, isMasked: true),
    Shape(rows: rows, columns: columns, isCausal: true, isMasked: true),
  ]
}

extension KernelTests {
  @Suite struct AttentionTests {
    @Test(arguments: shapes, levels)
    fileprivate func `attention looks only at what it may see`(_ shape: Shape, _ level: Int32) {
      let count = shape.samples * shape.heads * shape.rows * shape.columns
      let x = numbers(count, scale: 8)
      // In place.
      var y = x
      var c = shape.c
      onLevel(level) { nn_attention_weights(&c, y, shape.isMasked ? shape.mask : nil, &y) }
      var expected: [Double] = []
      for line in 0..<(count / shape.columns) {
        let sample = line / (shape.heads * shape.rows)
        let terms = (0..<shape.columns).map { column in
          shape.sees(sample, line % shape.rows, column)
            ? exp(Double(x[line * shape.columns + column]) * 0.5) : 0
        }
        let total = terms.reduce(0, +)
        expected += terms.map { total == 0 ? 0 : $0 / total }
      }
      expectClose(y, expected, relative: 2e-6, absolute: 1e-30)

      let dy = numbers(count, seed: 3)
      var dx = dy
      onLevel(level) { nn_attention_weights_gradient(&c, y, dx, &dx) }
      var gradient: [Double] = []
      for first in stride(from: 0, to: count, by: shape.columns) {
        let row = first..<first + shape.columns
        let product = row.reduce(0.0) { $0 + Double(y[$1]) * Double(dy[$1]) }
        gradient += row.map { 0.5 * Double(y[$0]) * (Double(dy[$0]) - product) }
      }
      expectClose(dx, gradient)
    }

    @Test func `scores at the ends of the numbers do not overflow`() {
      var shape = nn_attention(
        samples: 1, heads: 1, rows: 1, columns: 3, scale: 1, is_causal: false)
      var y: [Float] = [3e38, -3e38, -.infinity]
      nn_attention_weights(&shape, y, nil, &y)
      #expect(y == [1, 0, 0])
      y = [1, .nan, 2]
      nn_attention_weights(&shape, y, nil, &y)
      #expect(y.allSatisfy { $0.isNaN })
      // What is not a number does not matter where nobody may look.
      y = [1, .nan, 1]
      nn_attention_weights(&shape, y, [1, 0, 1], &y)
      #expect(y == [0.5, 0, 0.5])
    }

    @Test(arguments: [1, 3, 16, 20], levels)
    func `pairs are turned by the angles of their positions`(_ half: Int, _ level: Int32) {
      let (outer, positions, heads) = (2, 3, 2)
      let x = numbers(outer * positions * heads * 2 * half)
      let angles = numbers(positions * half, seed: 4, scale: 3)
      var y = x
      onLevel(level) {
        nn_rotate_halves(
          y, angles.map { cos($0) }, angles.map { sin($0) }, &y, Int64(outer), Int64(positions),
          Int64(heads), Int64(half))
      }
      var expected = [Double](repeating: 0, count: x.count)
      for line in 0..<outer * positions * heads {
        for i in 0..<half {
          let angle = Double(angles[line / heads % positions * half + i])
          let (a, b) = (line * 2 * half + i, line * 2 * half + half + i)
          expected[a] = Double(x[a]) * cos(angle) - Double(x[b]) * sin(angle)
          expected[b] = Double(x[b]) * cos(angle) + Double(x[a]) * sin(angle)
        }
      }
      expectClose(y, expected, absolute: 1e-6)
    }
  }
}
