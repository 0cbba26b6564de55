import CAllocationCount
import NNData
import NNEngine
import NNGraph
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A step of training takes no memory from the heap: whatever it needs was made before.
///
/// oneDNN is not ours to change: running one of its primitives makes a table of its arguments. What
/// is allocated below a call of its code is counted apart.
@Suite(.serialized, .enabled(if: allocation_count_works(), "a sanitizer has malloc to itself"))
struct AllocationTests {
  @Test(
    arguments: ["iris", "digits-cnn", "resnet20", "char-gpt", "char-lstm", "moe", "photos"],
    [1, 2, 3])
  func `a step allocates nothing`(_ name: String, threads: Int) throws {
    try check(try TrainedFile.untrained(name, threads: threads), name)
  }

  @Test(
    arguments: [
      "", "accumulate: 2, ", "checkpoint_activations: true, ", "precision: bf16, ",
      "mixup: 0.2, cutmix: 1, ",
    ])
  func `nor does one that is trained in another way`(_ train: String) throws {
    guard !train.contains("bf16") || bfloat16Products != nil else { return }
    // Characters are indices, which are not mixed.
    for name in train.contains("mix") ? ["digits-cnn"] : ["digits-cnn", "char-gpt"] {
      try check(try TrainedFile.untrained(name, threads: 2, train: train), train)
    }
  }

  @Test(
    arguments: [
      "{sgd: {lr: 0.1, momentum: 0.9}, clip_norm: 1}", "{lbfgs: 0.1}", "{muon: 0.01}",
      "{lamb: 0.01}", "{adafactor: 0.01}", "{adamw: 1e-3, ema: 0.99}",
      "{schedule_free_adamw: 1e-3}", "{adamw: 1e-3, lookahead: 5}",
      "{adam: {}, clip_adaptive: 0.01}",
      "{adamw: 1e-3, swa: {start: 1}}",
    ])
  func `nor does one of another optimizer`(_ optimizer: String) throws {
    try check(
      try TrainedFile.untrained("digits-cnn", threads: 2, optimizer: optimizer), optimizer)
  }

  private func check(_ trainer: Trainer, _ name: String) throws {
    let size = trainer.stepSamples
    let rows = (0..<2 * size).map { $0 % trainer.trainCount }
    func takeSteps(_ count: Int) throws {
      for step in 0..<count {
        let first = step % 2 * size
        _ = try trainer.takeStep(rows[first..<first + size], trainer.factors(at: step))
      }
    }
    try takeSteps(2)
    let count = try counted(on: trainer.pool) { try takeSteps(3) }
    #expect(count.own == 0, "\(name): \(count.trace)")
    if count.library > 0 {
      print("\(name): oneDNN allocates \(count.library / 3) times a step")
    }
  }

  @Test(arguments: [1, 2])
  func `a step on images that are changed at random allocates nothing`(_ threads: Int) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-images-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let pixels = (0..<40 * 64).map { UInt8(truncatingIfNeeded: $0 * $0 * 31) }
    try Data([0, 0, 8, 3, 0, 0, 0, 40, 0, 0, 0, 8, 0, 0, 0, 8] + pixels)
      .write(to: folder.appending(path: "x.idx"))
    try Data([0, 0, 8, 1, 0, 0, 0, 40] + (0..<40).map { $0 % 3 })
      .write(to: folder.appending(path: "y.idx"))
    let text = """
      nnc: 1
      data:
        source: {idx: {columns: {x: x.idx, y: y.idx}}}
        inputs:
          photo:
            column: x
            transforms: [flip, {rotate: 15}, {shift: 0.1}, {random_crop: 1}, {cutout: 2},
              {color_jitter: {brightness: 0.3, contrast: 0.3}},
              {normalise: {mean: [0.5], deviation: [0.25]}}]
        targets: {y: {type: category}}
      model: [flatten, {dense: y}]
      loss: cross_entropy
      optimizer: {sgd: 0.1}
      train: {epochs: 9, batch: 20}
      """
    let checked = ModelFile.check(
      Array(text.utf8), name: "images.yaml", directory: folder.path, depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics)")
    let trainer = try Trainer(model, try #require(model.prepared), threads: threads)
    let rows = Array(0..<40)
    func takeSteps(_ count: Int) throws {
      for step in 0..<count {
        let first = step % 2 * 20
        _ = try trainer.takeStep(rows[first..<first + 20], trainer.factors(at: step))
      }
    }
    try takeSteps(2)
    let count = try counted(on: trainer.pool) { try takeSteps(3) }
    #expect(count.own == 0, "\(count.trace)")
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
