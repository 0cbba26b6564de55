import CKernels
import NNEngine
import NNTestSupport
import Testing

@Suite struct TreeReductionTests {
  @Test(arguments: [
    (0, ""), (1, "0"), (2, "(0 1)"), (3, "((0 1) 2)"), (4, "((0 1) (2 3))"),
    (5, "(((0 1) (2 3)) 4)"), (6, "(((0 1) (2 3)) (4 5))"), (7, "(((0 1) (2 3)) ((4 5) 6))"),
    (9, "((((0 1) (2 3)) ((4 5) (6 7))) 8)"),
  ])
  private func `the left half is the largest power of two`(_ count: Int, _ tree: String) {
    var parts = (0..<count).map(String.init)
    reduceInTree(0..<count) { parts[$0] = "(\(parts[$0]) \(parts[$1]))" }
    #expect((parts.first ?? "") == tree)
  }

  @Test(arguments: 1...20)
  private func `it is the tree in which gradients are summed`(_ count: Int) {
    var generator = SeededGenerator(seed: UInt64(count))
    let numbers = (0..<count).map { _ in Float(generator.number(in: -1...1)) }
    var parts = numbers
    reduceInTree(0..<count) { parts[$0] += parts[$1] }
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: count)
    defer { memory.deallocate() }
    memory.initialize(from: numbers, count: count)
    var sum: Float = 0
    let sources = (0..<count).map { UnsafePointer<Float>?(UnsafePointer(memory + $0)) }
    nn_sum_tree(&sum, sources, Int32(count), 0, 1)
    #expect(sum.bitPattern == parts[0].bitPattern)
  }
}
