/// The orthonormal vectors that Gram and Schmidt's method makes of others, by Householder's
/// reflections, which keep the right angles where the vectors lie close together.
///
/// This is Q of A = QR with a positive diagonal of R, so that random vectors give every rotation
/// the same chance; Mezzadri, "How to Generate Random Matrices from the Classical Compact Groups"
/// (2007).
///
/// - vectors: the columns of A, all of one length, which is at least their number
func orthonormal(_ vectors: [[Double]]) -> [[Double]] {
  var reflections = vectors
  var signs: [Double] = []
  for column in reflections.indices {
    var normal = reflections[column]
    for index in 0..<column { normal[index] = 0 }
    let first = normal[column]
    let norm = dot(normal, normal, from: column).squareRoot()
    // The sign that does not cancel.
    let diagonal = first > 0 ? -norm : norm
    normal[column] -= diagonal
    signs.append(diagonal < 0 ? -1 : 1)
    for other in (column + 1)..<max(reflections.count, column + 1) {
      reflect(&reflections[other], by: normal, from: column)
    }
    reflections[column] = normal
  }
  // Q is the product of the reflections, applied to the first axes, the last one first.
  return reflections.indices.map { column in
    var axis = [Double](repeating: 0, count: reflections[column].count)
    axis[column] = signs[column]
    for reflection in (0...column).reversed() {
      reflect(&axis, by: reflections[reflection], from: reflection)
    }
    return axis
  }
}

/// x − 2 (x · v) / (v · v) v, v being zero before an index.
private func reflect(_ x: inout [Double], by v: [Double], from start: Int) {
  let square = dot(v, v, from: start)
  guard square > 0 else { return }
  let factor = 2 * dot(x, v, from: start) / square
  x.withUnsafeMutableBufferPointer { x in
    v.withUnsafeBufferPointer { v in
      for index in start..<x.count { x[index] -= factor * v[index] }
    }
  }
}

/// Σ xᵢ yᵢ from an index on, in eight sums that the processor takes at once; their order is fixed,
/// so that the bits are.
private func dot(_ x: [Double], _ y: [Double], from start: Int) -> Double {
  x.withUnsafeBufferPointer { x in
    y.withUnsafeBufferPointer { y in
      var sums = SIMD8<Double>()
      var index = start
      while index + 8 <= x.count {
        for lane in 0..<8 { sums[lane] += x[index + lane] * y[index + lane] }
        index += 8
      }
      var rest = 0.0
      while index < x.count {
        rest += x[index] * y[index]
        index += 1
      }
      return sums.sum() + rest
    }
  }
}
