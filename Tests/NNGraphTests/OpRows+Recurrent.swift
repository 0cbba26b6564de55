@testable import NNGraph
import NNTensor
import NNTestSupport

private func scan(
  _ cell: RecurrentCell, steps: Int = 3, units: Int = 2, hasBias: Bool = true,
  isReversed: Bool = false
) -> OpCase {
  let width = cell.gates * units
  let bias: [ValueType] = hasBias ? [.single([width])] : []
  return OpCase(
    "scan, \(cell), \(steps) steps\(isReversed ? " back" : "")",
    RecurrentScan(cell, isReversed: isReversed),
    [.batched([steps, width]), .single([width, units])] + bias, results: 1)
}

/// Scans of recurrent layers, and what goes with them.
let recurrentRows: [OpCase] =
  [RecurrentCell.tanh, .relu, .lstm, .gru].flatMap { cell in
    [
      scan(cell), scan(cell, isReversed: true), scan(cell, steps: 1, units: 1),
      scan(cell, steps: 2, units: 5, hasBias: false),
    ]
  } + [
    OpCase("shift", Shift(by: 1), [.batched([4, 3])]),
    OpCase("shift back", Shift(by: -1), [.batched([4, 3])]),
    OpCase("shift beyond the end", Shift(by: 3), [.batched([2, 3])]),
    OpCase("shift of one step", Shift(by: -1), [.batched([1])]),
  ]
