// Prepares what does not fit into memory block by block, each part into a file of its own.
import NNDiagnostics
import NNModel
import NNTensor

extension Preprocessing {
  /// The bytes of a prepared sample.
  func sampleBytes(_ decoded: DecodedTable) -> Int {
    features.reduce(0) { $0 + $1.shape.count } * 4
  }
}

extension DataSpec {
  /// The bytes of a block of samples.
  private var blockBytes: Int { CellStream.chunkBytes(within: memory) }

  /// Prepares the samples of parts into files, or reports what is wrong in the first block where
  /// something is.
  func file(
    _ parts: [Part], _ preprocessing: Preprocessing, _ readings: [FeatureReading], isNew: Bool,
    _ storage: DataStorage, _ reader: inout Reader
  ) -> [SplitName: Samples]? {
    reader.storing(at: references.first?.1.range ?? .beginning) { reader throws(StorageProblem) in
      var filing = Filing(
        preprocessing: preprocessing, readings: readings, parts: parts,
        kinds: parts.map { preparedPart($0.name, isNew: isNew) }, fixed: fixedClasses,
        blockBytes: blockBytes)
      for _ in parts { filing.writers.append(SampleWriter(try ScratchFile(in: storage.folder))) }
      let meter = storage.meter
      meter?.begin("preparing", total: parts.reduce(0) { $0 + $1.rows.count })
      // Parts that are cut from one table are prepared together, so that it is read once.
      let groups = references.count == 1 ? [Array(parts.indices)] : parts.indices.map { [$0] }
      for group in groups {
        let findings = try filing.write(group, meter)
        guard findings.isEmpty else {
          reader.diagnostics += findings
          return nil
        }
      }
      var splits: [SplitName: Samples] = [:]
      for (part, writer) in zip(parts, filing.writers) { splits[part.name] = writer.samples }
      return try settled(splits)
    }
  }

  /// Samples in files, in memory where there is enough of it: of a table of which little is used they
  /// may be small.
  func settled(
    _ splits: [SplitName: Samples]
  ) throws(StorageProblem) -> [SplitName: Samples] {
    let bytes = splits.values.reduce(0) { $0 + $1.fileBytes }
    guard bytes <= memory / 4 else { return splits }
    var result = splits
    for (name, samples) in splits { result[name] = try samples.inMemory() }
    return result
  }

  private struct Filing {
    let preprocessing: Preprocessing
    let readings: [FeatureReading]
    let parts: [Part]
    let kinds: [PreparedPart]
    let fixed: Set<String>
    let blockBytes: Int
    var writers: [SampleWriter] = []

    /// Writes the samples of parts of one table.
    mutating func write(
      _ group: [Int], _ meter: ReadingMeter?
    ) throws(StorageProblem) -> [Diagnostic] {
      guard let first = group.first else { return [] }
      let decoded = parts[first].table
      guard let stream = decoded.table.stream else {
        for index in group {
          let findings = try writeBlocks(index, meter)
          guard findings.isEmpty else { return findings }
        }
        return []
      }
      var next = group.map { _ in 0 }
      for (index, chunk) in stream.chunks.enumerated() {
        let table = try stream.table(index)
        var problems = TableProblems()
        let decoded = DecodedTable(table, readings, &problems)
        for (place, part) in group.enumerated() {
          let rows = parts[part].rows
          let from = next[place]
          while next[place] < rows.count, rows[next[place]] < chunk.firstRow + chunk.rowCount {
            next[place] += 1
          }
          guard from < next[place] else { continue }
          let own = rows[from..<next[place]].map { $0 - chunk.firstRow }
          let samples = preprocessing.samples(
            decoded, rows: own, for: kinds[part], fixed: fixed, &problems)
          guard problems.isEmpty else { return problems.diagnostics(in: table) }
          try writers[part].append(samples)
          meter?.add(own.count)
        }
      }
      return []
    }

    /// Writes the samples of a part whose table is in memory or makes its rows when asked.
    private mutating func writeBlocks(
      _ index: Int, _ meter: ReadingMeter?
    ) throws(StorageProblem) -> [Diagnostic] {
      let part = parts[index]
      let block = max(blockBytes / max(preprocessing.sampleBytes(part.table), 1), 1)
      for from in stride(from: 0, to: part.rows.count, by: block) {
        let rows = Array(part.rows[from..<min(from + block, part.rows.count)])
        var problems = TableProblems()
        let samples = preprocessing.samples(
          part.table, rows: rows, for: kinds[index], fixed: fixed, &problems)
        guard problems.isEmpty else { return problems.diagnostics(in: part.table.table) }
        try writers[index].append(samples)
        meter?.add(rows.count)
      }
      return []
    }
  }
}

extension Reader {
  /// Does something that keeps data in files, or reports at a place that it cannot be kept.
  mutating func storing<Value>(
    at range: SourceRange, _ body: (inout Reader) throws(StorageProblem) -> Value?
  ) -> Value? {
    do throws(StorageProblem) {
      return try body(&self)
    } catch {
      report(error, at: range)
      return nil
    }
  }
}
