import Glibc
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

/// A clock that only goes forward.
func monotonicSeconds() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_MONOTONIC, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

func secondsSince1970() -> Double {
  var time = timespec()
  clock_gettime(CLOCK_REALTIME, &time)
  return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
}

extension CacheFolder {
  /// `NNC_CACHE`, else nnc's part of the folder that the XDG Base Directory Specification has for what
  /// can be made again.
  static var ofUser: CacheFolder {
    func variable(_ name: String) -> String? {
      getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
    }
    if let own = variable("NNC_CACHE") { return CacheFolder(own) }
    if let shared = variable("XDG_CACHE_HOME"), shared.hasPrefix("/") {
      return CacheFolder(shared + "/nnc")
    }
    return CacheFolder(variable("HOME").map { $0 + "/.cache/nnc" } ?? "/tmp/nnc-\(getuid())")
  }
}
