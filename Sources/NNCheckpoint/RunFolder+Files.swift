package import NNJSON

extension RunFolder {
  /// Keeps the model file as resolved.
  package func writeModel(_ text: String) throws(CheckpointError) {
    try AtomicFile.write(text, to: model)
  }

  /// Keeps how the run was started, and in the end how it ended.
  package func writeRun(_ value: JSONValue) throws(CheckpointError) {
    try AtomicFile.write(value.serialized(pretty: true) + "\n", to: run)
  }

  /// Adds a line to the metrics.
  ///
  /// The line goes to the system in one piece, so that who follows the file never sees half of
  /// it. It does not wait for the disk, which would cost more than a small epoch.
  package func appendMetrics(_ value: JSONValue) throws(CheckpointError) {
    var file = try OutputFile(appendingTo: metrics)
    try file.write(Array((value.serialized() + "\n").utf8).span.bytes)
    try file.flush()
  }

  /// The lines of the metrics so far; none if there is no such file yet.
  ///
  /// A last line without its line break is left out: its writer was stopped inside it.
  package func readMetrics() throws(CheckpointError) -> [JSONValue] {
    guard try Folder.names(in: path).contains("metrics.jsonl") else { return [] }
    let file = try InputFile(metrics)
    let lines = try file.bytes(file.byteCount, at: 0)
      .split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
      .dropLast()
    var values: [JSONValue] = []
    values.reserveCapacity(lines.count)
    for (index, line) in lines.enumerated() {
      do throws(JSONError) {
        values.append(try JSONValue.parse(Array(line)))
      } catch {
        throw .badLine(path: metrics, line: index + 1, reason: error.description)
      }
    }
    return values
  }

  /// Keeps only these lines, as a run that resumes from an earlier epoch must.
  package func replaceMetrics(_ values: [JSONValue]) throws(CheckpointError) {
    try AtomicFile.write(values.map { $0.serialized() + "\n" }.joined(), to: metrics)
  }
}
