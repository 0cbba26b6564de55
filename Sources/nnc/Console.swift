import Glibc

/// Standard output for results, standard error for everything else.
enum Console {
  /// Whether standard error is a terminal, where colour and live progress are welcome.
  static var isLive: Bool { isatty(STDERR_FILENO) == 1 && !isDumb }

  /// Whether diagnostics are coloured; https://no-color.org.
  static var hasColour: Bool { isLive && environment("NO_COLOR") == nil }

  /// Whether results are read by a person who sees bold words.
  static var hasBoldResults: Bool {
    isatty(STDOUT_FILENO) == 1 && !isDumb && environment("NO_COLOR") == nil
  }

  private static var isDumb: Bool { environment("TERM") == "dumb" }

  /// Columns of the terminal, 80 where it does not say.
  static var width: Int {
    var size = winsize()
    guard ioctl(STDERR_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 80 }
    return Int(size.ws_col)
  }

  /// Ends the program where the result cannot be written: half of it would pass for all.
  static func out(_ text: String) {
    guard let code = write(text + "\n", to: STDOUT_FILENO) else { return }
    // Nobody reads any more, as behind `| head`; that is no failure worth words.
    if code != EPIPE { error("error: cannot write the result: \(String(cString: strerror(code)))") }
    Glibc.exit(1)
  }

  static func error(_ text: String) { _ = write(text + "\n", to: STDERR_FILENO) }
  /// Without a line break, for what is overwritten.
  static func live(_ text: String) { _ = write(text, to: STDERR_FILENO) }

  /// Writes all of a text, or returns the system's error.
  private static func write(_ text: String, to descriptor: Int32) -> Int32? {
    var text = text
    return text.withUTF8 { bytes in
      var rest = UnsafeRawBufferPointer(bytes)
      while let base = rest.baseAddress, !rest.isEmpty {
        let count = Glibc.write(descriptor, base, rest.count)
        if count < 0 {
          if errno == EINTR { continue }
          return errno
        }
        rest = UnsafeRawBufferPointer(rebasing: rest[count...])
      }
      return nil
    }
  }
}

/// What a variable of the environment says; nil where it says nothing.
func environment(_ name: String) -> String? {
  getenv(name).map { String(cString: $0) }.flatMap { $0.isEmpty ? nil : $0 }
}
