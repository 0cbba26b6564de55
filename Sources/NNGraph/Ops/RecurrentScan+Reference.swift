import NNTensor

/// Where the rows of a scan's tensors lie, and the order of its steps.
private struct ScanWalk {
  let steps: Int
  let units: Int
  let gates: Int
  let isReversed: Bool

  /// Steps in the order they are taken.
  var order: [Int] { isReversed ? (0..<steps).reversed() : Array(0..<steps) }

  /// The element of a unit in [batch, steps, units].
  func unit(_ sequence: Int, _ step: Int, _ unit: Int) -> Int {
    (sequence * steps + step) * units + unit
  }

  /// The element of a unit's gate in [batch, steps, gates · units].
  func gate(_ sequence: Int, _ step: Int, _ gate: Int, _ unit: Int) -> Int {
    ((sequence * steps + step) * gates + gate) * units + unit
  }
}

/// Numbers as the products of a weight take them.
private func operands(_ values: [Double], of weight: ReferenceTensor) -> [Double] {
  weight.type.dataType == .bfloat16 ? values.map { roundedToBFloat16($0) } : values
}

private func sigmoid(_ x: Double) -> Double { UnaryFunction.sigmoid(x) }
private func tanh(_ x: Double) -> Double { UnaryFunction.tanh(x) }

extension RecurrentScan {
  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let (x, weight) = (inputs[0].values, inputs[1].values)
    let units = outputs[0].shape[1]
    let walk = ScanWalk(
      steps: outputs[0].shape[0], units: units, gates: cell.gates, isReversed: isReversed)
    for sequence in 0..<rows {
      var h = [Double](repeating: 0, count: units)
      var c = h
      for step in walk.order {
        let operand = operands(h, of: inputs[1])
        let q = (0..<cell.gates * units).map { row in
          (0..<units).reduce(inputs.count > 2 ? inputs[2].values[row] : 0) {
            $0 + weight[row * units + $1] * operand[$1]
          }
        }
        for unit in 0..<units {
          func sum(_ gate: Int) -> Double {
            x[walk.gate(sequence, step, gate, unit)] + q[gate * units + unit]
          }
          var gates: [Double] = []
          var side = 0.0
          switch cell {
          case .tanh: h[unit] = tanh(sum(0))
          case .relu: h[unit] = max(sum(0), 0)
          case .lstm:
            gates = [sigmoid(sum(0)), sigmoid(sum(1)), tanh(sum(2)), sigmoid(sum(3))]
            c[unit] = gates[1] * c[unit] + gates[0] * gates[2]
            side = c[unit]
            h[unit] = gates[3] * tanh(c[unit])
          case .gru:
            side = q[2 * units + unit]
            let reset = sigmoid(sum(0))
            let candidate = tanh(x[walk.gate(sequence, step, 2, unit)] + reset * side)
            gates = [reset, sigmoid(sum(1)), candidate]
            h[unit] = (1 - gates[1]) * candidate + gates[1] * h[unit]
          }
          results[0].values[walk.unit(sequence, step, unit)] = h[unit]
          guard cell.keepsGates else { continue }
          for (gate, value) in gates.enumerated() {
            results[1].values[walk.gate(sequence, step, gate, unit)] = value
          }
          results[2].values[walk.unit(sequence, step, unit)] = side
        }
      }
    }
    return results
  }
}

extension RecurrentScanGradient {
  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let (weight, dhs, hs) = (inputs[0].values, inputs[1].values, inputs[2].values)
    let units = inputs[1].type.shape[1]
    let walk = ScanWalk(
      steps: inputs[1].type.shape[0], units: units, gates: cell.gates, isReversed: isReversed)
    let order = walk.order
    for sequence in 0..<rows {
      // What later steps give the state, and the c of lstm.
      var later = [Double](repeating: 0, count: units)
      var dc = later
      for (index, step) in order.enumerated().reversed() {
        func before(_ values: [Double], _ unit: Int) -> Double {
          index == 0 ? 0 : values[walk.unit(sequence, order[index - 1], unit)]
        }
        var dq = [Double](repeating: 0, count: cell.gates * units)
        var direct = [Double](repeating: 0, count: units)
        for unit in 0..<units {
          let place = walk.unit(sequence, step, unit)
          let dh = dhs[place] + later[unit]
          let gates = (0..<cell.gates).map { gate in
            cell.keepsGates ? inputs[3].values[walk.gate(sequence, step, gate, unit)] : 0
          }
          var dx: [Double]
          switch cell {
          case .tanh: dx = [dh * (1 - hs[place] * hs[place])]
          case .relu: dx = [hs[place] > 0 ? dh : 0]
          case .lstm:
            let c = tanh(inputs[4].values[place])
            let (i, f, g, o) = (gates[0], gates[1], gates[2], gates[3])
            dc[unit] += dh * o * (1 - c * c)
            dx = [
              dc[unit] * g * i * (1 - i), dc[unit] * before(inputs[4].values, unit) * f * (1 - f),
              dc[unit] * i * (1 - g * g), dh * c * o * (1 - o),
            ]
            dc[unit] *= f
          case .gru:
            let (r, z, n) = (gates[0], gates[1], gates[2])
            let dn = dh * (1 - z) * (1 - n * n)
            let dr = dn * inputs[4].values[place] * r * (1 - r)
            dx = [dr, dh * (before(hs, unit) - n) * z * (1 - z), dn]
            direct[unit] = dh * z
          }
          for (gate, value) in dx.enumerated() {
            results[0].values[walk.gate(sequence, step, gate, unit)] = value
            // The gate n of gru sees q through r.
            let part = cell.splitsGradient && gate == 2 ? value * gates[0] : value
            dq[gate * units + unit] = part
            if cell.splitsGradient {
              results[1].values[walk.gate(sequence, step, gate, unit)] = part
            }
          }
        }
        dq = operands(dq, of: inputs[0])
        for unit in 0..<units {
          later[unit] = dq.indices.reduce(direct[unit]) { $0 + dq[$1] * weight[$1 * units + unit] }
        }
      }
    }
    return results
  }
}
