import NNTensor

/// Something about data that a person should look at before they train on it.
package struct DataConcern: Sendable, Equatable {
  /// Such as `leak`.
  package let code: String
  package let message: String
  package let help: String

  package init(_ code: String, _ message: String, help: String) {
    self.code = code
    self.message = message
    self.help = help
  }
}

// MARK: Columns

extension DataConcern {
  /// Fewer rows say nothing about a column as a whole.
  private static let leastRows = 20

  /// What is suspicious about the columns that inputs are made of.
  ///
  /// - Parameters:
  ///   - table: the rows.
  ///   - looks: its columns, in their order.
  ///   - targets: the columns of targets, by position.
  ///   - texts: the columns that are read as texts, which are mostly different ones.
  /// - Returns: in the order of the columns.
  static func ofColumns(
    _ table: Table, _ looks: [ColumnLook], targets: [Int], texts: [String]
  ) -> [DataConcern] {
    guard table.windows == nil else { return [] }
    var found: [DataConcern] = []
    // A target may repeat inputs on purpose, as an autoencoder's does.
    let truths = targets.filter { column in
      table.typed?.columns[column].tensors == nil
        && !looks[column].uses.contains { $0.role == .input }
    }.map { (name: table.columnNames[$0], values: ColumnValues(table, $0)) }
    var constant: [String] = []
    for (column, look) in looks.enumerated() where look.uses.contains(where: { $0.role == .input })
    {
      guard table.typed?.columns[column].tensors == nil else { continue }
      if look.isConstant {
        constant.append(look.name)
        continue
      }
      guard table.rowCount >= leastRows else { continue }
      if let concern = look.identifierConcern, !texts.contains(look.name) { found.append(concern) }
      let values = truths.isEmpty ? nil : ColumnValues(table, column)
      for truth in truths {
        guard let values, values.tells(truth.values) else { continue }
        found.append(
          DataConcern(
            "copied-target",
            "the input column '\(look.name)' says what the target '\(truth.name)' is",
            help: "Take it out of the inputs, unless it is known when predictions are made."))
      }
    }
    if !constant.isEmpty {
      found.append(
        DataConcern(
          "constant-column",
          constant.count == 1
            ? "the input column '\(constant[0])' has the same value in every row"
            : "\(constant.count) input columns have the same value in every row: \(some(constant))",
          help: "Nothing can be learnt from it; leave it out, or keep it if later rows will differ."
        ))
    }
    return found
  }
}

extension ColumnLook {
  fileprivate var isConstant: Bool {
    switch content {
    case .numbers(_, let distinct), .words(_, let distinct):
      distinct == 1 && missing == 0 && rows > 1
    case .tensors, .characters: false
    }
  }

  fileprivate var identifierConcern: DataConcern? {
    guard namesItsRow else { return nil }
    return DataConcern(
      "identifier",
      "the input column '\(name)' has another value in every row, as an identifier has",
      help: "What only names a row cannot be known of new ones; leave it out.")
  }
}

extension ColumnValues {
  /// Whether another column follows from this one: by a straight line, or value by value both ways.
  fileprivate func tells(_ other: ColumnValues) -> Bool {
    if case .numbers(let x) = kind, case .numbers(let y) = other.kind,
      abs(correlation(x, y)) > 0.999999
    {
      return true
    }
    let (own, count) = codes
    let (others, otherCount) = other.codes
    guard count == otherCount, count > 1, count <= own.count / 2 else { return false }
    var partner = [Int32](repeating: -1, count: count)
    for (code, otherCode) in zip(own, others) where code >= 0 && otherCode >= 0 {
      if partner[Int(code)] >= 0, partner[Int(code)] != otherCode { return false }
      partner[Int(code)] = otherCode
    }
    let met = partner.filter { $0 >= 0 }
    return met.count == count && Set(met).count == count
  }
}

/// Pearson's correlation over the rows in which both are there; zero where one does not vary.
private func correlation(_ x: [Double], _ y: [Double]) -> Double {
  let pairs = zip(x, y).filter { !$0.isNaN && !$1.isNaN }
  guard pairs.count > 2 else { return 0 }
  let count = Double(pairs.count)
  let (meanX, meanY) = pairs.reduce((0.0, 0.0)) { ($0.0 + $1.0 / count, $0.1 + $1.1 / count) }
  var (xx, yy, xy) = (0.0, 0.0, 0.0)
  for (a, b) in pairs {
    xx += (a - meanX) * (a - meanX)
    yy += (b - meanY) * (b - meanY)
    xy += (a - meanX) * (b - meanY)
  }
  return xx > 0 && yy > 0 ? xy / (xx * yy).squareRoot() : 0
}

// MARK: Samples

extension DataConcern {
  /// Samples of one part that another has too, inputs and all.
  ///
  /// - parts: in the order of their names' cases, each with its row numbers.
  static func leaks(_ parts: [(name: SplitName, samples: Samples, rows: [Int])]) -> [DataConcern] {
    guard parts.count > 1 else { return [] }
    var known: [SampleKey: (part: Int, row: Int)] = [:]
    var met: [[Int]: (count: Int, first: (Int, Int))] = [:]
    for (place, part) in parts.enumerated() {
      for index in 0..<part.samples.count {
        let key = SampleKey(part.samples, index)
        let row = index < part.rows.count ? part.rows[index] : index + 1
        guard let other = known[key] else {
          known[key] = (place, row)
          continue
        }
        guard other.part != place else { continue }
        let pair = [other.part, place]
        met[pair] = (met[pair]?.count ?? 0, met[pair]?.first ?? (other.row, row))
        met[pair]?.count += 1
      }
    }
    return met.sorted { $0.key.lexicographicallyPrecedes($1.key) }.map { pair, found in
      let (left, right) = (parts[pair[0]].name.rawValue, parts[pair[1]].name.rawValue)
      let rows = found.count == 1 ? "1 row" : "\(found.count) rows"
      return DataConcern(
        "leak",
        "\(rows) of \(right) \(found.count == 1 ? "has" : "have") the inputs of a row of \(left), such as "
          + "row \(found.first.1) those of row \(found.first.0)",
        help: "What was trained on is no test; take repeated rows out, or split by group.")
    }
  }

  /// Classes of which a part has too few to judge by.
  static func rareClasses(_ parts: [PartLook]) -> [DataConcern] {
    parts.flatMap { part in
      part.classes.flatMap { target in
        let rare = target.counts.filter { $0.count < 2 }.map(\.word)
        return rare.isEmpty || target.counts.count < 2
          ? []
          : [
            DataConcern(
              "rare-class",
              "\(part.name.rawValue) has fewer than two rows of "
                + "\(rare.count == 1 ? "the class \(rare[0])" : "the classes \(some(rare))") of "
                + "'\(target.name)'",
              help: "Stratify the split, join rare classes, or collect more of them.")
          ]
      }
    }
  }
}

/// The inputs of a sample, to the bit.
private struct SampleKey: Hashable {
  private let first: UInt64
  private let second: UInt64

  init(_ samples: Samples, _ index: Int) {
    // Two 64-bit sums (FNV-1a from two beginnings): that different samples have both in common does
    // not happen by chance.
    var (first, second): (UInt64, UInt64) = (0xcbf2_9ce4_8422_2325, 0x9e37_79b9_7f4a_7c15)
    func add(_ word: UInt32) {
      first = (first ^ UInt64(word)) &* 0x100_0000_01b3
      second = (second ^ UInt64(word)) &* 0x100_0000_01b3
      second ^= second >> 29
    }
    for array in samples.inputs {
      let size = array.sampleShape.count
      let range = index * size..<(index + 1) * size
      switch array.storage {
      case .float(let values): for value in values[range] { add(value.bitPattern) }
      case .index(let values): for value in values[range] { add(UInt32(bitPattern: value)) }
      case .filed: break
      }
    }
    (self.first, self.second) = (first, second)
  }
}
