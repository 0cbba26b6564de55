@testable import NNGraph
import NNTensor
import NNTestSupport

private let vector = ValueType.batched([5])
private let image = ValueType.batched([2, 3, 4])

private func indices(_ shape: Shape) -> ValueType {
  ValueType(shape, isBatched: true, dataType: .int32)
}

private let productRows: [OpCase] = [
  OpCase("linear", Linear(), [vector, .single([3, 5])]),
  OpCase("linear, weight [in, out]", Linear(weightIsOutIn: false), [vector, .single([5, 3])]),
  OpCase("linear of sequences", Linear(), [.batched([4, 5]), .single([3, 5])]),
  OpCase("linear of one feature and one unit", Linear(), [.batched([1]), .single([1, 1])]),
  OpCase("linear without a batch", Linear(), [.single([4, 5]), .single([3, 5])]),
  OpCase(
    "linear with a bias", Linear(hasBias: true), [vector, .single([3, 5]), .single([3])],
    isDifferentiable: false),
  OpCase(
    "linear with a bias and a rectifier", Linear(hasBias: true, rectifies: true),
    [vector, .single([3, 5]), .single([3])], isDifferentiable: false),
  OpCase(
    "weight gradient", LinearWeightGradient(), [vector, .batched([3])],
    isDifferentiable: false),
]

private func convolution(
  _ name: String, _ geometry: ConvolutionGeometry, groups: Int = 1, filters: Int = 4,
  image: Shape = [2, 6, 5]
) -> OpCase {
  let weight = Shape([filters, image[0] / groups] + geometry.kernel)
  return OpCase(
    "convolution, \(name)", Convolution(geometry, groups: groups),
    [.batched(image), .single(weight)],
    rows: 2)
}

private let convolutionRows: [OpCase] = [
  convolution("valid", .init(kernel: (3, 3))),
  convolution("1×1", .init(kernel: (1, 1))),
  convolution("one row of one", .init(kernel: (1, 3)), image: [1, 1, 7]),
  convolution("strides", .init(kernel: (3, 2), stride: (2, 3))),
  convolution("dilation", .init(kernel: (2, 3), dilation: (3, 2))),
  convolution(
    "uneven padding",
    .init(kernel: (3, 3), stride: (2, 2), padTop: 0, padLeft: 1, padBottom: 1, padRight: 2)),
  convolution("groups", .init(kernel: (3, 3), padTop: 1, padLeft: 1), groups: 2),
  convolution("each channel by itself", .init(kernel: (3, 3)), groups: 2, filters: 2),
  OpCase(
    "convolution with a bias and a rectifier",
    Convolution(.init(kernel: (3, 3)), hasBias: true, rectifies: true),
    [.batched([2, 5, 5]), .single([4, 2, 3, 3]), .single([4])], isDifferentiable: false),
]

private let poolRows: [OpCase] = [
  ("2×2", ConvolutionGeometry(kernel: (2, 2), stride: (2, 2))),
  ("overlapping", .init(kernel: (3, 2), stride: (1, 1))),
  (
    "padded",
    .init(kernel: (3, 3), stride: (2, 2), padTop: 1, padLeft: 1, padBottom: 1, padRight: 1)
  ),
  ("apart", .init(kernel: (1, 2), stride: (2, 3))),
].flatMap { name, geometry in
  [
    (Pool.Kind.largest, "largest"), (.mean(countsPadding: true), "mean"),
    (.mean(countsPadding: false), "mean without padding"),
  ].map { kind, word in
    OpCase(
      "pool, \(word), \(name)", Pool(kind, geometry), [.batched([3, 6, 5])],
      [.distinct(offset: 0)], rows: 2)
  }
}

private let movementRows: [OpCase] = [
  OpCase("reshape", Reshape([4, 6]), [image]),
  OpCase("detach", Detach(), [image], isDifferentiable: false),
  OpCase("after", After(), [image, image], isDifferentiable: false),
  OpCase("concat of vectors", Concat(axis: 0), [vector, .batched([2]), .batched([1])]),
  OpCase("concat of channels", Concat(axis: 0), [image, .batched([1, 3, 4])]),
  OpCase("concat of columns", Concat(axis: 2), [image, .batched([2, 3, 2])]),
  OpCase("concat without a batch", Concat(axis: 0), [.single([2, 3]), .single([1, 3])]),
  OpCase("concat of one", Concat(axis: 1), [image]),
  OpCase("slice of a vector", Slice(axis: 0, start: 1, count: 3), [vector]),
  OpCase("slice of rows", Slice(axis: 1, start: 1, count: 2), [image]),
  OpCase("slice of channels", Slice(axis: 0, start: 1, count: 1), [image]),
  OpCase("slice without a batch", Slice(axis: 0, start: 1, count: 1), [.single([3, 4])]),
  OpCase("slice of each second", Slice(axis: 0, start: 1, count: 2, step: 2), [vector]),
  OpCase("slice of each third column", Slice(axis: 2, start: 0, count: 2, step: 3), [image]),
  OpCase("slice of each second row", Slice(axis: 1, start: 0, count: 2, step: 2), [image]),
  OpCase(
    "slice of each second, without a batch", Slice(axis: 0, start: 0, count: 2, step: 2),
    [.single([3, 4])]),
  OpCase("slice of everything", Slice(axis: 0, start: 0, count: 5), [vector]),
]

private let permuteRows: [OpCase] = [
  ("images as they are", image, [0, 1, 2]),
  ("channels last", image, [1, 2, 0]),
  ("channels first", image, [2, 0, 1]),
  ("planes turned", image, [0, 2, 1]),
  ("rows and channels", image, [1, 0, 2]),
  ("back to front", image, [2, 1, 0]),
  ("a vector", vector, [0]),
  ("nothing", .batched(.scalar), []),
  ("axes of one", .batched([1, 3, 1]), [2, 1, 0]),
  ("heads of sequences", .batched([4, 2, 3]), [1, 0, 2]),
  ("large planes", .batched([2, 17, 33]), [0, 2, 1]),
  ("four axes, each second", .batched([2, 3, 4, 5]), [0, 2, 1, 3]),
  ("four axes, back to front", .batched([2, 3, 4, 5]), [3, 2, 1, 0]),
  ("without a batch", .single([3, 4]), [1, 0]),
].map { name, type, axes in OpCase("permute, \(name)", Permute(axes: axes), [type]) }

private let broadcastRows: [OpCase] = [
  ("channels to images", ValueType.single([2]), Broadcast(to: [2, 3, 4], axes: [0])),
  ("rows to images", .single([3]), Broadcast(to: [2, 3, 4], axes: [1])),
  ("columns to images", .single([4]), Broadcast(to: [2, 3, 4], axes: [2])),
  ("channels and columns to images", .single([2, 4]), Broadcast(to: [2, 3, 4], axes: [0, 2])),
  ("planes to images", .single([3, 4]), Broadcast(to: [2, 3, 4], axes: [1, 2])),
  ("images to a batch of them", .single([2, 3, 4]), Broadcast(to: [2, 3, 4], axes: [0, 1, 2])),
  ("each sample's channels", .batched([2]), Broadcast(to: [2, 3, 4], axes: [0])),
  ("each sample's number", .batched(.scalar), Broadcast(to: [2, 3, 4], axes: [])),
  ("each sample's plane", .batched([3, 4]), Broadcast(to: [2, 3, 4], axes: [1, 2])),
  ("each sample as it is", .batched([2, 3, 4]), Broadcast(to: [2, 3, 4], axes: [0, 1, 2])),
  ("a scalar to vectors", .single(.scalar), Broadcast(to: [5], axes: [])),
  ("one feature", .single([1]), Broadcast(to: [1], axes: [0])),
  ("one of several axes", .single([1]), Broadcast(to: [1, 4], axes: [0])),
  ("features to sequences", .single([4]), Broadcast(to: [3, 4], axes: [1])),
  ("without a batch", .single([3]), Broadcast(to: [3, 4], isBatched: false, axes: [0])),
  ("as it is", .single([3]), Broadcast(to: [3], isBatched: false, axes: [0])),
].map { name, type, op in OpCase("broadcast, \(name)", op, [type]) }

private let sumRows: [OpCase] =
  [[], [0], [1], [2], [0, 1], [0, 2], [1, 2], [0, 1, 2]].flatMap {
    axes in
    [true, false].map { overBatch in
      OpCase(
        "sum over \(axes)\(overBatch ? " and the batch" : "")",
        ReduceSum(axes: axes, rank: 3, overBatch: overBatch), [image])
    }
  } + [
    OpCase(
      "sum without a batch", ReduceSum(axes: [0], rank: 2, overBatch: false),
      [.single([3, 4])]),
    OpCase("sum of numbers", ReduceSum(axes: [], rank: 0, overBatch: true), [.batched(.scalar)]),
    OpCase(
      "sum over apart", ReduceSum(axes: [0, 2], rank: 4, overBatch: true),
      [.batched([2, 3, 2, 3])]),
  ]

private let maximumRows: [OpCase] = [
  ("rows", image, 1), ("columns", image, 2), ("channels", image, 0), ("a vector", vector, 0),
  ("many columns", .batched([19, 33]), 0), ("an axis of one", .batched([3, 1]), 1),
  ("without a batch", .single([3, 4]), 0),
].flatMap { name, type, axis in
  [
    OpCase("largest of \(name)", ReduceMax(axis: axis), [type], [.distinct(offset: 0)]),
    OpCase(
      "largest of \(name), several equal", ReduceMax(axis: axis), [type],
      [.listed([0.5, -1, 0.5])],
      isDifferentiable: false),
  ]
}

private let indexRows: [OpCase] = [
  OpCase("permute of indices", Permute(axes: [1, 0]), [indices([2, 3])], [.indices(below: 9)]),
  OpCase(
    "slice of indices", Slice(axis: 0, start: 1, count: 2), [indices([4])], [.indices(below: 9)]),
  OpCase(
    "slice of each second index", Slice(axis: 0, start: 0, count: 2, step: 2), [indices([4])],
    [.indices(below: 9)]),
  OpCase(
    "concat of indices", Concat(axis: 0), [indices([2]), indices([3])],
    [.indices(below: 9), .indices(below: 9)]),
]

private let rowwiseRows: [OpCase] = [
  OpCase("softmax", Softmax(), [vector], [.range(-3...3)]),
  OpCase("softmax of sequences", Softmax(), [.batched([3, 4])], [.range(-3...3)]),
  OpCase("softmax without a batch", Softmax(), [.single([6])], [.range(-3...3)]),
  OpCase("log-softmax", Softmax(isLogarithm: true), [vector], [.range(-3...3)]),
  OpCase("log-softmax of one class", Softmax(isLogarithm: true), [.batched([1])]),
  OpCase("sparsemax", Sparsemax(), [vector]),
  OpCase("sparsemax with one share", Sparsemax(), [vector], [.listed([3, -2, 0.5, 1, -1])]),
  OpCase("sparsemax of sequences", Sparsemax(), [.batched([3, 4])], [.range(-0.5...0.5)]),
  OpCase("sparsemax of one class", Sparsemax(), [.batched([1])]),
  OpCase("sparsemax of equal numbers", Sparsemax(), [vector], [.listed([0.25])]),
  OpCase(
    "cross entropy", SoftmaxCrossEntropy(), [vector, indices(.scalar)],
    [.range(-3...3), .indices(below: 5)]),
  OpCase(
    "cross entropy of sequences", SoftmaxCrossEntropy(), [.batched([4, 3]), indices([4])],
    [.range(-3...3), .indices(below: 3)]),
  OpCase("pick", Pick(), [vector, indices(.scalar)], [.plain, .indices(below: 5)]),
  OpCase(
    "pick in sequences", Pick(), [.batched([4, 3]), indices([4])],
    [.plain, .indices(below: 3)]),
]

/// A row for every op that computes by itself; the gradient ops come in by the pullbacks.
let opRows =
  productRows + convolutionRows + poolRows + movementRows + permuteRows + indexRows + maximumRows
  + broadcastRows + sumRows + rowwiseRows + sequenceRows + recurrentRows + windowRows
  + lossOpRows + normRows + narrowRows
  + [
    OpCase("moments of vectors", LocalMoments(), [vector], isDifferentiable: false),
    OpCase("moments of images", LocalMoments(), [image], isDifferentiable: false),
  ]
