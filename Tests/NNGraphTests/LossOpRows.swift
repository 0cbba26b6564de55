import NNGraph
import NNTensor
import NNTestSupport

private func indices(_ shape: Shape) -> ValueType {
  ValueType(shape, isBatched: true, dataType: .int32)
}

/// Some of them below zero, as those of padding are.
private let padded = Domain.listed([2, -1, 0, 1, -1])

/// The ops of losses.
let lossOpRows: [OpCase] = [
  OpCase(
    "cross entropy with padding", SoftmaxCrossEntropy(), [.batched([4, 3]), indices([4])],
    [.range(-3...3), padded]),
  OpCase(
    "pick with padding", Pick(), [.batched([4, 3]), indices([4])], [.plain, padded]),
  OpCase("one hot", OneHot(classes: 4), [indices(.scalar)], [.indices(below: 4)]),
  OpCase("one hot with padding", OneHot(classes: 3), [indices([2, 4])], [padded]),
  OpCase("number of a class", NumberOfClass([0.5, 2, -1]), [indices([4])], [padded]),
  OpCase("cumulative sum", CumulativeSum(), [.batched([5])]),
  OpCase("cumulative sum from the end", CumulativeSum(fromEnd: true), [.batched([3, 4])]),
  OpCase("cumulative sum of one", CumulativeSum(), [.single([3, 1])]),
  OpCase("constant tensor", ConstantTensor([2, 3], [1, 2, 3, -4, 0.5, 0]), []),
  OpCase(
    "contrast of pairs", PairContrast(temperature: 0.5), [.batched([3]), .batched([3])], rows: 4),
  OpCase(
    "contrast of one pair", PairContrast(temperature: 2), [.batched([2]), .batched([2])], rows: 1),
  OpCase(
    "alignments", CTC(), [.batched([5, 3]), indices([2])],
    [.range(-3...0), .listed([0, 1, 1, 1, 0, -1])]),
  OpCase(
    "alignments of nothing, of too much", CTC(), [.batched([4, 3]), indices([3])],
    [.range(-3...0), .listed([-1, -1, -1, 0, 0, 0, -1, 0, 1])]),
]
