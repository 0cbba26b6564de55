import NNTensor

/// The sum of all elements up to each one along the last axis, itself included; or from each one
/// to the end.
///
/// - x, y: [batch, …, columns]
package struct CumulativeSum: Op {
  package let fromEnd: Bool

  package init(fromEnd: Bool = false) { self.fromEnd = fromEnd }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].shape.rank > 0 else {
      throw ShapeError("a cumulative sum needs an axis to sum along, found a single number")
    }
    return inputs
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(CumulativeSum(fromEnd: !fromEnd), dy)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let columns = inputs[0].type.shape.sizes.last ?? 1
    var result = inputs[0]
    for place in result.values.indices {
      let column = place % columns
      let first = place - column
      let range = fromEnd ? place..<(first + columns) : first..<(place + 1)
      result.values[place] = inputs[0].values[range].reduce(0, +)
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].floats)
    let columns = site.inputs[0].type.shape.sizes.last ?? 1
    let rows = site.inputs[0].count / max(columns, 1)
    let fromEnd = fromEnd
    return Kernel { _ in
      for row in 0..<rows {
        // A double keeps a long row's sum from losing its last digits.
        var sum = 0.0
        for step in 0..<columns {
          let place = row * columns + (fromEnd ? columns - 1 - step : step)
          sum += Double(x[place])
          y[place] = Float(sum)
        }
      }
    }
  }
}
