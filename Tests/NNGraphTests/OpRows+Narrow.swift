@testable import NNGraph
import NNTensor
import NNTestSupport

private func narrow(_ shape: Shape) -> ValueType { ValueType.batched(shape).narrowed }
private func narrowWeight(_ shape: Shape) -> ValueType { ValueType.single(shape).narrowed }

private func convolution(
  _ name: String, _ geometry: ConvolutionGeometry, groups: Int = 1, image: Shape, filters: Int
) -> [OpCase] {
  let weight = Shape([filters, image[0] / groups] + geometry.kernel)
  let forward = Convolution(geometry, groups: groups)
  let types = [ValueType.batched(image), .single(weight)]
  guard let y = try? forward.outputTypes(types)[0].shape else { return [] }
  func row(_ what: String, _ op: any Op, _ inputs: [ValueType]) -> OpCase {
    OpCase(
      "\(what) of bf16, \(name)", op, inputs, rows: 2, isDifferentiable: false, tolerance: 5e-6)
  }
  return [
    row("convolution", forward, [narrow(image), narrowWeight(weight)]),
    row(
      "convolution with a tail",
      Convolution(geometry, groups: groups, hasBias: true, rectifies: true),
      [narrow(image), narrowWeight(weight), .single([filters])]),
    row(
      "image's gradient", ConvolutionInputGradient(geometry, groups: groups, shape: image),
      [narrow(y), narrowWeight(weight)]),
    row(
      "filters' gradient", ConvolutionWeightGradient(geometry, groups: groups, shape: weight),
      [narrow(image), narrow(y)]),
  ]
}

private func product(_ name: String, _ op: any Op, _ inputs: [ValueType]) -> OpCase {
  OpCase("\(name) of bf16", op, inputs, isDifferentiable: false, tolerance: 5e-6)
}

private func scans(_ cell: RecurrentCell, units: Int, steps: Int, isReversed: Bool) -> [OpCase] {
  let width = cell.gates * units
  let (states, gates) = (ValueType.batched([steps, units]), ValueType.batched([steps, width]))
  let name = "\(cell) of \(units) units\(isReversed ? " back" : "")"
  let kept: [ValueType] = cell.keepsGates ? [gates, states] : []
  return [
    product(
      "scan, \(name),", RecurrentScan(cell, isReversed: isReversed),
      [gates, narrowWeight([width, units]), .single([width])]),
    OpCase(
      "scan's gradient, \(name), of bf16", RecurrentScanGradient(cell, isReversed: isReversed),
      [narrowWeight([width, units]), states, states] + kept,
      [.plain, .plain, .plain, .range(0.1...0.9)], isDifferentiable: false, tolerance: 5e-6),
  ]
}

/// Ops on operands in bf16, where this machine has them: the same references hold, because operands
/// are rounded before and sums are f32.
let narrowRows: [OpCase] =
  [
    OpCase(
      "cast", Cast(), [.batched([7])], [.range(-3...3)], isDifferentiable: false, tolerance: 0),
    OpCase("cast of images", Cast(), [.batched([3, 2, 5])], isDifferentiable: false, tolerance: 0),
  ]
  + (bfloat16Products == nil
    ? []
    : [
      product("linear", Linear(), [narrow([72]), narrowWeight([65, 72])]),
      product("small linear", Linear(), [narrow([5]), narrowWeight([3, 5])]),
      product(
        "linear, weight [in, out]", Linear(weightIsOutIn: false),
        [narrow([4, 33]), narrowWeight([33, 20])]),
      product(
        "linear with a tail", Linear(hasBias: true, rectifies: true),
        [narrow([72]), narrowWeight([65, 72]), .single([65])]),
      product("weight gradient", LinearWeightGradient(), [narrow([6, 33]), narrow([6, 40])]),
      product("matrix product", MatrixProduct(), [narrow([2, 9, 35]), narrow([2, 35, 20])]),
      product(
        "matrix product, both transposed",
        MatrixProduct(transposesLeft: true, transposesRight: true),
        [narrow([2, 35, 9]), narrow([2, 20, 35])]),
    ]
      + convolution(
        "3×3", .init(kernel: (3, 3), padTop: 1, padLeft: 1, padBottom: 1, padRight: 1),
        image: [16, 6, 5], filters: 16)
      + convolution(
        "strides", .init(kernel: (3, 2), stride: (2, 3)), image: [8, 7, 8], filters: 24)
      + convolution("1×1", .init(kernel: (1, 1)), image: [12, 5, 5], filters: 9)
      + convolution("sequences", .init([.init(kernel: 3)]), image: [16, 9], filters: 8)
      + convolution(
        "volumes", .init([.init(kernel: 2), .init(kernel: 2), .init(kernel: 2)]),
        image: [8, 3, 4, 4], filters: 8)
      + convolution(
        "groups", .init(kernel: (3, 3), padTop: 1, padLeft: 1), groups: 2, image: [32, 5, 5],
        filters: 32)
      + [RecurrentCell.tanh, .relu, .lstm, .gru].flatMap { cell in
        // Ragged panels, few units, and more depth than a block of a panel for the way back.
        scans(cell, units: 34, steps: 3, isReversed: false)
          + scans(cell, units: 2, steps: 2, isReversed: true)
          + scans(cell, units: 150, steps: 2, isReversed: false)
      })
