/// The numbers a field accepts.
package struct Bounds: Sendable, Equatable {
  let lower: Double?
  let lowerIsOpen: Bool
  let upper: Double?
  let upperIsOpen: Bool

  /// Numbers of at least `lower`.
  package static func atLeast(_ lower: Double) -> Bounds {
    Bounds(lower: lower, lowerIsOpen: false, upper: nil, upperIsOpen: false)
  }

  /// Numbers greater than `lower`.
  package static func above(_ lower: Double) -> Bounds {
    Bounds(lower: lower, lowerIsOpen: true, upper: nil, upperIsOpen: false)
  }

  /// Numbers from `lower` to `upper`, both allowed.
  package static func between(_ lower: Double, _ upper: Double) -> Bounds {
    Bounds(lower: lower, lowerIsOpen: false, upper: upper, upperIsOpen: false)
  }

  /// Numbers between `lower` and `upper`, neither allowed.
  package static func above(_ lower: Double, below upper: Double) -> Bounds {
    Bounds(lower: lower, lowerIsOpen: true, upper: upper, upperIsOpen: true)
  }

  /// Numbers from `lower`, allowed, to `upper`, not allowed.
  package static func from(_ lower: Double, below upper: Double) -> Bounds {
    Bounds(lower: lower, lowerIsOpen: false, upper: upper, upperIsOpen: true)
  }

  /// Numbers greater than zero.
  package static let positive = Bounds.above(0)

  /// What no field that counts or measures something may pass, so that products of a few of them
  /// fit into 64 bits.
  static let mostCounted = 1e9

  static let anyCount = Bounds.between(-mostCounted, mostCounted)

  /// The range of a field that counts: never more than ``mostCounted``.
  var ofCounts: Bounds {
    guard upper == nil, let lower else { return self }
    return Bounds(
      lower: lower, lowerIsOpen: lowerIsOpen, upper: Bounds.mostCounted, upperIsOpen: false)
  }

  /// Whole numbers that are names rather than counts, such as seeds: any that is not negative.
  package static let anySeed = Bounds(
    lower: 0, lowerIsOpen: false, upper: .infinity, upperIsOpen: false)

  func contains(_ number: Double) -> Bool {
    if let lower, lowerIsOpen ? number <= lower : number < lower { return false }
    if let upper, upperIsOpen ? number >= upper : number > upper { return false }
    return !number.isNaN
  }

  /// In words, to follow "must be": `at least 1`, `above 0`, `from 0 to below 1`.
  package var words: String {
    switch (lower, upper) {
    case (let lower?, .infinity): "at least \(shown(lower))"
    case (let lower?, let upper?) where lowerIsOpen:
      "above \(shown(lower)) and \(upperIsOpen ? "below" : "at most") \(shown(upper))"
    case (let lower?, let upper?):
      "from \(shown(lower)) to \(upperIsOpen ? "below " : "")\(shown(upper))"
    case (let lower?, nil): lowerIsOpen ? "above \(shown(lower))" : "at least \(shown(lower))"
    case (nil, let upper?): upperIsOpen ? "below \(shown(upper))" : "at most \(shown(upper))"
    case (nil, nil): "any number"
    }
  }
}

/// A number without a needless `.0`.
package func shown(_ number: Double) -> String {
  if number == number.rounded(), abs(number) < 1e15 { return String(Int64(number)) }
  return String(number)
}
