import Glibc
import Synchronization

/// Ctrl-C and SIGTERM as a flag that training asks after each step: the first ends the step and
/// saves, the second ends at once.
enum Interruption {
  private static let count = Atomic<Int>(0)

  static var isRequested: Bool { count.load(ordering: .relaxed) > 0 }

  /// A reader that goes away must not kill a training that still has weights to save.
  static func ignoreBrokenPipes() { signal(SIGPIPE, SIG_IGN) }

  /// Files are read as memory. Where another process cuts one short, the system sends a signal, at
  /// which a program can do no more than say so.
  static func tellOfCutFiles() {
    signal(SIGBUS) { _ in
      let message: StaticString =
        "error: a file became shorter while it was read; wait for its writer, then start again\n"
      write(STDERR_FILENO, message.utf8Start, message.utf8CodeUnitCount)
      _exit(1)
    }
  }

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
