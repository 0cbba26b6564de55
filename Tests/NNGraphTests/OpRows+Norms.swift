@testable import NNGraph
import NNTensor
import NNTestSupport

private func norm(
  _ name: String, _ x: ValueType, centres: Bool, hasGain: Bool = false, hasOffset: Bool = false
) -> OpCase {
  let features = ValueType.single([x.shape.sizes.last ?? 1])
  return OpCase(
    "\(name) of \(x)",
    RowNorm(eps: 0.01, centres: centres, hasGain: hasGain, hasOffset: hasOffset),
    [x] + (hasGain ? [features] : []) + (hasOffset ? [features] : []), [.range(-2...2)],
    rows: 3, results: 1)
}

/// Normalisation of rows.
let normRows: [OpCase] = [ValueType.batched([5]), .batched([3, 4]), .single([3, 5])].flatMap { x in
  [
    norm("norm", x, centres: true),
    norm("norm with gain and offset", x, centres: true, hasGain: true, hasOffset: true),
    norm("norm with an offset", x, centres: true, hasOffset: true),
    norm("root mean square norm", x, centres: false),
    norm("root mean square norm with a gain", x, centres: false, hasGain: true),
  ]
}
