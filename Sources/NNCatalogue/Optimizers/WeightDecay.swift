import NNGraph

extension Expression {
  /// A gradient with a decay's share; the structure, not the number, says whether there is one,
  /// so that no time is spent on none.
  func decayed(_ parameter: Expression, _ decay: Expression?) -> Expression {
    decay.map { self + $0 * parameter } ?? self
  }
}
