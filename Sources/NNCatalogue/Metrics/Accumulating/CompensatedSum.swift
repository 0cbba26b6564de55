/// A sum that keeps what rounding takes from it; Neumaier, "Rundungsfehleranalyse einiger Verfahren
/// zur Summation endlicher Summen" (1974).
struct CompensatedSum {
  private var sum = 0.0
  private var lost = 0.0

  static func += (left: inout CompensatedSum, term: Double) {
    let next = left.sum + term
    left.lost +=
      abs(left.sum) >= abs(term) ? (left.sum - next) + term : (term - next) + left.sum
    left.sum = next
  }

  /// Infinite terms leave no rounding error behind.
  var value: Double { sum.isFinite ? sum + lost : sum }
}
