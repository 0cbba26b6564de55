import Synchronization

/// How far the reading of data is that is too large for memory, for whoever shows it.
package final class ReadingMeter: Sendable {
  /// What is done, of how much in all.
  package struct Progress: Sendable, Equatable {
    package let what: String
    package let done: Int
    package let total: Int
  }

  private let state = Mutex((what: "", done: 0, total: 0))
  private let onChange: @Sendable (Progress) -> Void

  /// - onChange: called after each piece, some megabytes.
  package init(_ onChange: @escaping @Sendable (Progress) -> Void) { self.onChange = onChange }

  /// Begins something of so many bytes or rows.
  func begin(_ what: String, total: Int) {
    state.withLock { $0 = (what, 0, total) }
    report()
  }

  func add(_ amount: Int) {
    state.withLock { $0.done += amount }
    report()
  }

  private func report() {
    onChange(state.withLock { Progress(what: $0.what, done: $0.done, total: $0.total) })
  }
}

extension ReadingMeter: Equatable {
  package static func == (left: ReadingMeter, right: ReadingMeter) -> Bool { left === right }
}
