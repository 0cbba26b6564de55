/// How the elements along one axis are made of others along it: each a weighted sum of a few.
package enum AxisMap: Sendable, Hashable {
  /// Elements of a value before and after; where a count is negative, so many are cut off.
  case constant(before: Int, after: Int, value: Float)
  /// The elements beside an end, mirrored at the last one, which is not repeated.
  case reflection(before: Int, after: Int)
  /// The last element again.
  case replication(before: Int, after: Int)
  /// Each element several times.
  case nearest(factor: Int)
  /// Several elements for each, between the nearest two, with the ends of both axes aligned rather
  /// than their outermost elements: PyTorch's `align_corners=False`.
  case linear(factor: Int)
  /// The means of so many windows that cover the axis, as adaptive pooling has them.
  case windowMeans(count: Int)
  /// The sum of an element and those around it.
  case windowSums(before: Int, after: Int)

  /// A part of an element: a weight times an element of the input.
  struct Tap {
    let source: Int
    let weight: Float

    init(_ source: Int, _ weight: Float = 1) {
      self.source = source
      self.weight = weight
    }
  }

  /// The length of the result.
  package func outputSize(_ size: Int) throws(ShapeError) -> Int {
    switch self {
    case .constant(let before, let after, _):
      guard size + min(before, 0) + min(after, 0) > 0 else {
        throw ShapeError(
          "cutting off \(-min(before, 0)) and \(-min(after, 0)) of \(size) leaves nothing")
      }
      return size + before + after
    case .reflection(let before, let after):
      guard max(before, after) < size else {
        throw ShapeError(
          "\(size) elements have no \(max(before, after)) to reflect beside the last")
      }
      return size + before + after
    case .replication(let before, let after): return size + before + after
    case .nearest(let factor), .linear(let factor): return size * factor
    case .windowMeans(let count): return count
    case .windowSums: return size
    }
  }

  /// What makes an element of the result.
  ///
  /// - size: the length of the input; count: that of the result.
  func taps(_ index: Int, size: Int, count: Int) -> [Tap] {
    switch self {
    case .constant(let before, _, _):
      let source = index - before
      return (0..<size).contains(source) ? [Tap(source)] : []
    case .reflection(let before, _):
      let source = abs(index - before)
      return [Tap(source < size ? source : 2 * (size - 1) - source)]
    case .replication(let before, _): return [Tap(min(max(index - before, 0), size - 1))]
    case .nearest(let factor): return [Tap(index / factor)]
    case .linear(let factor):
      let place = max((Double(index) + 0.5) / Double(factor) - 0.5, 0)
      let left = Int(place)
      let share = Float(place - Double(left))
      // At the far end both neighbours are the last element.
      return share == 0 || left + 1 == size
        ? [Tap(left)] : [Tap(left, 1 - share), Tap(left + 1, share)]
    case .windowMeans:
      let window = adaptiveWindow(index, size: size, count: count)
      return window.map { Tap($0, 1 / Float(window.count)) }
    case .windowSums(let before, let after):
      return (max(index - before, 0)...min(index + after, size - 1)).map { Tap($0) }
    }
  }

  /// What an element without any taps is.
  var fill: Float {
    if case .constant(_, _, let value) = self { value } else { 0 }
  }
}

/// The window of an output of adaptive pooling: from ⌊i·size/count⌋ to ⌈(i+1)·size/count⌉.
func adaptiveWindow(_ index: Int, size: Int, count: Int) -> Range<Int> {
  (index * size / count)..<((index + 1) * size + count - 1) / count
}
