import ArgumentParser
import Glibc

/// The option that many commands share.
struct ThreadOption: ParsableArguments {
  @Option(
    help:
      "How many threads to use; all cores where not given. The result's bytes do not depend on it.")
  var threads: Int?

  /// Checked, and at most a sensible number.
  var count: Int {
    get throws {
      let cores = max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1)
      guard let threads else { return cores }
      guard (1...1024).contains(threads) else {
        throw ValidationError("--threads must be from 1 to 1024, found \(threads).")
      }
      return threads
    }
  }
}
