@testable import NNGraph
import NNTensor
import NNTestSupport

private func indices(_ shape: Shape) -> ValueType {
  ValueType(shape, isBatched: true, dataType: .int32)
}

private let productRows: [OpCase] = [
  ("", false, false, Shape([3, 2, 4]), Shape([3, 4, 5])),
  (", right transposed", false, true, [3, 2, 4], [3, 5, 4]),
  (", left transposed", true, false, [3, 4, 2], [3, 4, 5]),
  (", both transposed", true, true, [3, 4, 2], [3, 5, 4]),
  (" of one matrix a sample", false, false, [2, 3], [3, 4]),
  (" of two outer axes", false, true, [2, 3, 4, 1], [2, 3, 2, 1]),
].map { name, left, right, a, b in
  OpCase(
    "matrix product\(name)", MatrixProduct(transposesLeft: left, transposesRight: right),
    [.batched(a), .batched(b)])
}

private let attentionRows: [OpCase] = [
  OpCase(
    "attention weights", AttentionWeights(scale: 0.5), [.batched([2, 3, 5])], [.range(-3...3)]),
  OpCase(
    "attention weights, causal", AttentionWeights(scale: 2, isCausal: true),
    [.batched([2, 4, 4])], [.range(-3...3)]),
  // A mask is no number to differentiate by.
  OpCase(
    "attention weights, masked", AttentionWeights(scale: 1, hasMask: true),
    [.batched([2, 3, 4]), .batched([4])], [.range(-3...3), .flags], isDifferentiable: false),
  OpCase(
    "attention weights, causal and masked",
    AttentionWeights(scale: 1, isCausal: true, hasMask: true),
    [.batched([2, 4, 4]), .batched([4])], [.range(-3...3), .flags], isDifferentiable: false),
  OpCase(
    "attention weights where all is hidden", AttentionWeights(scale: 1, hasMask: true),
    [.batched([1, 2, 3]), .batched([3])], [.plain, .listed([0])], isDifferentiable: false),
  OpCase("rotary positions", Rotary(base: 10_000), [.batched([2, 5, 6])]),
  OpCase("rotary positions of heads", Rotary(base: 50, heads: 3), [.batched([4, 12])]),
  OpCase("rotary positions of one pair", Rotary(base: 100), [.batched([3, 2])]),
  OpCase("sinusoids", Sinusoids(positions: 4, features: 5, base: 10_000), []),
]

private func heads(
  _ name: String, _ heads: Int, sharing keyHeads: Int, width: Int, m: Int, n: Int? = nil,
  isCausal: Bool = false, mask: Domain? = nil
) -> OpCase {
  let memory = ValueType.batched([n ?? m, keyHeads * width])
  let plain = Domain.range(-2...2)
  return OpCase(
    "attention of heads\(name)",
    ScaledDotAttention(
      heads: heads, keyHeads: keyHeads, scale: 0.7, isCausal: isCausal, hasMask: mask != nil),
    [.batched([m, heads * width]), memory, memory] + (mask == nil ? [] : [.batched([n ?? m])]),
    [plain, plain, plain] + (mask.map { [$0] } ?? []), isDifferentiable: mask == nil, results: 1)
}

private let headRows: [OpCase] = [
  heads("", 2, sharing: 2, width: 3, m: 4),
  heads(" to another sequence", 1, sharing: 1, width: 2, m: 3, n: 5),
  heads(" that share keys", 4, sharing: 2, width: 2, m: 3, n: 2),
  heads(", causal", 2, sharing: 1, width: 3, m: 5, isCausal: true),
  heads(", masked", 2, sharing: 2, width: 2, m: 3, n: 4, mask: .flags),
  heads(", causal and masked", 3, sharing: 1, width: 2, m: 4, isCausal: true, mask: .flags),
  heads(" where all is hidden", 2, sharing: 1, width: 2, m: 3, mask: .listed([0])),
]

private let indexRows: [OpCase] = [
  OpCase("gather", Gather(), [.single([5, 3]), indices([4])], [.plain, .indices(below: 5)]),
  OpCase(
    "gather one row", Gather(), [.single([5, 3]), indices(.scalar)],
    [.plain, .indices(below: 5)]),
  OpCase(
    "gather with padding", Gather(padding: 1), [.single([3, 2]), indices([4])],
    [.plain, .indices(below: 3)], isDifferentiable: false),
  OpCase(
    "gather rows that are not there", Gather(), [.single([3, 2]), indices([4])],
    [.plain, .listed([1, -1, 3, 2_000_000_000])]),
  OpCase(
    "scatter with padding", ScatterAdd(count: 4, padding: 1), [.batched([4, 2]), indices([4])],
    [.plain, .listed([1, -1, 3, 3, 0, 7])], isDifferentiable: false),
  OpCase(
    "scatter onto a table", ScatterAdd(count: 4, padding: 1, addsOnto: true),
    [.batched([4, 2]), indices([4]), .single([4, 2])],
    [.plain, .listed([1, -1, 3, 3, 0, 7]), .plain], isDifferentiable: false),
  OpCase("is not an index", IsNotIndex(2), [indices([6])], [.indices(below: 4)]),
  OpCase("the greatest", TopMask(1), [.batched([5])], [.distinct(offset: 0)]),
  OpCase("the greatest two", TopMask(2), [.batched([3, 4])], [.distinct(offset: 0)]),
  OpCase(
    "the first of equals", TopMask(2), [.batched([4])], [.listed([1, 2, 2, 2])],
    isDifferentiable: false),
]

let sequenceRows = productRows + attentionRows + headRows + indexRows
