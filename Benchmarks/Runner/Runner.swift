import Glibc
import NNJSON

/// Runs training steps of a case on demand, so that a driver can let nnc and its peers take turns.
///
///     nnc-bench CASE.yaml --threads N [--bf16]
///     nnc-bench input FILE.yaml
///     nnc-bench checkpoint FOLDER
///     nnc-bench peak --threads N
///
/// The first reads one command a line from standard input and answers each with one line of JSON,
/// see ``Session``; so do the second, which loads data, see ``Loading``, and the third, which writes
/// and reads weights, see ``Saving``. The fourth prints what the processor could do at most, see
/// ``measuredPeak``.
///
/// What it is not: it reads no data while it measures steps and evaluates nothing.
@main
struct Runner {
  static func main() {
    do {
      let arguments = CommandLine.arguments
      if arguments.count == 3, arguments[1] == "input" {
        var loading = try Loading(path: arguments[2])
        emit(["ready": true])
        while let line = readLine() { emit(try loading.answer(line)) }
        return
      }
      if arguments.count == 3, arguments[1] == "checkpoint" {
        let saving = Saving(folder: arguments[2])
        emit(["ready": true])
        while let line = readLine() { emit(try saving.answer(line)) }
        return
      }
      guard (4...5).contains(arguments.count), arguments[2] == "--threads",
        let threads = Int(arguments[3]), threads > 0,
        arguments.count == 4 || arguments[4] == "--bf16"
      else { throw RunnerError("usage: nnc-bench CASE.yaml --threads N [--bf16]") }
      if arguments[1] == "peak" {
        emit(measuredPeak(threads: threads))
        return
      }
      var session = try Session(
        path: arguments[1], threads: threads, isHalf: arguments.count == 5)
      emit(["ready": true])
      while let line = readLine() { emit(try session.answer(line)) }
    } catch let error as Unsupported {
      // The driver leaves the row out; anything else is a mistake.
      emit(["unsupported": .string(error.description)])
    } catch {
      write("nnc-bench: \(error)\n", to: STDERR_FILENO)
      exit(1)
    }
  }

  /// Writes at once, because the driver waits for each line.
  private static func emit(_ value: JSONValue) {
    write(value.serialized() + "\n", to: STDOUT_FILENO)
  }

  private static func write(_ text: String, to file: Int32) {
    var bytes = Array(text.utf8)[...]
    while !bytes.isEmpty {
      let count = bytes.withUnsafeBytes { Glibc.write(file, $0.baseAddress, $0.count) }
      guard count > 0 else { return }
      bytes = bytes.dropFirst(count)
    }
  }
}

struct RunnerError: Error, CustomStringConvertible {
  let description: String

  init(_ description: String) { self.description = description }
}

/// What this nnc cannot do yet.
struct Unsupported: Error, CustomStringConvertible {
  let description: String
}
