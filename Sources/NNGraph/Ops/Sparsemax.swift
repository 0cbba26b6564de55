import NNTensor

/// The nearest point whose elements are shares, over the last axis: max(x − τ, 0), τ such that the
/// sum is one; Martins and Astudillo, "From Softmax to Sparsemax" (2016).
///
/// - x, y: [batch, …, classes]
package struct Sparsemax: Op {
  package init() {}

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].shape.rank > 0 else {
      throw ShapeError("sparsemax needs an axis to sum over, found a single number")
    }
    return inputs
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(SparsemaxGradient(), site.outputs[0], dy)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 8 * outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = inputs[0]
    forEachRow(of: result) { row in
      // The k greatest share what is left; k is the largest for which all of them stay above zero.
      let sorted = result.values[row].sorted(by: >)
      var (sum, threshold) = (0.0, 0.0)
      for (index, value) in sorted.enumerated() {
        sum += value
        guard 1 + Double(index + 1) * value > sum else { break }
        threshold = (sum - 1) / Double(index + 1)
      }
      for index in row { result.values[index] = max(result.values[index] - threshold, 0) }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return Kernel { _ in
      for row in 0..<Int(rows) {
        let start = row * Int(columns)
        sparsemax(x + start, y + start, Int(columns))
      }
    }
  }
}

/// Finds the threshold without sorting: those below it are left out until none is; Michelot, "A
/// Finite Algorithm for Finding the Projection of a Point onto the Canonical Simplex" (1986).
private func sparsemax(
  _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, _ count: Int
) {
  var largest = x[0]
  for index in 1..<max(count, 1) { largest = max(largest, x[index]) }
  // Behind the greatest nothing can overflow, and the greatest itself is never left out.
  var threshold = -Double.infinity
  var kept = -1
  for _ in 0...count {
    var (sum, number) = (0.0, 0)
    for index in 0..<count {
      let value = Double(x[index]) - Double(largest)
      guard value > threshold else { continue }
      sum += value
      number += 1
    }
    if number == kept || number == 0 { break }
    kept = number
    threshold = (sum - 1) / Double(number)
  }
  for index in 0..<count {
    y[index] = Float(max(Double(x[index]) - Double(largest) - threshold, 0))
  }
}

/// The gradient of a sparsemax's input: where a share is above zero what the result's gradient has
/// above its mean there.
///
/// - y, dy, dx: [batch, …, classes]
package struct SparsemaxGradient: Op {
  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 3 * outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let (y, dy) = (inputs[0].values, inputs[1].values)
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    forEachRow(of: result) { row in
      let kept = row.filter { y[$0] > 0 }
      let mean = kept.reduce(0.0) { $0 + dy[$1] } / Double(max(kept.count, 1))
      for index in kept { result.values[index] = dy[index] - mean }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (y, dy, dx) = (site.inputs[0].floats, site.inputs[1].floats, site.outputs[0].floats)
    let (rows, columns) = rowsAndColumns(site.inputs[0])
    return Kernel { _ in
      for start in stride(from: 0, to: Int(rows * columns), by: max(Int(columns), 1)) {
        var (sum, kept) = (0.0, 0)
        for index in start..<start + Int(columns) where y[index] > 0 {
          sum += Double(dy[index])
          kept += 1
        }
        let mean = Float(sum / Double(max(kept, 1)))
        for index in start..<start + Int(columns) {
          dx[index] = y[index] > 0 ? dy[index] - mean : 0
        }
      }
    }
  }
}
