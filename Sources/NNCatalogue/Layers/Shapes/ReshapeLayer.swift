package import NNGraph
package import NNModel
import NNTensor

/// The same numbers under another shape.
///
/// - input: [batch, …]
/// - output: [batch, shape…]
package struct ReshapeLayer: Layer {
  package static let word = "reshape"
  package static let summary = "Gives a sample another shape with as many elements."
  package static let example = "reshape: [1, 28, -1]"

  @Field("The sizes of a sample's axes; one of them may be -1 for what is left.", principal: true)
  package var shape: [Int]

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let from = b.shape(inputs[0])
    var sizes = shape
    let open = sizes.indices.filter { sizes[$0] == -1 }
    guard open.count <= 1, sizes.allSatisfy({ $0 > 0 || $0 == -1 }) else {
      throw ShapeError("\(Shape(shape)) is no shape: sizes are above 0, and one may be -1")
    }
    // Absurd sizes are refused before their product overflows.
    guard sizes.count <= 8, sizes.allSatisfy({ $0 <= max(from.count, 100) }) else {
      throw ShapeError("the \(from.count) elements of \(from) do not fill \(Shape(shape))")
    }
    if let place = open.first {
      let rest = sizes.filter { $0 != -1 }.reduce(1, *)
      guard from.count % rest == 0 else {
        throw ShapeError("the \(from.count) elements of \(from) do not fill \(Shape(shape))")
      }
      sizes[place] = from.count / rest
    }
    return try b.g.apply(Reshape(Shape(sizes)), inputs[0])
  }
}
