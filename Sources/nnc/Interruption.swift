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
    // Whoever starts the program may have blocked them, and that is inherited.
    var awaited = sigset_t()
    sigemptyset(&awaited)
    for number in [SIGINT, SIGTERM] {
      sigaddset(&awaited, number)
      signal(number) { _ in
        if Interruption.count.add(1, ordering: .relaxed).oldValue > 0 { _exit(130) }
      }
    }
    pthread_sigmask(SIG_UNBLOCK, &awaited, nil)
  }
}
