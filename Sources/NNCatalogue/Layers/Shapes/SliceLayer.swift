package import NNGraph
package import NNModel
import NNTensor

/// A stretch of an axis, or each so many of its elements.
///
/// - input: [batch, …, n, …]
/// - output: [batch, …, count, …]
package struct SliceLayer: Layer {
  package static let word = "slice"
  package static let summary =
    "Takes a stretch of an axis: {axis: 0, start: 2, count: 3} takes the elements 2, 3 and 4."

  @Field("The axis, counted from 0 of a sample.", range: .atLeast(0))
  package var axis = 0
  @Field("The first element, counted from 0; a negative one from the end.")
  package var start = 0
  @Field("How many elements; to the end where neither this nor stop is given.", range: .atLeast(1))
  package var count: Int? = nil
  @Field(
    "The element before which to stop, instead of count; a negative one is counted from the end.")
  package var stop: Int? = nil
  @Field("From one element that is taken to the next.", range: .atLeast(1))
  package var step = 1

  package init() {}

  package var takesIndices: Bool { true }

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    try b.requireAxis(axis, of: x, Self.word)
    guard count == nil || stop == nil else {
      throw ShapeError("'slice' has a count and a stop", help: "Keep one of them.")
    }
    let size = b.shape(x)[axis]
    let first = start < 0 ? size + start : start
    let end = stop.map { $0 < 0 ? size + $0 : $0 } ?? size
    let taken = count ?? (max(end - first, 0) + step - 1) / step
    guard first >= 0, taken > 0, end <= size, first + (taken - 1) * step < size else {
      throw ShapeError(
        "axis \(axis) of \(b.shape(x)) has the elements 0 to \(size - 1), and 'slice' means \(meant)"
      )
    }
    return try b.g.apply(Slice(axis: axis, start: first, count: taken, step: step), x)
  }

  private var meant: String {
    let pace = step == 1 ? "" : ", each \(step) apart"
    if let count { return "\(count) from \(start) on\(pace)" }
    return "those from \(start) on\(stop.map { " before \($0)" } ?? "")\(pace)"
  }
}
