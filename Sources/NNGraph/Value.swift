package import NNTensor

/// A tensor in a graph: an input, a parameter, or the result of an op.
package struct Value: Hashable, Sendable {
  package let index: Int

  package init(index: Int) { self.index = index }
}

/// What a value holds.
///
/// A batched value has one tensor of `shape` for every sample of the batch; how many samples
/// there are is decided only when a plan is made. The others are one tensor: a parameter, or a
/// sum over samples.
package struct ValueType: Hashable, Sendable, CustomStringConvertible {
  package let shape: Shape
  package let isBatched: Bool
  package let dataType: DataType

  package init(_ shape: Shape, isBatched: Bool, dataType: DataType = .float32) {
    self.shape = shape
    self.isBatched = isBatched
    self.dataType = dataType
  }

  /// One tensor for each sample.
  package static func batched(_ shape: Shape) -> ValueType { .init(shape, isBatched: true) }
  /// One tensor.
  package static func single(_ shape: Shape) -> ValueType { .init(shape, isBatched: false) }

  /// The sizes of all axes, the batch first where there is one.
  package func sizes(rows: Int) -> [Int] { (isBatched ? [rows] : []) + shape.sizes }

  /// The same with another size along an axis of a sample.
  func resized(_ axis: Int, to size: Int) -> ValueType {
    var sizes = shape.sizes
    sizes[axis] = size
    return ValueType(Shape(sizes), isBatched: isBatched, dataType: dataType)
  }

  package func count(rows: Int) -> Int { shape.count * (isBatched ? rows : 1) }

  package func byteCount(rows: Int) -> Int { count(rows: rows) * dataType.byteCount }

  package var description: String { (isBatched ? "batch×" : "") + "\(shape)" }
}

/// Why an op or a layer cannot take the shapes it was given.
package struct ShapeError: Error, Equatable {
  /// A sentence without a full stop that names the shapes.
  package let message: String
  package let help: String?

  package init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}
