import NNData
import Synchronization

/// Tells how far the reading of data is that is too large for memory, as a bar on a terminal.
final class ReadingProgress: Sendable {
  private let state = Mutex((shownAt: 0.0, hasBar: false, what: ""))

  /// The storage of a person's data, whose reading is shown where there is a terminal.
  var storage: DataStorage {
    DataStorage(
      .ofUser, meter: Console.isLive ? ReadingMeter { [self] progress in show(progress) } : nil)
  }

  private func show(_ progress: ReadingMeter.Progress) {
    let now = monotonicSeconds()
    let isDue = state.withLock { state in
      guard now - state.shownAt >= 0.1 || state.what != progress.what else { return false }
      state = (now, true, progress.what)
      return true
    }
    guard isDue else { return }
    let space = 30
    let share = Double(progress.done) / Double(max(progress.total, 1))
    let done = min(Int(share * Double(space)), space)
    let bar = String(repeating: "━", count: done) + String(repeating: "─", count: space - done)
    let line = "\(progress.what) \(bar) \(Int(share * 100)) %"
    Console.live("\r\u{1B}[K" + String(line.prefix(max(Console.width - 1, 20))))
  }

  /// Takes the bar away.
  func end() {
    if state.withLock({ $0.hasBar }) { Console.live("\r\u{1B}[K") }
  }
}
