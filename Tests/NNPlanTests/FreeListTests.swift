@testable import NNPlan
import NNTestSupport
import Testing

@Suite struct FreeListTests {
  @Test(arguments: 0..<50 as Range<UInt64>)
  private func `stretches in use never overlap, and all are given back`(_ seed: UInt64) {
    var generator = SeededGenerator(seed: seed)
    var list = FreeList()
    var live: [(offset: Int, size: Int)] = []
    for _ in 0..<300 {
      if live.isEmpty || Int.random(in: 0..<5, using: &generator) < 3 {
        let size = 64 * Int.random(in: 1...20, using: &generator)
        let offset = list.allocate(size)
        #expect(offset >= 0 && offset + size <= list.size)
        #expect(live.allSatisfy { $0.offset + $0.size <= offset || offset + size <= $0.offset })
        live.append((offset, size))
      } else {
        let stretch = live.remove(at: Int.random(in: live.indices, using: &generator))
        list.free(stretch.offset, stretch.size)
      }
    }
    let size = list.size
    for stretch in live.shuffled(using: &generator) { list.free(stretch.offset, stretch.size) }
    // What was given back is one stretch again.
    #expect(list.allocate(size) == 0)
    #expect(list.size == size)
  }

  @Test private func `the smallest hole that fits is taken`() {
    var list = FreeList()
    let offsets = [128, 64, 256, 64, 192, 64].map { list.allocate($0) }
    for place in [0, 2, 4] { list.free(offsets[place], [128, 64, 256, 64, 192, 64][place]) }
    #expect(list.allocate(192) == offsets[4])
    #expect(list.allocate(64) == offsets[0])
    #expect(list.allocate(64) == offsets[0] + 64)
    #expect(list.allocate(256) == offsets[2])
  }

  @Test private func `a hole at the end grows by what it lacks`() {
    var list = FreeList()
    let first = list.allocate(64)
    let last = list.allocate(64)
    list.free(last, 64)
    #expect(list.allocate(192) == last)
    #expect(list.size == 256 && first == 0)
  }
}
