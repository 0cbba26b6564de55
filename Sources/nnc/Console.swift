import Glibc

/// Standard output for results, standard error for everything else.
enum Console {
  /// Whether standard error is a terminal, where colour and live progress are welcome.
  static var isLive: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

  /// Whether diagnostics are coloured; https://no-color.org.
  static var hasColour: Bool { isLive && environment("NO_COLOR").isEmpty }

  private static var isDumb: Bool { environment("TERM") == "dumb" }

  private static func environment(_ name: String) -> String {
    getenv(name).map { String(cString: $0) } ?? ""
  }

  /// Columns of the terminal, 80 where it does not say.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  static func out(_ text: String) { write(text + "\n", to: STDOUT_FILENO) }
  static func error(_ text: String) { write(text + "\n", to: STDERR_FILENO) }
  /// Without a line break, for what is overwritten.
  static func live(_ text: String) { write(text, to: STDERR_FILENO) }

  private static func write(_ text: String, to descriptor: Int32) {
    var text = text
    text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          // Nobody reads any more, as behind `| head`; there is no one left to tell.
          return
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
    }
  }
}
