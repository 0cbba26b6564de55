/// How the shards of a batch are shared out among workers, and where each leaves its gradients.
///
/// A worker runs the shards of a block one after the other and sums up their gradients while they
/// are made. A block is a subtree of the balanced tree that all gradients are summed in, so the bits
/// are those of any other way to share out. As in a binary counter, only the sums of subtrees that
/// wait for their neighbours are kept, each at a level of its own, the largest at level 0.
package struct ShardBlocks: Sendable {
  package let shards: Int
  /// Shards of a block, a power of two; the last block may have fewer.
  package let length: Int

  /// What a shard does with a gradient that it has made.
  enum Home: Hashable, Sendable {
    /// Leaves it at a level, where it waits for others.
    case keep(level: Int)
    /// Adds it to the sums at these levels, from the highest down, which leaves one at the lowest.
    case add(onto: Range<Int>)
  }

  /// Takes the longest blocks with which no worker has more to do than with blocks of one.
  package init(shards: Int, workers: Int) {
    func rounds(_ length: Int) -> Int {
      let blocks = (shards + length - 1) / length
      return (blocks + workers - 1) / workers * length
    }
    var length = 1
    while length < shards, rounds(length * 2) <= rounds(1) { length *= 2 }
    self.shards = shards
    self.length = length
  }

  package var count: Int { (shards + length - 1) / length }

  func block(_ index: Int) -> Range<Int> {
    index * length..<min((index + 1) * length, shards)
  }

  func home(of shard: Int) -> Home {
    let place = shard % length
    let waiting = place.nonzeroBitCount
    let isLast = place == length - 1 || shard == shards - 1
    // A shard completes as many subtrees as its place ends in ones; the last completes all.
    let completed = isLast ? waiting : (~place).trailingZeroBitCount
    return completed == 0 ? .keep(level: waiting) : .add(onto: waiting - completed..<waiting)
  }

  /// Levels that a worker needs, all but the lowest one after the other for all its blocks.
  private var levels: Int {
    let places = shards < length ? 0..<shards : 0..<length
    return places.map { home(of: $0) }.reduce(1) { most, home in
      if case .keep(let level) = home { max(most, level + 1) } else { most }
    }
  }

  /// Copies of all gradients that so many workers keep.
  package func gradientCopies(workers: Int) -> Int {
    count + min(count, workers) * (levels - 1)
  }
}
