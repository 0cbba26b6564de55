package import NNGraph
package import NNModel
import NNTensor

/// A learned vector for each index.
///
/// - input: [batch, …] indices, such as [batch, length]
/// - output: [batch, …, units]
/// - parameters: weight [vocabulary, units]
package struct Embedding: Layer {
  package static let word = "embedding"
  package static let summary = """
    Looks up a learned vector for each index: of a category with encode: index, or of the characters \
    of a text. A dense layer below it can share its weight with tie.
    """

  @Field("Numbers of each vector.", principal: true, range: .atLeast(1))
  package var units: Int
  @Field(
    "How many indices there are; by default as many as the input has classes. Others give zeros.",
    range: .atLeast(1))
  package var vocabulary: Int? = nil
  @Field("The index of padding: its vector begins as zeros and is not trained.", range: .atLeast(0))
  package var padding: Int? = nil
  @Field("How the vectors begin; if not given, with deviation 1, as PyTorch has it.")
  package var weightInit: any Initializer = normal(deviation: 1)

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let index = inputs[0]
    guard b.g.type(index).dataType == .int32 else {
      throw ShapeError(
        "'embedding' looks up indices, and its input is the numbers \(b.shape(index))",
        help: "Give the input type: category with encode: index, or use dense.")
    }
    let count = try vocabulary(of: index, b)
    if let padding, padding >= count {
      throw ShapeError("the padding \(padding) is none of the \(count) indices, which begin at 0")
    }
    let table = b.parameter(
      "weight", [count, units], role: .weight,
      initializer: padding.map { WithZeroRow(initializer: weightInit, row: $0) } ?? weightInit)
    return try b.g.apply(Gather(padding: padding), table, index)
  }

  private func vocabulary(of index: Value, _ b: LayerBuilder) throws(ShapeError) -> Int {
    if vocabulary == nil, let classes = try b.classCount(index) { return classes }
    guard let vocabulary else {
      throw ShapeError(
        "'embedding' does not know how many indices there are", help: "Give it a vocabulary.")
    }
    if let classes = try? b.classCount(index), classes > vocabulary {
      throw ShapeError(
        "the input has \(classes) classes, and the vocabulary holds \(vocabulary)",
        help: "Leave the vocabulary out, or make it larger.")
    }
    return vocabulary
  }
}

/// Normally distributed numbers around zero.
func normal(deviation: Double) -> Normal {
  var initializer = Normal()
  initializer.deviation = deviation
  return initializer
}

/// As another begins, but for one row of zeros.
private struct WithZeroRow: ParameterInitializer {
  let initializer: any ParameterInitializer
  let row: Int

  func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    var tensor = initializer.tensor(shape: shape, stream: stream)
    for place in row * shape[1]..<(row + 1) * shape[1] { tensor.values[place] = 0 }
    return tensor
  }
}
