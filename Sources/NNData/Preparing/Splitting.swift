// Which rows are for what. Everything is a function of the rows' number, the shares, the classes
// and the seed; sizes and order do not depend on how a machine rounds or sorts.
import NNTensor

/// Cuts rows into parts.
struct Splitting {
  /// The share of each part, in the order of ``SplitName``; they sum to one.
  let shares: [Double]
  let seed: UInt64
  let shuffles: Bool

  /// How many rows each part gets: by largest remainder, so that the sizes sum to the count.
  func sizes(_ count: Int) -> [Int] {
    let quotas = shares.map { $0 * Double(count) }
    var sizes = quotas.map { Int($0.rounded(.down)) }
    let byRemainder = quotas.indices.sorted {
      let (left, right) = (quotas[$0] - Double(sizes[$0]), quotas[$1] - Double(sizes[$1]))
      return left == right ? $0 < $1 : left > right
    }
    var rest = count - sizes.reduce(0, +)
    // The tolerance of the sum may leave a row over, or one too many, on very large tables.
    while rest != 0 {
      for part in byRemainder where rest != 0 && shares[part] > 0 {
        sizes[part] += rest > 0 ? 1 : -1
        rest += rest > 0 ? -1 : 1
      }
    }
    return sizes
  }

  /// Divides rows without regard to what they hold.
  ///
  /// - Returns: for each part its rows, ascending.
  func divide(_ rows: [Int]) -> [[Int]] {
    cut(rows, sizes: sizes(rows.count), purposeName: "").map { part in
      var part = part
      part.sort()
      return part
    }
  }

  /// Divides rows that come in an order: the first part gets the first of them.
  ///
  /// - Returns: for each part its rows, ascending.
  func divide(ordered rows: [Int]) -> [[Int]] {
    var from = 0
    return sizes(rows.count).map { size in
      defer { from += size }
      return rows[from..<from + size].sorted()
    }
  }

  /// Divides rows so that every part has each class in proportion, and the parts the same sizes
  /// as without classes. The classes come in their order.
  func divide(stratified classes: [(name: String, rows: [Int])]) -> [[Int]] {
    let total = sizes(classes.reduce(0) { $0 + $1.rows.count })
    let table = stratifiedSizes(classes.map(\.rows.count), total)
    var parts = shares.map { _ in [Int]() }
    for (index, group) in classes.enumerated() {
      let pieces = cut(group.rows, sizes: table[index], purposeName: group.name)
      for (part, piece) in pieces.enumerated() { parts[part] += piece }
    }
    return parts.map { $0.sorted() }
  }

  private func cut(_ rows: [Int], sizes: [Int], purposeName: String) -> [[Int]] {
    let stream = RandomStream(seed: seed, purpose: "split", name: purposeName)
    var order = rows
    if shuffles {
      // In place: of a table of a hundred million rows every list of them takes memory.
      order = stream.permutation(of: rows.count)
      for place in order.indices { order[place] = rows[order[place]] }
    }
    var from = 0
    return sizes.map { size in
      defer { from += size }
      return Array(order[from..<from + size])
    }
  }

  /// How many rows of each class each part gets, so that classes and parts both come out right.
  ///
  /// Every class gives each part the whole rows of its quota; the rest is handed out one by one
  /// in the order of the remainders. Whole numbers alone decide.
  private func stratifiedSizes(_ classes: [Int], _ parts: [Int]) -> [[Int]] {
    let count = max(classes.reduce(0, +), 1)
    var table = classes.map { size in parts.map { size * $0 / count } }
    var classRest = classes.indices.map { classes[$0] - table[$0].reduce(0, +) }
    var partRest = parts.indices.map { part in parts[part] - table.reduce(0) { $0 + $1[part] } }
    var candidates: [(isFirstToTrain: Bool, remainder: Int, index: Int, part: Int)] = []
    for (index, size) in classes.enumerated() {
      for part in parts.indices where parts[part] > 0 {
        // A class that would not be trained on at all comes before everything.
        let isFirstToTrain = part == 0 && table[index][part] == 0
        candidates.append((isFirstToTrain, size * parts[part] % count, index, part))
      }
    }
    candidates.sort {
      if $0.isFirstToTrain != $1.isFirstToTrain { return $0.isFirstToTrain }
      if $0.remainder != $1.remainder { return $0.remainder > $1.remainder }
      return ($0.index, $0.part) < ($1.index, $1.part)
    }
    // While rows are left, some class and some part both lack one, so every pass hands out.
    while classRest.contains(where: { $0 > 0 }) {
      for (_, _, index, part) in candidates where classRest[index] > 0 && partRest[part] > 0 {
        table[index][part] += 1
        classRest[index] -= 1
        partRest[part] -= 1
      }
    }
    return table
  }
}
