import NNGraph
import NNTensor
import NNTestSupport
import Testing

@Suite struct ShapeRuleTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let op: any Op
    let inputs: [ValueType]
    /// What the message must name.
    let parts: [String]

    init(_ op: any Op, _ inputs: [ValueType], _ parts: [String]) {
      self.op = op
      self.inputs = inputs
      self.parts = parts
    }

    var testDescription: String { "\(op)" }
  }

  static let classes = ValueType([2], isBatched: true, dataType: .int32)

  static let refusals: [Refusal] = [
    .init(Binary(.add), [.batched([3]), .batched([4])], ["add", "[3]", "[4]"]),
    .init(Binary(.power), [.batched([3]), .batched([3, 1])], ["power", "[3]", "[3, 1]"]),
    .init(Select(), [.batched([3]), .batched([3]), .batched([2])], ["select", "[3]", "[2]"]),
    .init(Linear(), [.batched([4]), .single([2, 5])], ["[4]", "[2, 5]"]),
    .init(Linear(weightIsOutIn: false), [.batched([4]), .single([5, 2])], ["[4]", "[5, 2]"]),
    .init(Linear(), [.batched(.scalar), .single([2, 5])], ["[]", "[2, 5]"]),
    .init(LinearWeightGradient(), [.batched([4, 2]), .batched([3, 2])], ["[4, 2]", "[3, 2]"]),
    .init(
      Convolution(.init(kernel: (3, 3))), [.batched([2, 8, 8]), .single([4, 3, 3, 3])],
      ["[2, 8, 8]", "[4, 3, 3, 3]"]),
    .init(
      Convolution(.init(kernel: (3, 3)), groups: 2),
      [.batched([4, 8, 8]), .single([3, 2, 3, 3])],
      ["[4, 8, 8]", "[3, 2, 3, 3]"]),
    .init(
      Convolution(.init(kernel: (5, 3))), [.batched([2, 4, 8]), .single([1, 2, 5, 3])],
      ["5×3", "4×8"]),
    .init(
      Convolution(.init(kernel: (3, 3), dilation: (4, 1), padTop: 1, padBottom: 1)),
      [.batched([1, 6, 8]), .single([1, 1, 3, 3])], ["9×3", "6×8", "with its padding"]),
    .init(Pool(.largest, .init(kernel: (3, 9))), [.batched([1, 4, 8])], ["3×9", "4×8"]),
    .init(
      Convolution(.init([.init(kernel: 4)])), [.batched([2, 3]), .single([1, 2, 4])],
      ["4", "a length of 3"]),
    .init(
      Convolution(.init([.init(kernel: 3)])), [.batched([2, 8, 8]), .single([4, 2, 3])],
      ["[2, 8, 8]", "[4, 2, 3]"]),
    .init(
      Convolution(.init([.init(kernel: 2, dilation: 3_000_000_000, padBefore: 3_000_000_000)])),
      [.batched([1, 8]), .single([1, 1, 2])], ["a length of 8", "2³¹"]),
    .init(
      ConvolutionInputGradient(.init([.init(kernel: 3)]), shape: [2, 6]),
      [.batched([3, 3]), .single([3, 2, 3])], ["[2, 6]", "[3, 3]"]),
    .init(
      Pool(.largest, .init([.init(kernel: 2), .init(kernel: 2), .trivial])),
      [.batched([1, 4, 4, 4])], ["2×2×1", "[1, 4, 4, 4]"]),
    .init(
      MapAxis(1, .constant(before: -2, after: -3, value: 0)), [.batched([1, 5])], ["2 and 3", "5"]),
    .init(MapAxis(1, .reflection(before: 0, after: 4)), [.batched([1, 4])], ["4"]),
    .init(MapAxis(2, .nearest(factor: 2)), [.batched([1, 4])], ["[1, 4]", "axis 2"]),
    .init(AdaptiveMaximum(axis: 2, count: 2), [.batched([1, 4])], ["[1, 4]", "axis 2"]),
    .init(
      ScaledDotAttention(heads: 2, keyHeads: 2, scale: 1),
      [.batched([3, 4]), .batched([2, 6]), .batched([2, 6])], ["[3, 4]", "[2, 6]"]),
    .init(
      ScaledDotAttention(heads: 1, keyHeads: 1, scale: 1, isCausal: true),
      [.batched([3, 4]), .batched([2, 4]), .batched([2, 4])], ["[3, 4]", "[2, 4]"]),
    .init(
      ScaledDotAttention(heads: 1, keyHeads: 1, scale: 1, hasMask: true),
      [.batched([3, 4]), .batched([2, 4]), .batched([2, 4]), .batched([3])], ["[3]", "2 positions"]),
    .init(Reshape([3, 2]), [.batched([7])], ["[7]", "7", "[3, 2]", "6"]),
    .init(
      Concat(axis: 0), [.batched([2, 3]), .batched([2, 4])], ["[2, 3]", "[2, 4]", "axis 0"]),
    .init(Concat(axis: 0), [.batched([2, 3]), .batched([2])], ["[2, 3]", "[2]"]),
    .init(Concat(axis: 3), [.batched([2]), .batched([4])], ["[2]", "[4]", "axis 3"]),
    .init(Concat(axis: 0), [.batched([2]), .single([4])], ["[2]", "[4]"]),
    .init(Slice(axis: 0, start: 2, count: 3), [.batched([4])], ["[4]", "2..<5"]),
    .init(Slice(axis: 1, start: 0, count: 1), [.batched([4])], ["[4]"]),
    .init(Slice(axis: 0, start: 1, count: 3, step: 2), [.batched([5])], ["[5]", "1..<6"]),
    .init(Concat(axis: 0), [.batched([2]), classes], ["[2]"]),
    .init(ReduceMax(axis: 2), [.batched([3, 4])], ["[3, 4]", "axis 2"]),
    .init(Permute(axes: [0, 0]), [.batched([3, 4])], ["[0, 0]", "[3, 4]"]),
    .init(Permute(axes: [1, 0]), [.batched([3, 4, 5])], ["[1, 0]", "[3, 4, 5]"]),
    .init(Permute(axes: [0, 2]), [.batched([3, 4])], ["[0, 2]", "[3, 4]"]),
    .init(Permute(axes: [-1]), [.batched([3])], ["[-1]", "[3]"]),
    .init(Broadcast(to: [3, 4], axes: [0]), [.single([4])], ["[4]", "[3, 4]"]),
    .init(Broadcast(to: [3, 4], axes: [2]), [.single([4])], ["[4]", "[3, 4]"]),
    .init(Broadcast(to: [4], isBatched: false, axes: [0]), [.batched([4])], ["[4]"]),
    .init(ReduceSum(axes: [2], rank: 2, overBatch: false), [.batched([3, 4])], ["[3, 4]", "[2]"]),
    .init(
      RecurrentScan(.lstm), [.batched([3, 8]), .single([8, 3])], ["[3, 8]", "[8, 3]"]),
    .init(RecurrentScan(.gru), [.batched([8]), .single([6, 2])], ["[8]", "[6, 2]"]),
    .init(RecurrentScan(.tanh), [.single([3, 2]), .single([2, 2])], ["[3, 2]"]),
    .init(Shift(by: 1), [.batched(.scalar)], ["steps"]),
    .init(Softmax(), [.batched(.scalar)], ["softmax", "axis"]),
    .init(SoftmaxCrossEntropy(), [.batched([3]), classes], ["[3]", "[2]"]),
    .init(Pick(), [.batched([3, 4]), classes], ["[3, 4]", "[2]"]),
    .init(ConstantTensor([2, 3], [1, 2]), [], ["2 numbers", "[2, 3]"]),
    .init(CumulativeSum(), [.batched(.scalar)], ["cumulative sum", "axis"]),
    .init(
      PairContrast(temperature: 1), [.batched([3]), .batched([4])], ["[3]", "[4]"]),
    .init(PairContrast(temperature: 1), [.batched([3, 2]), .batched([3, 2])], ["[3, 2]"]),
    .init(CTC(), [.batched([3]), classes], ["[3]", "[2]"]),
  ]

  @Test(arguments: refusals)
  private func `a refusal names the shapes that do not fit`(_ refusal: Refusal) {
    do {
      let types = try refusal.op.outputTypes(refusal.inputs)
      Issue.record("accepted, giving \(types)")
    } catch {
      for part in refusal.parts {
        #expect(error.message.contains(part), "\(error.message)")
      }
      #expect(!error.message.hasSuffix("."))
    }
  }

  @Test(arguments: [
    (size: (7, 7), kernel: (3, 3), stride: (1, 1), dilation: (1, 1), pad: 0, result: (5, 5)),
    (size: (7, 8), kernel: (3, 2), stride: (2, 3), dilation: (1, 1), pad: 0, result: (3, 3)),
    (size: (7, 7), kernel: (3, 3), stride: (1, 1), dilation: (2, 3), pad: 1, result: (5, 3)),
    (size: (1, 1), kernel: (3, 3), stride: (5, 5), dilation: (1, 1), pad: 1, result: (1, 1)),
  ])
  private func `a window gives as many results as places it fits`(
    _ row: (
      size: (Int, Int), kernel: (Int, Int), stride: (Int, Int), dilation: (Int, Int), pad: Int,
      result: (Int, Int)
    )
  ) throws {
    let geometry = ConvolutionGeometry(
      kernel: row.kernel, stride: row.stride, dilation: row.dilation, padTop: row.pad,
      padLeft: row.pad, padBottom: row.pad, padRight: row.pad)
    #expect(
      try geometry.outputSizes([row.size.0, row.size.1]) == [row.result.0, row.result.1])
  }
}
