import NNEngine
import NNTestSupport
import Synchronization
import Testing

@Suite struct WorkerPoolTests {
  @Test(arguments: 1...8)
  private func `each thread runs its index once, run after run`(_ threads: Int) {
    let pool = WorkerPool(threads: threads)
    #expect(pool.count == threads)
    let counts = UnsafeMutableBufferPointer<Int>.allocate(capacity: threads)
    counts.initialize(repeating: 0)
    defer { counts.deallocate() }
    for round in 1...2000 {
      // Each thread writes its own place; the caller sees all of them when the run is over.
      pool.run { counts[$0] += 1 }
      guard counts.allSatisfy({ $0 == round }) else {
        Issue.record("after \(round) runs: \(Array(counts))")
        return
      }
    }
  }

  @Test private func `a pool sleeps between runs and wakes again`() async throws {
    let pool = WorkerPool(threads: 3)
    let total = Atomic(0)
    for _ in 0..<5 {
      try await Task.sleep(for: .milliseconds(5))
      pool.run { total.add($0 + 1, ordering: .relaxed) }
    }
    #expect(total.load(ordering: .relaxed) == 5 * 6)
  }

  @Test private func `pools may be made and dropped in numbers`() {
    // Not under Mutex, whose code is the system's library: ThreadSanitizer would not see it.
    let total = Atomic(0)
    for round in 0..<300 {
      let pool = WorkerPool(threads: 1 + round % 8)
      // Some are dropped before their threads have even begun.
      guard round % 3 > 0 else { continue }
      for _ in 0..<(round % 3) { pool.run { _ in total.add(1, ordering: .relaxed) } }
    }
    let expected = (0..<300).reduce(0) { $0 + $1 % 3 * (1 + $1 % 8) }
    #expect(total.load(ordering: .relaxed) == expected)
  }

  @Test(arguments: [0, -3])
  private func `there is always one thread, the caller's`(_ wanted: Int) {
    let pool = WorkerPool(threads: wanted)
    var indices: [Int] = []
    pool.run { indices.append($0) }
    #expect(pool.count == 1 && indices == [0])
  }
}
