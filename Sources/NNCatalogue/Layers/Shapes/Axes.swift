import NNGraph
import NNModel
import NNTensor

/// The most axes a sample may have.
let mostAxes = 8

extension LayerBuilder {
  /// Throws unless a sample has an axis of this number.
  func requireAxis(_ axis: Int, of x: Value, _ word: String) throws(ShapeError) {
    let rank = shape(x).rank
    guard axis >= rank else { return }
    throw ShapeError(
      "'\(word)' means axis \(axis), and \(shape(x)) has \(rank == 1 ? "one" : "\(rank)")",
      help: "The axes of a sample are counted from 0; the batch is none of them.")
  }

  /// The axis that features lie along: channels of images, the last of others.
  func featureAxis(of x: Value, _ word: String) throws(ShapeError) -> Int {
    let rank = shape(x).rank
    guard rank > 0 else {
      throw ShapeError("'\(word)' needs vectors or images, found a single number")
    }
    return rank == 3 ? 0 : rank - 1
  }

  /// The same elements with an axis of one put in.
  mutating func withAxis(_ axis: Int, in x: Value) -> Value {
    var sizes = shape(x).sizes
    sizes.insert(1, at: axis)
    return g.make(Reshape(Shape(sizes)), x)
  }

  /// The same elements without an axis of one.
  mutating func withoutAxis(_ axis: Int, in x: Value) -> Value {
    var sizes = shape(x).sizes
    sizes.remove(at: axis)
    return g.make(Reshape(Shape(sizes)), x)
  }
}
