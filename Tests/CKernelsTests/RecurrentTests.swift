import CKernels
import Foundation
import Testing

struct ScanCase: CustomTestStringConvertible, Sendable {
  let cell: nn_cell
  var batch = 2
  var steps = 3
  var units = 5
  var reversed = false
  var hasBias = true

  var gates: Int { cell == NN_CELL_LSTM ? 4 : cell == NN_CELL_GRU ? 3 : 1 }
  var width: Int { gates * units }
  var order: [Int] { reversed ? (0..<steps).reversed() : Array(0..<steps) }

  var testDescription: String {
    "cell \(cell.rawValue), \(batch)×\(steps)×\(units)\(reversed ? " back" : "")"
  }
}

private let cells = [NN_CELL_TANH, NN_CELL_RELU, NN_CELL_LSTM, NN_CELL_GRU]

private let small: [ScanCase] = cells.flatMap { cell in
  [ScanCase(cell: cell), ScanCase(cell: cell, steps: 4, units: 3, reversed: true)]
}

/// More sequences than a scan takes at a time, ragged panels, more depth than a panel's block.
private let large: [ScanCase] = cells.flatMap { cell in
  [
    ScanCase(cell: cell, batch: 1, steps: 1, units: 1),
    ScanCase(cell: cell, batch: 70, steps: 2, units: 17),
    ScanCase(cell: cell, batch: 3, steps: 3, units: 300, hasBias: false),
    ScanCase(cell: cell, batch: 9, steps: 4, units: 48, reversed: true),
  ]
}

private func sigmoid(_ x: Double) -> Double { 1 / (1 + exp(-x)) }

/// h: [batch, steps, units] in double, by definition.
private func states(
  _ test: ScanCase, _ x: [Double], _ weight: [Double], _ bias: [Double]
) -> [Double] {
  let (units, width) = (test.units, test.width)
  var result = [Double](repeating: 0, count: test.batch * test.steps * units)
  for sequence in 0..<test.batch {
    var h = [Double](repeating: 0, count: units)
    var c = h
    for step in test.order {
      let row = (sequence * test.steps + step) * width
      let q = (0..<width).map { gate in
        (0..<units).reduce(bias[gate]) { $0 + weight[gate * units + $1] * h[$1] }
      }
      for unit in 0..<units {
        func sum(_ gate: Int) -> Double { x[row + gate * units + unit] + q[gate * units + unit] }
        switch test.cell {
        case NN_CELL_TANH: h[unit] = tanh(sum(0))
        case NN_CELL_RELU: h[unit] = max(sum(0), 0)
        case NN_CELL_LSTM:
          c[unit] = sigmoid(sum(1)) * c[unit] + sigmoid(sum(0)) * tanh(sum(2))
          h[unit] = sigmoid(sum(3)) * tanh(c[unit])
        default:
          let n = tanh(x[row + 2 * units + unit] + sigmoid(sum(0)) * q[2 * units + unit])
          h[unit] = (1 - sigmoid(sum(1))) * n + sigmoid(sum(1)) * h[unit]
        }
        result[(sequence * test.steps + step) * units + unit] = h[unit]
      }
    }
  }
  return result
}

/// A scan there and back on this module's loops.
private struct Scan {
  var h: [Float]
  var dx: [Float]
  var dq: [Float]

  /// - inPlace: whether the gates go where x was, and their gradients where the gates were.
  init(
    _ test: ScanCase, _ x: [Float], _ weight: [Float], _ bias: [Float], _ dh: [Float],
    inPlace: Bool = false
  ) throws {
    var shape = nn_scan_shape(
      cell: test.cell, batch: Int64(test.batch), steps: Int64(test.steps),
      units: Int64(test.units), reversed: test.reversed, operands: NN_OPERANDS_F32)
    let scan = try #require(nn_scan_create(&shape))
    defer { nn_scan_destroy(scan) }
    let keeps = test.gates > 1
    // Elements behind a result that nobody may write.
    func garbage(_ count: Int) -> UnsafeMutablePointer<Float> {
      let memory = UnsafeMutablePointer<Float>.allocate(capacity: count + 32)
      memory.initialize(repeating: .nan, count: count)
      (memory + count).initialize(repeating: 12345, count: 32)
      return memory
    }
    func taken(_ memory: UnsafeMutablePointer<Float>, _ count: Int) -> [Float] {
      #expect((count..<count + 32).allSatisfy { memory[$0] == 12345 })
      return Array(UnsafeBufferPointer(start: memory, count: count))
    }
    let (large, small) = (x.count, dh.count)
    let (input, gates, dx, dq) = (garbage(large), garbage(large), garbage(large), garbage(large))
    let (h, side) = (garbage(small), garbage(small))
    defer { for memory in [input, gates, dx, dq, h, side] { memory.deallocate() } }
    input.update(from: x, count: large)
    let kept = inPlace ? input : gates
    nn_scan_run(
      scan, input, weight, test.hasBias ? bias : nil, h, keeps ? kept : nil, keeps ? side : nil)
    let gradient = inPlace && keeps ? kept : dx
    nn_scan_gradient(
      scan, weight, dh, h, keeps ? kept : nil, keeps ? side : nil, gradient,
      test.cell == NN_CELL_GRU ? dq : nil)
    _ = taken(side, small)
    self.h = taken(h, small)
    self.dx = taken(gradient, large)
    self.dq = taken(test.cell == NN_CELL_GRU ? dq : gradient, large)
  }
}

extension KernelTests {
  @Suite struct RecurrentTests {
    private func operands(_ test: ScanCase) -> (
      x: [Float], weight: [Float], bias: [Float], dh: [Float]
    ) {
      let scale = 1 / Float(test.units).squareRoot()
      let bias = numbers(test.width, seed: 3, scale: scale)
      return (
        numbers(test.batch * test.steps * test.width),
        numbers(test.width * test.units, seed: 2, scale: scale),
        test.hasBias ? bias : bias.map { _ in 0 },
        numbers(test.batch * test.steps * test.units, seed: 4)
      )
    }

    @Test(arguments: small + large, levels)
    func `a scan gives the states of its definition`(_ test: ScanCase, _ level: Int32) throws {
      let (x, weight, bias, dh) = operands(test)
      let exact = states(
        test, x.map(Double.init), weight.map(Double.init), bias.map(Double.init))
      try onLevel(level) {
        let scan = try Scan(test, x, weight, bias, dh)
        expectClose(scan.h, exact, absolute: 3e-6, "\(test) on level \(level)")
        #expect((scan.dx + scan.dq).allSatisfy { $0.isFinite })
        let again = try Scan(test, x, weight, bias, dh, inPlace: true)
        #expect(bits(again.h) == bits(scan.h))
        #expect(bits(again.dx) == bits(scan.dx))
        #expect(bits(again.dq) == bits(scan.dq))
      }
    }

    @Test(arguments: small, levels)
    func `a scan's gradients are the slopes of its states`(
      _ test: ScanCase, _ level: Int32
    ) throws {
      let (x, weight, bias, dh) = operands(test)
      let scan = try onLevel(level) { try Scan(test, x, weight, bias, dh) }
      let (wideX, wideWeight) = (x.map(Double.init), weight.map(Double.init))
      func slope(_ values: [Double], _ index: Int, _ result: ([Double]) -> [Double]) -> Double {
        func number(_ offset: Double) -> Double {
          var moved = values
          moved[index] += offset
          return zip(result(moved), dh).reduce(0) { $0 + $1.0 * Double($1.1) }
        }
        return (number(1e-5) - number(-1e-5)) / 2e-5
      }
      let wideBias = bias.map(Double.init)
      let dx = x.indices.map { index in
        slope(wideX, index) { states(test, $0, wideWeight, wideBias) }
      }
      expectClose(scan.dx, dx, absolute: 5e-6)
      // What the bias changes is the sum over all steps.
      let dbias = bias.indices.map { index in
        slope(wideBias, index) { states(test, wideX, wideWeight, $0) }
      }
      let sums = bias.indices.map { gate in
        stride(from: gate, to: scan.dq.count, by: test.width).reduce(Float(0)) {
          $0 + scan.dq[$1]
        }
      }
      expectClose(sums, dbias, absolute: 1e-5)
    }

    @Test(arguments: large)
    func `both vector levels give the same bits`(_ test: ScanCase) throws {
      guard nn_isa_best() == Int32(NN_ISA_AVX512.rawValue) else { return }
      let (x, weight, bias, dh) = operands(test)
      let runs = try [NN_ISA_AVX2, NN_ISA_AVX512].map { level in
        try onLevel(Int32(level.rawValue)) { try Scan(test, x, weight, bias, dh) }
      }
      #expect(bits(runs[0].h) == bits(runs[1].h))
      #expect(bits(runs[0].dx) == bits(runs[1].dx))
      #expect(bits(runs[0].dq) == bits(runs[1].dq))
    }

    @Test func `a sequence gives the same bits alone and among others`() throws {
      for cell in cells {
        let many = ScanCase(cell: cell, batch: 67, steps: 3, units: 20)
        let (x, weight, bias, dh) = operands(many)
        let all = try Scan(many, x, weight, bias, dh)
        let (row, state) = (many.steps * many.width, many.steps * many.units)
        for sequence in [0, 40, 66] {
          let alone = try Scan(
            ScanCase(cell: cell, batch: 1, steps: 3, units: 20),
            Array(x[sequence * row..<(sequence + 1) * row]), weight, bias,
            Array(dh[sequence * state..<(sequence + 1) * state]))
          #expect(bits(alone.h) == bits(Array(all.h[sequence * state..<(sequence + 1) * state])))
          #expect(bits(alone.dq) == bits(Array(all.dq[sequence * row..<(sequence + 1) * row])))
        }
      }
    }

    @Test func `an empty scan is refused in words`() {
      var shape = nn_scan_shape(
        cell: NN_CELL_LSTM, batch: 1, steps: 0, units: 3, reversed: false, operands: NN_OPERANDS_F32
      )
      #expect(nn_scan_create(&shape) == nil)
      #expect(String(cString: nn_last_error()).contains("0 steps"))
    }
  }
}
