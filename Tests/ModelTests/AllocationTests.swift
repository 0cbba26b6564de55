import CAllocationCount
import NNData
import NNEngine
import NNTraining
import Testing

/// A step of training takes no memory from the heap: whatever it needs was made before.
///
/// oneDNN is not ours to change: running one of its primitives makes a table of its arguments. What
/// is allocated below a call of its code is counted apart.
@Suite(.serialized) struct AllocationTests {
  @Test(
    arguments: ["iris", "digits-cnn", "resnet20", "char-gpt", "char-lstm", "moe"], [1, 2, 3])
  func `a step allocates nothing`(_ name: String, threads: Int) throws {
    let trainer = try TrainedFile.untrained(name, threads: threads)
    let rows = (0..<2 * trainer.batch).map { $0 % trainer.trainCount }
    func takeSteps(_ count: Int) throws {
      for step in 0..<count {
        let first = step % 2 * trainer.batch
        _ = try trainer.takeStep(rows[first..<first + trainer.batch], trainer.factors(at: step))
      }
    }
    try takeSteps(2)
    let count = try counted(on: trainer.pool) { try takeSteps(3) }
    #expect(count.own == 0, "\(count.trace)")
    if count.library > 0 {
      print("\(name): oneDNN allocates \(count.library / 3) times a step")
    }
  }

  @Test(arguments: [1, 2])
  func `what a thread of the pool allocates is counted`(_ threads: Int) throws {
    let pool = WorkerPool(threads: threads)
    var kept = [[Int]](repeating: [], count: threads)
    let count = counted(on: pool) {
      kept.withUnsafeMutableBufferPointer { kept in
        var base = kept.baseAddress
        pool.run(&base) { context, worker in
          let kept = context.assumingMemoryBound(to: UnsafeMutablePointer<[Int]>.self).pointee
          kept[worker] = [Int](repeating: worker, count: 100)
        }
      }
    }
    #expect(kept.allSatisfy { $0.count == 100 })
    #expect(count.own >= threads)
    #expect(count.trace.contains("swift"))
  }

  /// What is allocated on the calling thread and the workers.
  private struct Count {
    let own: Int
    let library: Int
    /// The calls that led to the first of nnc's own.
    let trace: String
  }

  private func counted<Failure: Error>(
    on pool: WorkerPool, _ body: () throws(Failure) -> Void
  ) throws(Failure) -> Count {
    func watch(_ watches: Bool) {
      var watches = watches
      pool.run(&watches) { watches, _ in
        allocation_count_watch(watches.assumingMemoryBound(to: Bool.self).pointee)
      }
    }
    allocation_count_reset("libdnnl")
    watch(true)
    defer { watch(false) }
    try body()
    return Count(
      own: Int(allocation_count_total()), library: Int(allocation_count_excused()),
      trace: String(cString: allocation_count_trace()))
  }
}
