// Parts that keep rows together: whole groups are handed out, so that no group is in two parts.
import NNTensor

/// Rows that stay together.
struct RowGroup {
  /// The value that they share.
  let name: String
  let rows: [Int]
  /// How many of them are of each class that is held in proportion; one number where none are.
  let counts: [Int]
}

extension Splitting {
  /// Divides groups, each whole, so that the parts come as near to their shares, of each class, as
  /// groups allow.
  ///
  /// Groups come by size, those of one size in a drawn order, and each goes where most rows of its
  /// classes are still wanted. Whole numbers alone decide.
  ///
  /// - Returns: for each part its rows, ascending.
  func divide(grouped groups: [RowGroup]) -> [[Int]] {
    let stream = RandomStream(seed: seed, purpose: "split", name: "group")
    let drawn = stream.permutation(of: groups.count).map { groups[$0] }
    let order = drawn.indices.sorted {
      let (left, right) = (drawn[$0].rows.count, drawn[$1].rows.count)
      return left == right ? $0 < $1 : left > right
    }
    let classCount = groups.first?.counts.count ?? 0
    var wanted = (0..<classCount).map { index in
      sizes(groups.reduce(0) { $0 + $1.counts[index] })
    }
    var parts = shares.map { _ in [Int]() }
    for place in order {
      let group = drawn[place]
      var (best, most) = (0, Int.min)
      for part in parts.indices where shares[part] > 0 {
        var worth = 0
        for index in 0..<classCount { worth += group.counts[index] * wanted[index][part] }
        if worth > most { (best, most) = (part, worth) }
      }
      parts[best] += group.rows
      for index in 0..<classCount { wanted[index][best] -= group.counts[index] }
    }
    return parts.map { $0.sorted() }
  }
}
