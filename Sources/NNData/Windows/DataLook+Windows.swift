import NNModel

extension DataSpec {
  /// Looks at data whose samples are windows.
  func look(
    _ windows: WindowSpec, baseDirectory: String, modelSeed: UInt64, _ reader: inout Reader
  ) -> DataLook? {
    guard
      let prepared = prepareWindows(windows, baseDirectory, modelSeed, using: nil, &reader)
    else { return nil }
    let (resolved, splits, format) = (prepared.resolved, prepared.splits, windows.format)
    let sources = zip(references, prepared.tables).map { reference, table in
      DataLook.Source(
        name: table.name == reader.file ? "rows of the model file" : table.name, part: reference.0,
        rows: table.rowCount, allRows: table.rowCount,
        columns: table.columnNames.indices.map {
          ColumnLook(table, $0, uses: uses(of: table.columnNames[$0], resolved))
        })
    }
    let ownTargets = resolved.filter { $0.spec.role == .target }
    let targets = ownTargets.compactMap(\.spec.window)
    let parts = prepared.cut.parts.map { part in
      PartLook(
        name: part.name, rows: part.starts.count,
        classes: prepared.preprocessing.targets.compactMap { target in
          splits[part.name].flatMap { PartLook.Classes(target, $0) }
        }, windows: PartWindows(part, format, targets: targets))
    }
    func rows(_ part: WindowPart) -> [Int] { part.starts.map { part.table.order.rows[$0] } }
    let concerns =
      columnConcerns(prepared.tables[0], sources[0].columns, ownTargets)
      + (prepared.cut.parts.first.flatMap { $0.table.unevenTimes(format) }.map { [$0] } ?? [])
      + DataConcern.leaks(
        prepared.cut.parts.compactMap { part in
          splits[part.name].map { (part.name, $0, rows(part).map { $0 + 1 }) }
        })
      + DataConcern.rareClasses(parts)
    let training = prepared.cut.parts.first { $0.name == .train }
    return DataLook(
      sources: sources, parts: parts,
      features: features(
        prepared.preprocessing, resolved, splits[.train], training.map(rows) ?? []),
      texts: [], droppedRows: 0, concerns: concerns, hasImages: false, sheet: nil,
      windows: WindowLook(prepared.cut, format))
  }

  /// What is suspicious about columns: that one tells the time is not, nor that it goes with a target
  /// while nobody knows it beforehand.
  private func columnConcerns(
    _ table: Table, _ looks: [ColumnLook], _ targets: [ResolvedFeature]
  ) -> [DataConcern] {
    let ahead = Set(inputs.filter { ($0.window?.end ?? 0) > ($0.window?.length ?? 0) }.map(\.name))
    let seenAhead = looks.map { look in
      ColumnLook(
        name: look.name, rows: look.rows, missing: look.missing, content: look.content,
        namesItsRow: false, hasWholeNumbers: look.hasWholeNumbers, prose: look.prose,
        uses: look.uses.filter { $0.role != .input || ahead.contains($0.feature) })
    }
    let columns = targets.flatMap(\.columns).compactMap { table.column($0) }
    let copies = DataConcern.ofColumns(table, seenAhead, targets: columns, texts: [])
      .filter { $0.code == "copied-target" }
    let others = DataConcern.ofColumns(table, looks, targets: [], texts: [])
      .filter { $0.code != "identifier" }
    return others + copies
  }
}
