import CKernels
import NNEngine
import NNJSON
import Synchronization

/// What the processor could do at most with so many threads, in GFLOP/s of f32 and of bf16; zero
/// where it has no instruction for it.
///
/// The best of several bursts counts: a limit is what is seldom reached.
func measuredPeak(threads: Int) -> JSONValue {
  let pool = WorkerPool(threads: threads)
  return [
    "f32": .number(best(NN_PEAK_F32, pool) / 1e9), "bf16": .number(best(NN_PEAK_BF16, pool) / 1e9),
  ]
}

/// Operations a second of all workers together.
private func best(_ kind: nn_peak_kind, _ pool: WorkerPool) -> Double {
  // About 20 ms on a processor of 3 GHz, long enough for the clock and the waking of a thread.
  let rounds: Int64 = 8_000_000
  var best = 0.0
  for _ in 0..<25 {
    let operations = Atomic<Int>(0)
    let start = ContinuousClock.now
    pool.run { _ in
      operations.add(Int(nn_peak_burst(kind, rounds)), ordering: .relaxed)
    }
    let seconds = microseconds(since: start) / 1e6
    best = max(best, Double(operations.load(ordering: .relaxed)) / seconds)
  }
  return best
}
