import NNPlan
import NNTensor

/// A stretch of the flat buffer that one worker updates at a time, inside one parameter.
struct ParameterSlice {
  let begin: Int
  let count: Int
  /// The entry of the layout it is part of.
  let entry: Int
}

extension ParameterLayout {
  /// Elements of a slice: small enough that sums stay in the cache until they are used.
  private static let sliceLength = 16_384

  /// All parameters that are updated, cut into slices.
  var slices: [ParameterSlice] { allSlices.filter { entries[$0.entry].isUpdated } }

  /// All parameters and states, cut into slices.
  var allSlices: [ParameterSlice] {
    entries.enumerated().flatMap { index, entry in
      stride(from: 0, to: entry.shape.count, by: ParameterLayout.sliceLength).map { begin in
        ParameterSlice(
          begin: entry.offset + begin,
          count: min(ParameterLayout.sliceLength, entry.shape.count - begin), entry: index)
      }
    }
  }
}

extension WorkerPool {
  /// Calls `body` with each index once, neighbours mostly on the same thread.
  func share<Context>(_ count: Int, _ context: inout Context, _ body: @escaping Body) {
    withPortion(count, &context, body) { portion in
      run(portion) { Portion.at($0).runNeighbours($1) }
    }
  }

  /// Calls `body` with each index once, in turns, for work that is sorted by size.
  func deal<Context>(_ count: Int, _ context: inout Context, _ body: @escaping Body) {
    withPortion(count, &context, body) { portion in
      run(portion) { Portion.at($0).runInTurns($1) }
    }
  }

  /// Calls `body` with each index once, on the calling thread.
  func runAlone<Context>(_ count: Int, _ context: inout Context, _ body: @escaping Body) {
    withUnsafeMutablePointer(to: &context) { context in
      for index in 0..<count { body(context, index) }
    }
  }

  private func withPortion<Context>(
    _ count: Int, _ context: inout Context, _ body: @escaping Body,
    _ share: (UnsafeMutableRawPointer) -> Void
  ) {
    guard count > 1, self.count > 1 else {
      runAlone(count, &context, body)
      return
    }
    withUnsafeMutablePointer(to: &context) { context in
      var portion = Portion(count: count, workers: self.count, context: context, body: body)
      withUnsafeMutablePointer(to: &portion) { share($0) }
    }
  }
}

/// Work on so many indices, cut among workers.
private struct Portion {
  let count: Int
  let workers: Int
  let context: UnsafeMutableRawPointer
  let body: WorkerPool.Body

  static func at(_ pointer: UnsafeMutableRawPointer) -> Portion {
    pointer.assumingMemoryBound(to: Portion.self).pointee
  }

  func runNeighbours(_ worker: Int) {
    let share = (count + workers - 1) / workers
    let first = min(worker * share, count)
    for index in first..<min(first + share, count) { body(context, index) }
  }

  func runInTurns(_ worker: Int) {
    for index in stride(from: worker, to: count, by: workers) { body(context, index) }
  }
}
