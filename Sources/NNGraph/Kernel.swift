package import CKernels
import NNTensor

/// An operand of a kernel in memory.
package struct Operand {
  package let pointer: UnsafeMutableRawPointer
  package let type: ValueType
  package let layout: Layout
  package let rows: Int

  package init(pointer: UnsafeMutableRawPointer, type: ValueType, layout: Layout, rows: Int) {
    self.pointer = pointer
    self.type = type
    self.layout = layout
    self.rows = rows
  }

  package var floats: UnsafeMutablePointer<Float> { pointer.assumingMemoryBound(to: Float.self) }
  package var halves: UnsafeMutablePointer<UInt16> {
    pointer.assumingMemoryBound(to: UInt16.self)
  }
  package var indices: UnsafeMutablePointer<Int32> { pointer.assumingMemoryBound(to: Int32.self) }

  /// How many elements there are in all.
  package var count: Int { type.count(rows: rows) }

  /// The sizes of the axes in the order of memory, outermost first.
  package var memorySizes: [Int] {
    (type.isBatched ? [rows] : []) + layout.axes(rank: type.shape.rank).map { type.shape[$0] }
  }

  /// Where an axis of a sample stands among them.
  func place(of axis: Int) -> Int {
    let order = layout.axes(rank: type.shape.rank)
    return (order.firstIndex(of: axis) ?? axis) + (type.isBatched ? 1 : 0)
  }

  /// The tensor as `[outer, axis, inner]` for an axis of a sample.
  func run(along axis: Int) -> (outer: Int, count: Int, inner: Int) {
    let (sizes, place) = (memorySizes, place(of: axis))
    return (
      sizes[..<place].reduce(1, *), sizes[place], sizes[(place + 1)...].reduce(1, *)
    )
  }
}

/// Where a kernel is wanted: its operands and how many samples they hold.
package struct KernelSite {
  package let inputs: [Operand]
  package let outputs: [Operand]
  package let rows: Int

  package init(inputs: [Operand], outputs: [Operand], rows: Int) {
    self.inputs = inputs
    self.outputs = outputs
    self.rows = rows
  }
}

/// Where in the training a run stands; random numbers depend on it.
package typealias RunPosition = nn_run_position

/// Code bound to its operands; running it allocates nothing.
///
/// A kernel is run by one thread at a time. It is marked as sendable because a plan hands each
/// worker its own.
package struct Kernel: @unchecked Sendable {
  private let body: (RunPosition) -> Void

  package init(_ body: @escaping (RunPosition) -> Void) {
    self.body = body
  }

  package func run(_ position: RunPosition) { body(position) }

  package func followed(by other: Kernel) -> Kernel {
    Kernel { position in
      body(position)
      other.body(position)
    }
  }
}

/// Why a kernel could not be made, in the words of the library that refused.
package struct KernelError: Error {
  package let message: String

  package init(_ message: String) {
    self.message = message
  }

  /// What the C side last said.
  static func last(_ what: String) -> KernelError {
    KernelError("\(what): \(String(cString: nn_last_error()))")
  }
}

/// Keeps an object of the C side alive as long as the kernel that uses it.
final class Owned {
  let pointer: OpaquePointer
  private let destroy: (OpaquePointer) -> Void

  init(_ pointer: OpaquePointer, destroy: @escaping (OpaquePointer) -> Void) {
    self.pointer = pointer
    self.destroy = destroy
  }

  deinit { destroy(pointer) }
}
