// New tables that are too large for memory.
package import NNDiagnostics

extension Preprocessing {
  /// Prepares a table chunk by chunk into a file.
  ///
  /// - readings: of the features that are asked for.
  func prepare(
    _ stream: CellStream, of table: Table, _ readings: [FeatureReading]
  ) -> (PreparedTable?, [Diagnostic]) {
    do throws(StorageProblem) {
      var writer = SampleWriter(try ScratchFile(in: stream.storage.folder))
      var rows: [Int] = []
      for (index, chunk) in stream.chunks.enumerated() {
        let part = try stream.table(index)
        var problems = TableProblems()
        let decoded = DecodedTable(part, readings, &problems)
        let samples =
          problems.isEmpty
          ? samples(decoded, rows: decoded.rows, for: .new, fixed: [], &problems) : nil
        guard problems.isEmpty, let samples else { return (nil, problems.diagnostics(in: part)) }
        try writer.append(samples)
        rows += decoded.rows.map { chunk.firstRow + $0 + 1 }
      }
      guard let samples = writer.samples else { return (nil, []) }
      return (
        PreparedTable(
          samples: samples, rowNumbers: rows, droppedRows: table.rowCount - rows.count), []
      )
    } catch {
      return (nil, [error.diagnostic(file: table.name)])
    }
  }
}

extension Table {
  /// How many pieces it is taken in: one, unless it is too large for memory.
  package var pieceCount: Int { stream?.chunks.count ?? 1 }

  /// A piece of it as a table in memory, or why it cannot be read.
  package func piece(_ index: Int) -> (Table?, [Diagnostic]) {
    guard let stream else { return (self, []) }
    do throws(StorageProblem) {
      return (try stream.table(index), [])
    } catch {
      return (nil, [error.diagnostic(file: name)])
    }
  }
}
