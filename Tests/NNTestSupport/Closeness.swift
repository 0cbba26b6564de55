/// What differs between numbers and those expected, in words; nil where nothing does.
///
/// - tolerance: relative to the greatest expected number, which is at least `scale`.
package func difference(
  _ actual: [Double], _ expected: [Double], tolerance: Double, scale: Double = 1e-3,
  _ what: String
) -> String? {
  guard actual.count == expected.count else {
    return "\(what): \(actual.count) numbers, not \(expected.count)"
  }
  let largest = expected.reduce(scale) { max($0, $1.isFinite ? abs($1) : 0) }
  for (index, (a, e)) in zip(actual, expected).enumerated() {
    if a == e || (a.isNaN && e.isNaN) { continue }
    guard abs(a - e) <= tolerance * largest else {
      return "\(what): \(a) at \(index), not \(e)"
    }
  }
  return nil
}

/// Where the bits of numbers differ, in words; nil where they do not.
package func bitDifference(_ a: [Float], _ b: [Float], _ what: String) -> String? {
  guard a.count == b.count else { return "\(what): \(a.count) numbers and \(b.count)" }
  for index in a.indices where a[index].bitPattern != b[index].bitPattern {
    return "\(what): \(a[index]) and \(b[index]) at \(index)"
  }
  return nil
}
