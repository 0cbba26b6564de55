package import NNGraph
package import NNModel
package import NNTensor

/// A loss that compares vectors of one width with each other.
package protocol EmbeddingLoss: Loss {}

extension EmbeddingLoss {
  package func check(_ target: TargetType?, values: [Shape]) throws(ShapeError) {
    if let target {
      guard case .binary = target else {
        throw ShapeError(
          "'\(Self.word)' is told whether two are the same, and the target is \(target.described)",
          help: "Give the target type: binary.")
      }
    }
    for shape in values where shape != values[0] || shape.rank != 1 {
      throw ShapeError(
        "'\(Self.word)' compares vectors of one width, found \(listed(values.map(\.description)))",
        help: "Let them end with dense layers of equal units; tie: shares their weights.")
    }
  }
}

extension GraphBuilder {
  /// The cosine of the angle between two vectors of each sample, a batch of single numbers.
  mutating func cosine(_ a: Value, _ b: Value) -> Expression {
    let product = elementwise(.value(a) * .value(b))
    return .value(sumOfSample(product)) * inverseLength(a) * inverseLength(b)
  }

  /// One over the length of a vector of each sample.
  mutating func inverseLength(_ x: Value) -> Expression {
    // PyTorch adds as much, so that a vector of zeros has a gradient.
    rsqrt(.value(sumOfSample(elementwise(square(.value(x))))) + 1e-12)
  }
}
