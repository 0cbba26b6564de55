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
  var slices: [ParameterSlice] {
    entries.enumerated().filter(\.element.isUpdated).flatMap { index, entry in
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
  func share(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1, self.count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    run { worker in
      let share = (count + self.count - 1) / self.count
      let first = min(worker * share, count)
      for index in first..<min(first + share, count) { body(index) }
    }
  }

  /// Calls `body` with each index once, in turns, for work that is sorted by size.
  func deal(_ count: Int, _ body: (Int) -> Void) {
    guard count > 1, self.count > 1 else {
      for index in 0..<count { body(index) }
      return
    }
    run { worker in
      for index in stride(from: worker, to: count, by: self.count) { body(index) }
    }
  }
}
