@testable import NNGraph
import NNTensor
import NNTestSupport

private typealias Axis = ConvolutionGeometry.Axis

private func convolution(_ name: String, _ axes: [Axis], groups: Int = 1, image: Shape) -> OpCase {
  let geometry = ConvolutionGeometry(axes)
  let weight = Shape([4, image[0] / groups] + geometry.kernel)
  return OpCase(
    "convolution, \(name)", Convolution(geometry, groups: groups),
    [.batched(image), .single(weight)], rows: 2)
}

/// Convolutions of sequences and volumes; those of images are in the main table.
private let convolutionRows: [OpCase] = [
  convolution("sequence", [.init(kernel: 3)], image: [2, 7]),
  convolution(
    "sequence with all fields",
    [.init(kernel: 3, stride: 2, dilation: 2, padBefore: 1, padAfter: 2)], groups: 2,
    image: [4, 9]),
  convolution("one element", [.init(kernel: 1)], image: [1, 1]),
  convolution(
    "volume", [.init(kernel: 2), .init(kernel: 3), .init(kernel: 2)], image: [2, 3, 4, 3]),
  convolution(
    "volume with all fields",
    [
      .init(kernel: 2, stride: 2, padAfter: 1), .init(kernel: 2, dilation: 2, padBefore: 1),
      .init(kernel: 3, stride: 2, padBefore: 1, padAfter: 1),
    ], groups: 2, image: [2, 3, 4, 3]),
  OpCase(
    "convolution of volumes with a bias and a rectifier",
    Convolution(
      .init([.init(kernel: 2), .init(kernel: 1), .init(kernel: 2)]), hasBias: true, rectifies: true),
    [.batched([2, 3, 3, 4]), .single([3, 2, 2, 1, 2]), .single([3])], isDifferentiable: false),
]

private func transposed(
  _ name: String, _ axes: [Axis], groups: Int = 1, from: Shape, to: Shape
) -> OpCase {
  let geometry = ConvolutionGeometry(axes)
  let weight = Shape([from[0], to[0] / groups] + geometry.kernel)
  return OpCase(
    "transposed convolution, \(name)",
    ConvolutionInputGradient(geometry, groups: groups, shape: to),
    [.batched(from), .single(weight)], rows: 2)
}

private let transposedRows: [OpCase] = [
  transposed("sequence", [.init(kernel: 3, stride: 2)], from: [2, 3], to: [3, 7]),
  transposed(
    "longer sequence", [.init(kernel: 3, stride: 2, padBefore: 1, padAfter: 1)], from: [2, 3],
    to: [3, 6]),
  transposed(
    "image", [.init(kernel: 3), .init(kernel: 2, stride: 2)], groups: 2, from: [4, 2, 3],
    to: [2, 4, 6]),
  transposed(
    "dilation", [.init(kernel: 2, dilation: 2), .init(kernel: 2, stride: 3)], from: [2, 2, 2],
    to: [1, 4, 6]),
  transposed(
    "volume", [.init(kernel: 2), .init(kernel: 2, stride: 2), .init(kernel: 1)],
    from: [2, 2, 2, 2],
    to: [2, 3, 4, 2]),
]

private let poolKinds: [(Pool.Kind, String)] = [
  (.largest, "largest"), (.mean(countsPadding: true), "mean"),
  (.mean(countsPadding: false), "mean without padding"),
]

private let poolRows: [OpCase] = [
  ("sequence", [Axis(kernel: 3, stride: 2, padBefore: 1, padAfter: 1)], [3, 7] as Shape),
  (
    "planes of volumes", [.trivial, .init(kernel: 2, stride: 2), .init(kernel: 3, padBefore: 1)],
    [2, 3, 4, 3]
  ),
  (
    "along the depth",
    [.init(kernel: 2, stride: 2, padBefore: 1, padAfter: 1), .trivial, .trivial],
    [2, 4, 2, 3]
  ),
  ("everything", [.trivial, .init(kernel: 2), .init(kernel: 3)], [2, 2, 2, 3]),
].flatMap { name, axes, shape in
  poolKinds.map { kind, word in
    OpCase(
      "pool, \(word), \(name)", Pool(kind, .init(axes)), [.batched(shape)], [.distinct(offset: 0)],
      rows: 2)
  }
}

private let maps: [(String, AxisMap)] = [
  ("padded", .constant(before: 2, after: 1, value: 0.75)),
  ("cut", .constant(before: -1, after: -1, value: 0)),
  ("cut and padded", .constant(before: -1, after: 2, value: 0)),
  ("reflected", .reflection(before: 2, after: 3)),
  ("replicated", .replication(before: 3, after: 1)),
  ("repeated", .nearest(factor: 3)),
  ("stretched", .linear(factor: 3)),
  ("stretched by an even factor", .linear(factor: 2)),
  ("means of windows", .windowMeans(count: 3)),
  ("means of more windows", .windowMeans(count: 5)),
  ("sums of windows", .windowSums(before: 2, after: 1)),
]

private let mapRows: [OpCase] = maps.flatMap { name, map in
  [(0, [4, 3] as Shape), (1, [3, 4]), (1, [2, 4, 3]), (2, [2, 3, 4]), (3, [2, 2, 1, 4])].map {
    axis, shape in
    OpCase("axis \(axis) of \(shape), \(name)", MapAxis(axis, map), [.batched(shape)], rows: 2)
  } + [OpCase("\(name) without a batch", MapAxis(0, map), [.single([4])])]
}

private let adaptiveRows: [OpCase] = [
  (1, 3, [2, 5, 3] as Shape), (2, 2, [2, 3, 4]), (1, 7, [3, 4]), (0, 1, [4, 2]),
  (3, 2, [2, 2, 2, 3]),
].map { axis, count, shape in
  OpCase(
    "largest of \(count) windows of axis \(axis) of \(shape)",
    AdaptiveMaximum(axis: axis, count: count), [.batched(shape)], [.distinct(offset: 0)], rows: 2)
}

/// Sums and broadcasts of what has another rank than images have.
private let layoutRows: [OpCase] = [
  OpCase(
    "sum over a sequence", ReduceSum(axes: [1], rank: 2, overBatch: false), [.batched([3, 4])]),
  OpCase(
    "sum over a volume", ReduceSum(axes: [1, 2, 3], rank: 4, overBatch: true),
    [.batched([3, 2, 2, 2])]),
  OpCase("permute, a sequence", Permute(axes: [1, 0]), [.batched([3, 4])]),
  OpCase("permute, a volume", Permute(axes: [2, 3, 1, 0]), [.batched([2, 3, 4, 2])]),
  OpCase("broadcast, channels to sequences", Broadcast(to: [3, 4], axes: [0]), [.single([3])]),
  OpCase(
    "broadcast, channels to volumes", Broadcast(to: [3, 2, 2, 2], axes: [0]), [.batched([3])]),
  OpCase("moments of sequences", LocalMoments(), [.batched([3, 4])], isDifferentiable: false),
  OpCase("moments of volumes", LocalMoments(), [.batched([3, 2, 2, 3])], isDifferentiable: false),
]

/// Ops that move windows or work along an axis of sequences, images and volumes.
let windowRows: [OpCase] =
  convolutionRows + transposedRows + poolRows + mapRows + adaptiveRows + layoutRows
