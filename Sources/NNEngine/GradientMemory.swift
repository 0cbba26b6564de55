import CKernels
import NNGraph
import NNPlan
import NNTensor

/// Where a shard's gradients go.
struct GradientMemory {
  /// Where they stay, laid out as the parameters; nil where they are added to others'.
  let kept: UnsafeMutablePointer<Float>?
  /// The sums they are added to, one level behind the other; the lowest takes the result.
  let sums: [UnsafeMutablePointer<Float>?]

  /// Where there are no gradients.
  static var none: GradientMemory { GradientMemory(kept: nil, sums: []) }

  /// Adds what was made for a parameter to the sums of the shards before.
  func sum(onto entry: ParameterLayout.Entry, _ made: UnsafeMutablePointer<Float>) -> Kernel {
    let owner = PointerList(sums.map { $0.map { $0 + entry.offset } })
    let count = Int64(entry.shape.count)
    return Kernel { _ in nn_sum_onto(owner.list, Int32(owner.count), made, count) }
  }
}

/// A list of pointers that C can walk without anything being copied.
private final class PointerList {
  let list: UnsafeMutablePointer<UnsafeMutablePointer<Float>?>
  let count: Int

  init(_ pointers: [UnsafeMutablePointer<Float>?]) {
    count = pointers.count
    list = .allocate(capacity: max(count, 1))
    list.initialize(from: pointers, count: count)
  }

  deinit { list.deallocate() }
}

/// The buffers that shards leave gradients in, made when one is first asked for.
///
/// A block's lowest level stays until the update; a worker is done with the others when a block ends.
final class GradientBuffers {
  private struct Key: Hashable {
    let level: Int
    /// The block at level 0, else the worker.
    let owner: Int
  }

  private let elementCount: Int
  private var buffers: [Key: TensorOwner] = [:]

  /// - elementCount: of all gradients; zero where there are none.
  init(elementCount: Int) { self.elementCount = elementCount }

  func memory(_ home: ShardBlocks.Home, block: Int, worker: Int) -> GradientMemory {
    guard elementCount > 0 else { return .none }
    switch home {
    case .keep(let level):
      return GradientMemory(kept: buffer(level, block: block, worker: worker), sums: [])
    case .add(let levels):
      return GradientMemory(
        kept: nil, sums: levels.map { buffer($0, block: block, worker: worker) })
    }
  }

  /// Where the sum of a block is.
  func sum(ofBlock block: Int) -> UnsafeMutablePointer<Float>? {
    elementCount == 0 ? nil : buffer(0, block: block, worker: 0)
  }

  private func buffer(_ level: Int, block: Int, worker: Int) -> UnsafeMutablePointer<Float> {
    let key = Key(level: level, owner: level == 0 ? block : worker)
    let owner = buffers[key] ?? TensorOwner(elementCount)
    buffers[key] = owner
    return owner.buffer.floats()
  }
}
