import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// What layers of sequences, images and volumes refuse, and what they must survive.
@Suite struct WindowLayerTests {
  struct Refusal: Sendable, CustomTestStringConvertible {
    let layer: String
    let input: Shape
    let parts: [String]

    var testDescription: String { "\(layer) of \(input)" }
  }

  static let refusals: [Refusal] = [
    Refusal(layer: "conv1d: 3", input: [1, 5, 5], parts: ["[channels, length]", "[1, 5, 5]"]),
    Refusal(layer: "conv3d: 3", input: [1, 5, 5], parts: ["volume", "[1, 5, 5]"]),
    Refusal(layer: "conv_transpose1d: 3", input: [4], parts: ["'conv_transpose1d'", "[4]"]),
    Refusal(layer: "depthwise_conv2d: 3", input: [4], parts: ["'depthwise_conv2d'", "[4]"]),
    Refusal(layer: "separable_conv2d: 3", input: [4], parts: ["'separable_conv2d'", "[4]"]),
    Refusal(layer: "global_max_pool1d: {}", input: [4], parts: ["'global_max_pool1d'", "[4]"]),
    Refusal(layer: "adaptive_avg_pool2d: 1", input: [4], parts: ["'adaptive_avg_pool2d'", "[4]"]),
    Refusal(layer: "upsample: 2", input: [4], parts: ["'upsample'", "[4]"]),
    Refusal(layer: "pad: 2", input: [4], parts: ["'pad'", "[4]"]),
    Refusal(layer: "squeeze_excite: 2", input: [4], parts: ["'squeeze_excite'", "[4]"]),
    Refusal(layer: "spatial_dropout: 0.5", input: [4], parts: ["'spatial_dropout'", "[4]"]),
    Refusal(layer: "local_response_norm: 5", input: [4], parts: ["'local_response_norm'", "[4]"]),
    Refusal(
      layer: "conv1d: {filters: 3, kernel: 7}", input: [1, 5], parts: ["7", "a length of 5"]),
    Refusal(
      layer: "conv3d: {filters: 3, kernel: [1, 2, 7], padding: [0, 1, 0]}", input: [1, 5, 5, 5],
      parts: ["1×2×7", "5×5×5", "with its padding"]),
    Refusal(
      layer: "conv_transpose1d: {filters: 3, groups: 2}", input: [2, 5], parts: ["2 groups"]),
    Refusal(
      layer: "conv_transpose2d: {filters: 3, stride: 2, output_padding: [1, 2]}", input: [2, 5, 5],
      parts: ["output_padding of 1×2", "stride of 2×2"]),
    Refusal(
      layer: "conv_transpose1d: {filters: 3, stride: 2, output_padding: 1, padding: same}",
      input: [2, 5], parts: ["padding: same", "output_padding"]),
    Refusal(
      layer: "conv_transpose1d: {filters: 3, padding: 4}", input: [2, 5], parts: ["4", "5"]),
    Refusal(layer: "max_pool1d: {kernel: 2, padding: 2}", input: [1, 4], parts: ["of 2"]),
    Refusal(
      layer: "avg_pool3d: {kernel: 2, padding: [1, 2, 1]}", input: [1, 4, 4, 4],
      parts: ["1×2×1", "2×2×2"]),
    Refusal(layer: "max_pool3d: [2, 1, 7]", input: [1, 4, 4, 4], parts: ["2×1×7", "4×4×4"]),
    Refusal(layer: "upsample: {mode: bilinear}", input: [1, 4], parts: ["bilinear", "[1, 4]"]),
    Refusal(layer: "upsample: [2, 2]", input: [1, 4], parts: ["'factor'", "2 entries", "[1, 4]"]),
    Refusal(layer: "pad: {top: 1}", input: [1, 4], parts: ["[1, 4]", "top"]),
    Refusal(layer: "crop: {front: 0}", input: [1, 4, 4], parts: ["[1, 4, 4]", "front"]),
    Refusal(layer: "pad: {right: 4, mode: reflect}", input: [1, 4], parts: ["4"]),
    Refusal(layer: "crop: 2", input: [1, 4], parts: ["2 and 2 of 4"]),
    Refusal(layer: "crop: {left: 1000000000}", input: [1, 4], parts: ["1000000000", "of 4"]),
  ]

  @Test(arguments: refusals)
  private func `a layer that does not fit names what does not`(_ refusal: Refusal) {
    let lowering = lower([refusal.layer], input: refusal.input, target: .number([1]))
    #expect(lowering.model == nil)
    for part in refusal.parts {
      #expect(lowering.problems.contains { $0.contains(part) }, "\(lowering.problems)")
    }
  }

  static let absurd: [(layer: String, input: Shape)] = [
    ("conv1d: {filters: 1000000000, kernel: 1000000000, padding: 1000000000}", [1, 4]),
    ("conv2d: {filters: 3, kernel: 2, dilation: 1000000000, padding: 1000000000}", [1, 4, 4]),
    ("conv2d: {filters: 3, padding: 1000000000, activation: softmax}", [1, 4, 4]),
    (
      "{conv2d: {filters: 3, kernel: 100000000, padding: 100000000}, weight_norm: true}", [1, 4, 4]
    ),
    ("conv3d: {filters: 3, kernel: 1000000000, padding: same}", [1, 4, 4, 4]),
    ("conv3d: {filters: 3, dilation: 1000000000, kernel: 4, padding: same}", [1, 4, 4, 4]),
    ("conv_transpose1d: {filters: 3, stride: 1000000000}", [1, 4]),
    ("conv_transpose2d: {filters: 1000000000, kernel: 1000000000}", [1, 4, 4]),
    ("conv_transpose2d: {filters: 1, kernel: 9, dilation: 1000000000}", [1, 4, 4]),
    ("depthwise_conv2d: {kernel: 1000000000, multiplier: 1000000000, padding: same}", [1, 4, 4]),
    ("separable_conv2d: {filters: 1000000000, multiplier: 1000000000}", [1, 4, 4]),
    ("adaptive_avg_pool2d: 1000000000", [1, 4, 4]),
    ("adaptive_max_pool2d: 1000000000", [1, 4, 4]),
    ("upsample: 1000000000", [1, 4, 4]),
    ("upsample: {factor: [1000000000, 1, 1000000000], mode: trilinear}", [1, 4, 4, 4]),
    ("pad: {size: 1000000000, mode: replicate}", [1, 4, 4]),
    ("max_pool2d: {kernel: 1000000000, stride: 1, padding: 999999999}", [1, 4, 4]),
  ]

  @Test(arguments: absurd)
  private func `sizes that no machine could hold are refused`(_ layer: String, _ input: Shape) {
    let lowering = lower([layer], input: input, target: .number([1]))
    #expect(lowering.model == nil)
    #expect(
      lowering.problems.contains { $0.contains("2³¹") || $0.contains("does not fit") },
      "\(lowering.problems)")
  }

  @Test private func `a window far larger than the image costs what it touches`() throws {
    let lowering = lower(
      ["max_pool2d: {kernel: 1000000000, padding: 500000000}"], input: [1, 4, 4],
      target: .number([1]))
    let model = try #require(lowering.model, "\(lowering.problems)")
    #expect(model.layers.last?.shape == [1, 1, 1])
    #expect(model.graph.cost(rows: 8).operations < 10_000)
  }

  @Test private func `spatial dropout drops whole channels and scales up the others`() throws {
    let lowering = lower(
      ["spatial_dropout: 0.75"], input: [50, 2, 3], target: .number([50, 2, 3]))
    let model = try #require(lowering.model)
    var test = model.testCase(rows: 4)
    test.data[try #require(model.graph.inputs.first).value] = .init(repeating: 1, count: 1200)
    let prediction = try #require(model.heads.first).prediction
    let values = try #require(evaluateReference(test)[prediction]).values
    let channels = stride(from: 0, to: values.count, by: 6).map { Set(values[$0..<($0 + 6)]) }
    #expect(channels.allSatisfy { $0 == [0] || $0 == [4] })
    // Binomial with 200 trials of 0.75: 150 ± 6.1.
    #expect((120...180).contains(channels.count { $0 == [0] }))
  }
}
