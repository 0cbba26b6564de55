import ArgumentParser
import Glibc

/// The option that many commands share.
struct ThreadOption: ParsableArguments {
  @Option(
    help:
      "How many threads to use; all cores where not given. The result's bytes do not depend on it.")
  var threads: Int?

  func validate() throws {
    guard let threads, !(1...1024).contains(threads) else { return }
    throw ValidationError("--threads must be from 1 to 1024, found \(threads).")
  }

  var count: Int { threads ?? max(sysconf(Int32(_SC_NPROCESSORS_ONLN)), 1) }
}
