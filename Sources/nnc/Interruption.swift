import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as a flag that training asks after each step: the first ends the step and
/// saves, the second ends at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

  /// A reader that goes away must not kill a training that still has weights to save.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  static func listen() {
    for number in [SIGINT, SIGTERM] {
      signal(number) { _ in
        if Interruption.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
  }
}
