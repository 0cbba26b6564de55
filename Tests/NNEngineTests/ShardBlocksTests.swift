import NNTestSupport
import Testing

@testable import NNEngine

@Suite struct ShardBlocksTests {
  /// Plays through what workers do with gradients, on texts that tell how they were added.
  private func tree(_ blocks: ShardBlocks) -> String {
    var sums: [String] = []
    for block in 0..<blocks.count {
      var levels = [String](repeating: "nothing", count: 8)
      for shard in blocks.block(block) {
        switch blocks.home(of: shard) {
        case .keep(let level): levels[level] = "\(shard)"
        case .add(let range):
          var sum = "\(shard)"
          for level in range.reversed() { sum = "(\(levels[level]) \(sum))" }
          levels[range.lowerBound] = sum
        }
      }
      sums.append(levels[0])
    }
    reduceInTree(0..<sums.count) { sums[$0] = "(\(sums[$0]) \(sums[$1]))" }
    return sums.first ?? ""
  }

  @Test(arguments: 1...40)
  private func `whoever runs which shards, gradients are summed in one tree`(_ count: Int) {
    var parts = (0..<count).map(String.init)
    reduceInTree(0..<count) { parts[$0] = "(\(parts[$0]) \(parts[$1]))" }
    for workers in 1...9 {
      #expect(tree(ShardBlocks(shards: count, workers: workers)) == parts[0])
    }
  }

  @Test(arguments: 1...40)
  private func `no worker has more to do than with shards dealt out one by one`(_ count: Int) {
    for workers in 1...9 {
      let blocks = ShardBlocks(shards: count, workers: workers)
      let work = (0..<workers).map { worker in
        stride(from: worker, to: blocks.count, by: workers).reduce(0) {
          $0 + blocks.block($1).count
        }
      }
      #expect(work.reduce(0, +) == count)
      #expect(work.max() == (count + workers - 1) / workers)
    }
  }

  @Test(arguments: [(8, 1, 3), (8, 2, 4), (8, 8, 8), (4, 2, 2), (2, 2, 2), (1, 2, 1), (8, 3, 8)])
  private func `few gradients are kept`(_ shards: Int, _ workers: Int, _ copies: Int) {
    let blocks = ShardBlocks(shards: shards, workers: workers)
    #expect(blocks.gradientCopies(workers: workers) == copies)
  }

  @Test(arguments: [(16, 2), (13, 1), (14, 2), (16, 1)])
  private func `gradients that are added as they are made have the same bits`(
    _ rows: Int, _ shardRows: Int
  ) throws {
    let test = ExecutorTests.network(rows: rows).differentiated
    let apart = try execute(test, shardRows: shardRows, threads: 16)
    for threads in [1, 2, 3, 4] {
      #expect(
        bitDifferences(apart, try execute(test, shardRows: shardRows, threads: threads)) == [])
    }
  }
}
