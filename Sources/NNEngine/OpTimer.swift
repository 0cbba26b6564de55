import CKernels
package import NNGraph
import NNTensor

/// Runs ops by themselves and tells how long they take.
///
/// They run on as many threads at once as a step would use, because threads share memory's speed.
package final class OpTimer {
  /// Operands of more bytes, together and for each thread, are not made.
  private static let mostBytes = 64_000_000

  private let pool: WorkerPool
  private let clock = ContinuousClock()

  package init(_ pool: WorkerPool) {
    self.pool = pool
  }

  /// How long a body takes.
  private func seconds(_ body: () -> Void) -> Double {
    let duration = clock.measure(body).components
    return Double(duration.seconds) + Double(duration.attoseconds) * 1e-18
  }

  /// How long one run of an op takes; nil where it cannot be run on made-up data.
  ///
  /// - batches: of runs; the median counts, because a moment's interruption says nothing.
  package func seconds(
    _ op: any Op, _ inputs: [ValueType], _ outputs: [ValueType], layouts: [Layout], rows: Int,
    batches: Int = 3
  ) -> Double? {
    let types = inputs + outputs
    let bytes = types.reduce(0) { $0 + TensorBuffer.aligned($1.count(rows: rows) * 4) }
    guard bytes <= OpTimer.mostBytes else { return nil }
    var benches: [Bench] = []
    for _ in 0..<pool.count {
      guard let bench = Bench(op, inputs, outputs, layouts, rows: rows, bytes: bytes) else {
        return nil
      }
      benches.append(bench)
    }
    func run(_ times: Int) -> Double {
      seconds { pool.run { benches[$0].run(times) } } / Double(times)
    }
    _ = run(1)
    let once = run(1)
    let times = max(1, min(4000, Int(OpTimer.batchSeconds / max(once, 1e-9))))
    let results = (0..<batches).map { _ in run(times) }.sorted()
    return results[results.count / 2]
  }

  private static let batchSeconds = 2e-3

  /// How long it takes to begin something on all threads and wait for it.
  package func handOver() -> Double {
    let times = 200
    return seconds { for _ in 0..<times { pool.run { _ in } } } / Double(times)
  }
}

/// An op bound to memory of its own.
private final class Bench {
  private let memory: TensorBuffer
  private let kernel: Kernel

  init?(
    _ op: any Op, _ inputs: [ValueType], _ outputs: [ValueType], _ layouts: [Layout], rows: Int,
    bytes: Int
  ) {
    memory = TensorBuffer(byteCount: bytes)
    var offset = 0
    var operands: [Operand] = []
    for (type, layout) in zip(inputs + outputs, layouts) {
      let count = type.count(rows: rows)
      // Neither zero, which some kernels skip, nor a number whose powers run away; an index of
      // zero is one that always exists.
      if type.dataType == .float32 {
        memory.floats(atByte: offset).update(repeating: 0.5, count: count)
      }
      operands.append(
        Operand(pointer: memory.base + offset, type: type, layout: layout, rows: rows))
      offset += TensorBuffer.aligned(count * 4)
    }
    let site = KernelSite(
      inputs: Array(operands.prefix(inputs.count)),
      outputs: Array(operands.dropFirst(inputs.count)), rows: rows)
    guard let kernel = try? op.kernel(site) else { return nil }
    self.kernel = kernel
  }

  func run(_ times: Int) {
    let position = RunPosition()
    for _ in 0..<times { kernel.run(position) }
  }
}
