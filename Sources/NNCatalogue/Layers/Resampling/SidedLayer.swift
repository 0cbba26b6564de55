import NNGraph
package import NNModel
import NNTensor

/// A layer that puts something at the sides of a sequence, an image or a volume, or takes it away.
package protocol SidedLayer: Layer {
  /// Of the sides that are not named.
  var size: Int { get }
  var left: Int? { get }
  var right: Int? { get }
  var top: Int? { get }
  var bottom: Int? { get }
  var front: Int? { get }
  var back: Int? { get }
}

extension SidedLayer {
  /// How much at both ends of each axis behind the channels, outermost first.
  ///
  /// - axes: how many there are, one to three.
  func sides(_ axes: Int, _ shape: Shape) throws(ShapeError) -> [(before: Int, after: Int)] {
    let all = [
      (before: ("front", front), after: ("back", back)),
      (before: ("top", top), after: ("bottom", bottom)),
      (before: ("left", left), after: ("right", right)),
    ]
    for sides in all.prefix(3 - axes) {
      for (name, number) in [sides.before, sides.after] where number != nil {
        throw ShapeError(
          "\(shape) has no \(name)",
          help: "A sequence has left and right only, an "
            + "image top and bottom too, a volume front and back besides.")
      }
    }
    return all.suffix(axes).map { ($0.before.1 ?? size, $0.after.1 ?? size) }
  }
}
