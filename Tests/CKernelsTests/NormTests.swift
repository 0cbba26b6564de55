import CKernels
import Foundation
import Testing

extension KernelTests {
  @Suite struct NormTests {
    struct Size: CustomTestStringConvertible, Sendable {
      let rows: Int
      let columns: Int
      var centres = true
      var hasGain = true

      var testDescription: String {
        "\(rows)×\(columns)\(centres ? "" : ", by the root")\(hasGain ? "" : ", plain")"
      }
    }

    static let sizes = [(1, 1), (3, 5), (4, 16), (33, 20), (130, 48), (7, 700), (257, 17)].flatMap {
      rows, columns in
      [
        Size(rows: rows, columns: columns), Size(rows: rows, columns: columns, centres: false),
        Size(rows: rows, columns: columns, hasGain: false),
      ]
    }

    private struct Run {
      var y: [Float]
      var dx: [Float]
      var dgain: [Float]
      var doffset: [Float]

      /// - inPlace: whether dx goes where dy is.
      init(
        _ size: Size, _ x: [Float], _ gain: [Float], _ offset: [Float], _ dy: [Float],
        inPlace: Bool = false
      ) {
        var norm = nn_row_norm(
          rows: Int64(size.rows), columns: Int64(size.columns), eps: 1e-3, centres: size.centres)
        y = [Float](repeating: .nan, count: x.count)
        var scales = [Float](repeating: .nan, count: 2 * size.rows)
        let gain = size.hasGain ? gain : nil
        nn_row_norm_run(&norm, x, gain, size.hasGain ? offset : nil, &y, &scales)
        var scratch = [Float](repeating: .nan, count: Int(nn_row_norm_scratch(&norm)))
        dgain = [Float](repeating: .nan, count: size.columns)
        doffset = dgain
        dx = inPlace ? dy : y.map { _ in .nan }
        let read = dy
        dx.withUnsafeMutableBufferPointer { dx in
          read.withUnsafeBufferPointer { dy in
            guard let target = dx.baseAddress, let source = dy.baseAddress else { return }
            nn_row_norm_gradient(
              &norm, x, gain, scales, inPlace ? UnsafePointer(target) : source, target, &dgain,
              &doffset, &scratch)
          }
        }
      }
    }

    private func operands(_ size: Size) -> (
      x: [Float], gain: [Float], offset: [Float], dy: [Float]
    ) {
      let count = size.rows * size.columns
      // Far from zero, so that squares would cancel.
      let x = numbers(count, scale: 2).map { $0 + (size.centres ? 30 : 0.5) }
      return (
        x, numbers(size.columns, seed: 2), numbers(size.columns, seed: 3), numbers(count, seed: 4)
      )
    }

    @Test(arguments: sizes, levels)
    func `rows are normalised, and gradients go back, as by definition`(
      _ size: Size, _ level: Int32
    ) {
      let (x, gain, offset, dy) = operands(size)
      let (run, again) = onLevel(level) {
        (
          Run(size, x, gain, offset, dy), Run(size, x, gain, offset, dy, inPlace: true)
        )
      }
      #expect(bits(run.dx) == bits(again.dx))
      let n = size.columns
      var (y, dx) = ([Double](), [Double]())
      var dgain = [Double](repeating: 0, count: n)
      var doffset = dgain
      for first in stride(from: 0, to: x.count, by: n) {
        let row = x[first..<first + n].map(Double.init)
        let mean = size.centres ? row.reduce(0, +) / Double(n) : 0
        let variance = row.reduce(0.0) { $0 + ($1 - mean) * ($1 - mean) } / Double(n)
        let inverse = 1 / (variance + Double(Float(1e-3))).squareRoot()
        let normal = row.map { ($0 - mean) * inverse }
        let slopes = (0..<n).map { Double(dy[first + $0]) * (size.hasGain ? Double(gain[$0]) : 1) }
        let slope = size.centres ? slopes.reduce(0, +) / Double(n) : 0
        let product = zip(slopes, normal).reduce(0.0) { $0 + $1.0 * $1.1 } / Double(n)
        for i in 0..<n {
          y.append(
            size.hasGain ? normal[i] * Double(gain[i]) + Double(offset[i]) : normal[i])
          dx.append(inverse * (slopes[i] - slope - normal[i] * product))
          dgain[i] += Double(dy[first + i]) * normal[i]
          doffset[i] += Double(dy[first + i])
        }
      }
      // The mean of thirties has an error of two millionths.
      expectClose(run.y, y, absolute: n == 1 ? 1e-3 : 1e-5, "y")
      expectClose(run.dx, dx, absolute: n == 1 ? 1e-3 : 1e-5, "dx")
      expectClose(run.dgain, dgain, absolute: n == 1 ? 1e-3 : 3e-5, "dgain")
      expectClose(run.doffset, doffset, absolute: 3e-6, "doffset")
    }

    @Test(arguments: sizes)
    func `both vector levels normalise with the same bits`(_ size: Size) {
      guard nn_isa_best() == Int32(NN_ISA_AVX512.rawValue) else { return }
      let (x, gain, offset, dy) = operands(size)
      let runs = [NN_ISA_AVX2, NN_ISA_AVX512].map { level in
        onLevel(Int32(level.rawValue)) { Run(size, x, gain, offset, dy) }
      }
      #expect(bits(runs[0].y) == bits(runs[1].y))
      #expect(bits(runs[0].dx) == bits(runs[1].dx))
      #expect(bits(runs[0].dgain) == bits(runs[1].dgain))
      #expect(bits(runs[0].doffset) == bits(runs[1].doffset))
    }
  }
}
