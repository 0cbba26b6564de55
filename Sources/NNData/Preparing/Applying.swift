import NNDiagnostics
import NNTensor

/// Whose rows are prepared: what to say about a class nobody learnt.
enum PreparedPart: Equatable {
  case split(SplitName)
  /// A source that holds this part alone.
  case source(SplitName)
  /// A table that comes after training.
  case new
}

extension PreparedPart {
  /// Whether its rows are those that are trained on.
  var isTraining: Bool { self == .split(.train) || self == .source(.train) }

  /// Nil of a table that comes after training.
  fileprivate var name: SplitName? {
    switch self {
    case .split(let name), .source(let name): name
    case .new: nil
    }
  }
}

extension FittedFeature {
  /// Fills, scales and encodes a feature of some rows.
  ///
  /// - Returns: what can be prepared of it; the problems say whether that is all.
  func apply(
    _ raw: RawFeature, rows: [Int], of table: Table, for part: PreparedPart,
    hasFixedClasses: Bool, _ problems: inout TableProblems
  ) -> FeatureArray {
    let storage: FeatureArray.Storage
    var late: LateTransforms?
    switch (content, raw.values) {
    case (.number(let scaling), .numbers(let values)):
      let numbers = scaled(values, scaling, raw, rows, table, &problems)
      storage = .float(hasIndicator ? withIndicators(numbers, values, raw.width, rows) : numbers)
    case (.number(let scaling), .tensors(let tensors)):
      storage = .float(scaled(tensors, scaling, raw, rows, table, &problems))
    case (.image, .tensors(let tensors as PreparedImages)):
      if part.isTraining {
        late = LateTransforms(tensors.pipeline, input: name, size: tensors.size)
      }
      storage = .float(
        scaled(late == nil ? tensors.settled : tensors, .identity, raw, rows, table, &problems))
    case (.category(let classes, let encoding), .words(let codes, let distinct)):
      let indices = indices(
        codes, distinct, classes, raw, rows, table, part, hasFixedClasses, &problems)
      storage =
        switch encoding {
        case .index: .index(indices)
        case .oneHot: .float(oneHot(indices, classes.count, raw, table, &problems))
        case .ordinal: .float(indices.map { Float($0) / Float(max(classes.count - 1, 1)) })
        }
    case (.binary(let negative, let positive), .words(let codes, let distinct)):
      storage = .float(
        indices(codes, distinct, [negative, positive], raw, rows, table, part, false, &problems)
          .map(Float.init))
    case (.characters(let classes), .characters(let text, let offset))
    where shape == [text.format.length]:
      storage = .index(text.indices(rows, offset: offset, classes))
    case (.text(let text, let vocabulary), .words(let codes, let distinct)):
      let texts = TextRows(
        reading: text, codes: codes, distinct: distinct, width: raw.width, missing: missing)
      storage = apply(texts, vocabulary, raw, rows, table, part, &problems)
    default:
      storage = .float([])
    }
    return FeatureArray(name: name, sampleShape: shape, storage: storage, late: late)
  }

  private func scaled(
    _ values: [Double], _ scaling: Scaling, _ raw: RawFeature, _ rows: [Int], _ table: Table,
    _ problems: inout TableProblems
  ) -> [Float] {
    guard scaling.isLinear else {
      return bent(
        DenseNumbers(values: values, width: raw.width), scaling, raw, rows, table, &problems)
    }
    let width = raw.width
    let offsets = scaling.offsets.filling(width)
    let factors = scaling.factors.filling(width)
    let fill = fill(width)
    let result = values.withUnsafeBufferPointer { values in
      [Float](unsafeUninitializedCapacity: rows.count * width) { output, count in
        guard let from = values.baseAddress, let to = output.baseAddress else { return }
        offsets.withUnsafeBufferPointer { offsets in
          factors.withUnsafeBufferPointer { factors in
            for (place, row) in rows.enumerated() {
              let (source, target) = (from + row &* width, to + place &* width)
              for column in 0..<width {
                let number = source[column]
                let value = number.isNaN ? fill?[column] ?? number : number
                (target + column).initialize(
                  to: Float((value - offsets[column]) * factors[column]))
              }
            }
          }
        }
        count = rows.count * width
      }
    }
    var found = TableProblems()
    if result.withUnsafeBufferPointer({ !areFinite($0) }) {
      for (place, row) in rows.enumerated() {
        for column in 0..<width where !result[place * width + column].isFinite {
          found.addOverflow(row, raw, element: column, self, in: table)
        }
      }
    }
    problems.add(found)
    return result
  }

  /// What stands in the place of missing numbers, one for each of a sample; nil where none may miss.
  func fill(_ width: Int) -> [Double]? {
    if case .numbers(_, let values) = missing { values.filling(width) } else { nil }
  }

  private func indices(
    _ codes: [Int32], _ distinct: [String], _ classes: [String], _ raw: RawFeature,
    _ rows: [Int], _ table: Table, _ part: PreparedPart, _ hasFixedClasses: Bool,
    _ problems: inout TableProblems
  ) -> [Int32] {
    let known = Dictionary(
      zip(classes, classes.indices.map { Int32($0) }), uniquingKeysWith: { first, _ in first })
    let rare = Set(self.rare)
    let unknownPlace = hasUnknown ? known[Self.unknownWord] ?? -1 : -1
    func place(_ word: String) -> Int32 {
      // A word that is written as a bucket is called is what the bucket is.
      known[word] ?? (rare.contains(word) ? known[Self.rareWord] : nil) ?? unknownPlace
    }
    let fill: Int32 = if case .word(let word) = missing { place(word) } else { -1 }
    let index = distinct.map(place)
    var found = TableProblems()
    // A word that nobody knows is one problem, however many cells have it.
    var unknown: [Int32: (row: Int, column: Int, count: Int)] = [:]
    let width = raw.width
    let result = [Int32](unsafeUninitializedCapacity: rows.count * width) { output, count in
      for row in rows {
        for column in 0..<width {
          let code = codes[row * width + column]
          let value = code < 0 ? fill : index[Int(code)]
          if value < 0, code >= 0 { unknown[code, default: (row, column, 0)].count += 1 }
          output.initializeElement(at: count, to: value)
          count += 1
        }
      }
    }
    let places = unknown.sorted {
      ($0.value.row, $0.value.column) < ($1.value.row, $1.value.column)
    }
    for (code, place) in places {
      report(
        distinct[Int(code)], row: place.row, others: place.count - 1,
        column: raw.columns[raw.place(ofElement: place.column)], of: classes, in: table, part,
        hasFixedClasses, &found)
    }
    problems.add(found)
    return result
  }

  private func report(
    _ word: String, row: Int, others: Int, column: Int, of classes: [String], in table: Table,
    _ part: PreparedPart, _ hasFixedClasses: Bool, _ problems: inout TableProblems
  ) {
    let shown = shortened(word)
    let more = others == 0 ? "" : " and \(others) more"
    let place = "\(table.rowName(row))\(more), column '\(table.columnNames[column])': "
    let suggestion = didYouMean(word, among: classes)
    if let split = part.name, !hasFixedClasses {
      let isCut = part == .split(split)
      problems.add(
        "class-not-in-training", at: .cell(row: row, column: column),
        place + "the class '\(shown)' of '\(name)' is in the \(split.rawValue) rows but in no "
          + "training row",
        label: suggestion,
        help: isCut
          ? "Stratify the split by it, take another seed, or collect more rows."
          : "Correct it, or add rows of this class to those to train on.")
      return
    }
    problems.add(
      "unknown-category", at: .cell(row: row, column: column),
      place + "'\(shown)' is none of the classes of '\(name)'", label: suggestion,
      help: suggestion == nil ? "They are \(some(classes))." : nil)
  }

  private func oneHot(
    _ indices: [Int32], _ classCount: Int, _ raw: RawFeature, _ table: Table,
    _ problems: inout TableProblems
  ) -> [Float] {
    // A column of names would otherwise ask for the square of the rows.
    let (count, overflows) = indices.count.multipliedReportingOverflow(by: classCount)
    guard !overflows, count <= 1 << 31 else {
      problems.add(
        "too-many-classes", at: .cell(row: 0, column: raw.columns[0]),
        "'\(name)' has \(classCount) classes, one float for each in every row is too much",
        help: "Say encode: index and use an embedding.")
      return []
    }
    var result = [Float](repeating: 0, count: count)
    for (place, index) in indices.enumerated() where index >= 0 {
      result[place * classCount + Int(index)] = 1
    }
    return result
  }
}

extension TableProblems {
  /// Reports a number that no float holds once it is scaled.
  mutating func addOverflow(
    _ row: Int, _ raw: RawFeature, element: Int, _ feature: FittedFeature, in table: Table
  ) {
    let place = raw.place(ofElement: element)
    add(
      "number-overflow", at: .cell(row: row, column: raw.columns[place]),
      "\(table.rowName(row)), column '\(feature.columns[place])': scaled, the value is beyond what a "
        + "32-bit float holds")
  }
}

extension [Double] {
  /// As many numbers as asked for, where there may be one for all.
  func filling(_ width: Int) -> [Double] {
    count == 1 ? Array(repeating: self[0], count: width) : self
  }
}

extension WindowedText {
  /// The class of each character of some windows, or of those `offset` places further.
  ///
  /// - classes: the last is that of characters which are none of the others.
  fileprivate func indices(_ windows: [Int], offset: Int, _ classes: [String]) -> [Int32] {
    let unknown = Int32(classes.count - 1)
    let known = Dictionary(
      zip(classes.dropLast(), 0..<unknown), uniquingKeysWith: { first, _ in first })
    let classOfCode = alphabet.map { known[String(Character($0))] ?? unknown }
    var result: [Int32] = []
    result.reserveCapacity(windows.count * format.length)
    for window in windows {
      let start = start(window) + offset
      for code in codes[start..<start + format.length] { result.append(classOfCode[Int(code)]) }
    }
    return result
  }
}
