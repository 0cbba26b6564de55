/// The numbers an optimizer computes with in one step. They lie in the value itself and not in an
/// array, because a step allocates nothing.
package struct StepScalars: Sendable, Equatable, RandomAccessCollection {
  /// The most an optimizer can have.
  package static let most = 8

  private var numbers = SIMD8<Double>(repeating: 0)
  package private(set) var endIndex = 0
  package var startIndex: Int { 0 }

  package init() {}

  package init(
    _ first: Double, _ second: Double? = nil, _ third: Double? = nil, _ fourth: Double? = nil,
    _ fifth: Double? = nil, _ sixth: Double? = nil
  ) {
    append(first)
    if let second { append(second) }
    if let third { append(third) }
    if let fourth { append(fourth) }
    if let fifth { append(fifth) }
    if let sixth { append(sixth) }
  }

  package subscript(place: Int) -> Double {
    precondition(place < endIndex)
    return numbers[place]
  }

  private mutating func append(_ number: Double) {
    precondition(endIndex < StepScalars.most, "an optimizer with more numbers than there is room")
    numbers[endIndex] = number
    endIndex += 1
  }

  /// With one or two numbers more behind the others.
  package func appending(_ number: Double, _ other: Double? = nil) -> StepScalars {
    var result = self
    result.append(number)
    if let other { result.append(other) }
    return result
  }
}
