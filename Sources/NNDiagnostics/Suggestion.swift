/// The candidate a person most likely meant, or nil if none is near.
///
/// A spelling that differs only in case, hyphens, underscores or spaces wins over everything.
/// Then the smallest number of slips counts (a letter missing, added, changed, or swapped with its
/// neighbour), as long as it is at most about a third of the word. At last come abbreviations
/// and over-long forms: `act` for `activation`. Ties go to the candidate given first.
package func nearest(to word: String, among candidates: some Sequence<String>) -> String? {
  let letters = normalized(word)
  guard !letters.isEmpty else { return nil }
  let limit = slipsAllowed(letters.count)

  var closest: (candidate: String, distance: Int)?
  var prefixed: (candidate: String, surplus: Int)?
  for candidate in candidates where candidate != word {
    let other = normalized(candidate)
    if other == letters { return candidate }
    let best = min(limit, (closest?.distance ?? .max - 1) - 1)
    if let distance = slips(from: letters, to: other, atMost: best) {
      closest = (candidate, distance)
    }
    let shorter = min(letters.count, other.count)
    if shorter >= 3, letters.starts(with: other.prefix(shorter)) {
      let surplus = max(letters.count, other.count) - shorter
      if surplus < prefixed?.surplus ?? .max { prefixed = (candidate, surplus) }
    }
  }
  return closest?.candidate ?? prefixed?.candidate
}

/// The words shown beside a caret for a suggestion.
package func didYouMean(_ candidate: String) -> String {
  "did you mean '\(candidate)'?"
}

/// The words shown beside a caret for the nearest candidate, or nil if none is near.
package func didYouMean(_ word: String, among candidates: some Sequence<String>) -> String? {
  nearest(to: word, among: candidates).map { didYouMean($0) }
}

private func normalized(_ word: String) -> [Character] {
  // Comparing costs the product of the lengths, so what no person types by hand is cut short.
  word.lowercased().prefix(256).filter { $0 != "-" && $0 != "_" && $0 != " " }
}

private func slipsAllowed(_ count: Int) -> Int {
  switch count {
  case ...1: 0
  case ...4: 1
  default: (count + 1) / 3
  }
}

/// The optimal string alignment distance, or nil if it is more than a limit.
private func slips(from a: [Character], to b: [Character], atMost limit: Int) -> Int? {
  guard limit >= 0, abs(a.count - b.count) <= limit else { return nil }
  var beforeLast: [Int] = []
  var last = Array(0...b.count)
  for i in 1...a.count {
    var row = [i] + Array(repeating: 0, count: b.count)
    for j in stride(from: 1, through: b.count, by: 1) {
      let same = a[i - 1] == b[j - 1]
      row[j] = min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (same ? 0 : 1))
      if i > 1, j > 1, a[i - 1] == b[j - 2], a[i - 2] == b[j - 1] {
        row[j] = min(row[j], beforeLast[j - 2] + 1)
      }
    }
    beforeLast = last
    last = row
  }
  return last[b.count] <= limit ? last[b.count] : nil
}
