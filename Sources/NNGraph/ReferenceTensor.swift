import NNTensor

/// A value as the reference computes it: plain order, double precision; indices as numbers.
package struct ReferenceTensor: Sendable {
  package let type: ValueType
  package let rows: Int
  package var values: [Double]

  package init(_ type: ValueType, rows: Int, _ values: [Double]) {
    precondition(values.count == type.count(rows: rows))
    self.type = type
    self.rows = rows
    self.values = values
  }

  package init(zeros type: ValueType, rows: Int) {
    self.init(type, rows: rows, [Double](repeating: 0, count: type.count(rows: rows)))
  }

  package var sizes: [Int] { type.sizes(rows: rows) }

  /// Where the elements lie that share all places of an index but the one along an axis of a
  /// sample: the first of them, and the step to the next.
  func line(through index: [Int], along axis: Int) -> (start: Int, step: Int) {
    let place = axis + (type.isBatched ? 1 : 0)
    let strides = Shape(sizes).strides
    let start = index.indices.reduce(0) { $1 == place ? $0 : $0 + index[$1] * strides[$1] }
    return (start, strides[place])
  }
}

/// Calls `body` with every index of a tensor of these sizes, the last axis fastest.
func forEachIndex(_ sizes: [Int], _ body: ([Int]) -> Void) {
  guard !sizes.contains(0) else { return }
  var index = [Int](repeating: 0, count: sizes.count)
  while true {
    body(index)
    var axis = sizes.count - 1
    while axis >= 0 {
      index[axis] += 1
      if index[axis] < sizes[axis] { break }
      index[axis] = 0
      axis -= 1
    }
    if axis < 0 { return }
  }
}
