import CKernels
import NNTensor

/// The steps of a recurrent layer through each sequence, from a state of zeros.
///
/// What the inputs give the gates is computed before, by one ``Linear`` over all steps, and the
/// weight's gradient afterwards, so that only h · Wᵀ is left to each step.
///
/// - x: [batch, steps, gates · units]
/// - weight: [gates · units, units]
/// - bias: [gates · units], where there is one
/// - h: [batch, steps, units], the state after each step
/// - gates: [batch, steps, gates · units], their values, of lstm and gru
/// - side: [batch, steps, units], the c of lstm, the q of n of gru
///
/// Gates and side are for the way back alone; no gradient comes from them.
package struct RecurrentScan: NarrowableOp {
  package let cell: RecurrentCell
  /// Whether it begins at the last step.
  package let isReversed: Bool

  package init(_ cell: RecurrentCell, isReversed: Bool = false) {
    self.cell = cell
    self.isReversed = isReversed
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (x, weight) = (inputs[0], inputs[1].shape.sizes)
    guard x.isBatched, x.shape.rank == 2, x.shape[0] > 0, weight.count == 2, weight[1] > 0,
      weight[0] == cell.gates * weight[1], x.shape[1] == weight[0],
      inputs.dropFirst(2).allSatisfy({ $0.shape.sizes == [weight[0]] })
    else {
      throw ShapeError("a scan of \(x.shape) does not fit the weight \(inputs[1].shape)")
    }
    let states = ValueType.batched([x.shape[0], weight[1]])
    return cell.keepsGates ? [states, x, states] : [states]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dh = site.gradients[0] else { return site.inputs.map { _ in nil } }
    let gradients = g.makeAll(
      RecurrentScanGradient(cell, isReversed: isReversed),
      [site.inputs[1], dh] + site.outputs)
    let (dx, dq) = (gradients[0], gradients[gradients.count - 1])
    var result: [Value?] = [dx, nil]
    if site.isNeeded[1] {
      let before = g.make(Shift(by: isReversed ? -1 : 1), site.outputs[0])
      result[1] = g.make(LinearWeightGradient(), dq, before)
    }
    if site.inputs.count > 2 {
      result.append(g.make(ReduceSum(axes: [0], rank: 2, overBatch: true), dq))
    }
    return result
  }

  /// Every step reads the whole weight: with 4 sequences the way there and back of 256 units reaches
  /// half of what it reaches with 16.
  package var leastRows: Int { 16 }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    let units = outputs[0].shape[1]
    let product = 2 * inputs[0].count(rows: rows) * units
    let bias = inputs.count > 2 ? inputs[0].count(rows: rows) : 0
    return Cost(operations: product + bias + cell.operations * outputs[0].count(rows: rows))
  }

  /// The weight; states are rounded within the scan.
  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    cell.isWorthNarrowing(units: inputs[1].shape[1]) ? [1] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .scan
  }

  /// x is read at each place before its gate is written there.
  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { output == 1 ? [0] : [] }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let scan = try scratch(cell, isReversed, site.outputs[0], weight: site.inputs[1])
    let (x, weight) = (site.inputs[0].floats, site.inputs[1].pointer)
    let bias = site.inputs.count > 2 ? site.inputs[2].floats : nil
    let h = site.outputs[0].floats
    let gates = cell.keepsGates ? site.outputs[1].floats : nil
    let side = cell.keepsGates ? site.outputs[2].floats : nil
    return Kernel { _ in nn_scan_run(scan.pointer, x, weight, bias, h, gates, side) }
  }
}

/// The gradients of what a scan's gates are computed from.
///
/// - weight: [gates · units, units]; dh: [batch, steps, units]; h, gates, side: the scan's outputs
/// - dx: [batch, steps, gates · units], of the scan's x
/// - dq: [batch, steps, gates · units], of gru: the gradient of q, where it differs from dx
package struct RecurrentScanGradient: NarrowableOp {
  let cell: RecurrentCell
  let isReversed: Bool

  init(_ cell: RecurrentCell, isReversed: Bool) {
    self.cell = cell
    self.isReversed = isReversed
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let gates = ValueType.batched([inputs[1].shape[0], inputs[0].shape[0]])
    return cell.splitsGradient ? [gates, gates] : [gates]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    let units = inputs[1].shape[1]
    let product = 2 * outputs[0].count(rows: rows) * units
    return Cost(operations: product + cell.gradientOperations * inputs[1].count(rows: rows))
  }

  package func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int] {
    cell.isWorthNarrowing(units: inputs[0].shape[1]) ? [0] : []
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work {
    .scan
  }

  /// Each gate is read before the gradient of its sum is written in its place.
  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] {
    cell.keepsGates && output == 0 ? [3] : []
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let scan = try scratch(cell, isReversed, site.inputs[1], weight: site.inputs[0])
    let (weight, dh, h) = (site.inputs[0].pointer, site.inputs[1].floats, site.inputs[2].floats)
    let gates = cell.keepsGates ? site.inputs[3].floats : nil
    let side = cell.keepsGates ? site.inputs[4].floats : nil
    let dx = site.outputs[0].floats
    let dq = cell.splitsGradient ? site.outputs[1].floats : nil
    return Kernel { _ in
      nn_scan_gradient(scan.pointer, weight, dh, h, gates, side, dx, dq)
    }
  }
}

/// The scratch of a scan whose states are `states`.
private func scratch(
  _ cell: RecurrentCell, _ isReversed: Bool, _ states: Operand, weight: Operand
) throws(KernelError) -> Owned {
  var shape = nn_scan_shape()
  shape.cell = cell.kernel
  shape.batch = Int64(states.rows)
  shape.steps = Int64(states.type.shape[0])
  shape.units = Int64(states.type.shape[1])
  shape.reversed = isReversed
  shape.operands = weight.type.dataType == .bfloat16 ? NN_OPERANDS_BF16 : NN_OPERANDS_F32
  guard let scan = nn_scan_create(&shape) else { throw .last("recurrent layer") }
  return Owned(scan, destroy: nn_scan_destroy)
}
