import NNTensor

/// One query of one head: its weights, and where its features and those of its keys lie.
private struct ReferenceQuery {
  let query: Int
  let scalesPlace: Int
  let keys: [Int]
  let weights: [Double]
  let largest: Double
  let inverse: Double
}

extension ScaledDotAttention {
  /// Calls `body` with every query of every head in turn.
  private func forEachQuery(
    _ inputs: [ReferenceTensor], rows: Int, _ body: (ReferenceQuery) -> Void
  ) {
    let (m, n) = (inputs[0].type.shape[0], inputs[1].type.shape[0])
    let width = inputs[0].type.shape[1] / heads
    for index in 0..<(rows * heads * m) {
      let (sample, head, i) = (index / (heads * m), index / m % heads, index % m)
      let query = ((sample * m + i) * heads + head) * width
      let keys = (0..<n).map {
        ((sample * n + $0) * keyHeads + head / (heads / keyHeads)) * width
      }
      let seen = (0..<n).filter {
        (!isCausal || $0 <= i) && (!hasMask || inputs[3].values[sample * n + $0] != 0)
      }
      let scores = seen.map { key in
        (0..<width).reduce(0.0) {
          $0 + inputs[0].values[query + $1] * inputs[1].values[keys[key] + $1]
        } * Double(scale)
      }
      // Subtract the maximum so that exp cannot overflow.
      let largest = scores.max() ?? 0
      let terms = scores.map { UnaryFunction.exp($0 - largest) }
      let inverse = seen.isEmpty ? 0 : 1 / terms.reduce(0, +)
      var weights = [Double](repeating: 0, count: n)
      for (key, term) in zip(seen, terms) { weights[key] = term * inverse }
      body(
        ReferenceQuery(
          query: query, scalesPlace: (sample * heads + head) * 2 * m + i, keys: keys,
          weights: weights, largest: largest, inverse: inverse))
    }
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var (y, scales) = (
      ReferenceTensor(zeros: outputs[0], rows: rows), ReferenceTensor(zeros: outputs[1], rows: rows)
    )
    let (m, width) = (inputs[0].type.shape[0], inputs[0].type.shape[1] / heads)
    forEachQuery(inputs, rows: rows) { query in
      scales.values[query.scalesPlace] = query.largest
      scales.values[query.scalesPlace + m] = query.inverse
      for (key, weight) in zip(query.keys, query.weights) {
        for c in 0..<width {
          y.values[query.query + c] += weight * inputs[2].values[key + c]
        }
      }
    }
    return [y, scales]
  }

  /// The gradients of q, k and v for dy.
  func referenceGradients(
    _ inputs: [ReferenceTensor], dy: ReferenceTensor, rows: Int
  ) -> [ReferenceTensor] {
    let (q, k, v) = (inputs[0].values, inputs[1].values, inputs[2].values)
    var result = inputs[..<3].map { ReferenceTensor(zeros: $0.type, rows: rows) }
    let width = inputs[0].type.shape[1] / heads
    forEachQuery(inputs, rows: rows) { query in
      let slopes = query.keys.map { key in
        (0..<width).reduce(0.0) { $0 + dy.values[query.query + $1] * v[key + $1] }
      }
      let mean = zip(query.weights, slopes).reduce(0.0) { $0 + $1.0 * $1.1 }
      for (index, key) in query.keys.enumerated() {
        let weight = query.weights[index]
        let slope = weight * (slopes[index] - mean) * Double(scale)
        for c in 0..<width {
          result[0].values[query.query + c] += slope * k[key + c]
          result[1].values[key + c] += slope * q[query.query + c]
          result[2].values[key + c] += weight * dy.values[query.query + c]
        }
      }
    }
    return result
  }
}

extension ScaledDotAttentionGradient {
  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    attention.referenceGradients(inputs, dy: inputs[inputs.count - 1], rows: rows)
  }
}
