import NNData

/// The lines of a run's split.csv: for each row of the data, counted from zero, the part it went to.
struct SplitLines: Sequence, IteratorProtocol {
  private let parts: [(name: SplitName, rows: [Int])]
  /// Sources of their own count their rows each, and stay together.
  private let isCut: Bool
  private var places: [Int]
  private var hasHeader = false

  init(_ data: PreparedData) {
    parts = SplitName.allCases.compactMap { name in data.rows[name].map { (name, $0) } }
    isCut = data.isCut
    places = parts.map { _ in 0 }
  }

  mutating func next() -> String? {
    guard hasHeader else {
      hasHeader = true
      return "row,split"
    }
    let left = parts.indices.filter { places[$0] < parts[$0].rows.count }
    let part =
      isCut
      ? left.min { parts[$0].rows[places[$0]] < parts[$1].rows[places[$1]] } : left.first
    guard let part else { return nil }
    defer { places[part] += 1 }
    return "\(parts[part].rows[places[part]]),\(parts[part].name.rawValue)"
  }
}
