import CKernels
import NNTensor

/// Each vector along the last axis by its own statistics:
/// y = (x − mean) / √(variance + eps) · gain + offset, the variance being the mean of (x − mean)².
///
/// - x, y: [batch, …, features]
/// - gain, offset: [features], where there are any
/// - scales: [batch, …, 2], the mean and one over the root, for the way back; no gradient comes from
///   them
package struct RowNorm: Op {
  package let eps: Double
  /// Whether the mean is taken away; else it counts as zero, and the root is that of the mean square.
  package let centres: Bool
  package let hasGain: Bool
  package let hasOffset: Bool

  package init(eps: Double, centres: Bool, hasGain: Bool, hasOffset: Bool) {
    self.eps = eps
    self.centres = centres
    self.hasGain = hasGain
    self.hasOffset = hasOffset
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let x = inputs[0]
    guard let features = x.shape.sizes.last, features > 0,
      inputs.dropFirst().allSatisfy({ $0 == .single([features]) })
    else {
      throw ShapeError(
        "no normalisation of \(x.shape) with \(inputs.dropFirst().map { "\($0)" })")
    }
    return [x, ValueType(Shape(x.shape.sizes.dropLast() + [2]), isBatched: x.isBatched)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return site.inputs.map { _ in nil } }
    let gain = hasGain ? [site.inputs[1]] : []
    return g.makeAll(
      RowNormGradient(norm: self), [site.inputs[0], site.outputs[1], dy] + gain
    ).map { $0 }
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: (centres ? 7 : 4) * inputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { output == 0 ? [0] : [] }

  package func kernel(_ site: KernelSite) -> Kernel {
    var norm = shape(site.inputs[0])
    let x = site.inputs[0].floats
    let gain = hasGain ? site.inputs[1].floats : nil
    let offset = hasOffset ? site.inputs[hasGain ? 2 : 1].floats : nil
    let (y, scales) = (site.outputs[0].floats, site.outputs[1].floats)
    return Kernel { _ in nn_row_norm_run(&norm, x, gain, offset, y, scales) }
  }

  fileprivate func shape(_ x: Operand) -> nn_row_norm {
    let (rows, columns) = rowsAndColumns(x)
    return nn_row_norm(rows: rows, columns: columns, eps: Float(eps), centres: centres)
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let x = inputs[0].values
    forEachRow(of: inputs[0]) { row in
      let count = Double(row.count)
      let mean = centres ? row.reduce(0.0) { $0 + x[$1] } / count : 0
      let variance = row.reduce(0.0) { $0 + (x[$1] - mean) * (x[$1] - mean) } / count
      let inverse = 1 / (variance + eps).squareRoot()
      for (feature, index) in row.enumerated() {
        var y = (x[index] - mean) * inverse
        if hasGain { y *= inputs[1].values[feature] }
        if hasOffset { y += inputs[hasGain ? 2 : 1].values[feature] }
        results[0].values[index] = y
      }
      results[1].values[2 * (row.lowerBound / row.count)] = mean
      results[1].values[2 * (row.lowerBound / row.count) + 1] = inverse
    }
    return results
  }
}

/// The gradients of what a ``RowNorm`` reads, those of gain and offset summed over this shard's
/// rows.
///
/// - x, dy, dx: [batch, …, features]; scales: the norm's
/// - gain, dgain, doffset: [features], where the norm has them
package struct RowNormGradient: Op {
  let norm: RowNorm

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let features = ValueType.single([inputs[0].shape.sizes.last ?? 1])
    return [inputs[0]] + (norm.hasGain ? [features] : []) + (norm.hasOffset ? [features] : [])
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 14 * inputs[0].count(rows: rows))
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { output == 0 ? [0, 2] : [] }

  package func kernel(_ site: KernelSite) -> Kernel {
    var shape = norm.shape(site.inputs[0])
    let scratch = Scratch(elementCount: Int(nn_row_norm_scratch(&shape)))
    let (x, scales, dy) = (site.inputs[0].floats, site.inputs[1].floats, site.inputs[2].floats)
    let gain = norm.hasGain ? site.inputs[3].floats : nil
    let dx = site.outputs[0].floats
    let dgain = norm.hasGain ? site.outputs[1].floats : nil
    let doffset = norm.hasOffset ? site.outputs[norm.hasGain ? 2 : 1].floats : nil
    return Kernel { _ in
      nn_row_norm_gradient(&shape, x, gain, scales, dy, dx, dgain, doffset, scratch.floats)
    }
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var results = outputs.map { ReferenceTensor(zeros: $0, rows: rows) }
    let (x, scales, dy) = (inputs[0].values, inputs[1].values, inputs[2].values)
    forEachRow(of: inputs[0]) { row in
      let place = 2 * (row.lowerBound / row.count)
      let (mean, inverse) = (scales[place], scales[place + 1])
      let normal = row.map { (x[$0] - mean) * inverse }
      let slopes = row.enumerated().map { feature, index in
        dy[index] * (norm.hasGain ? inputs[3].values[feature] : 1)
      }
      let count = Double(row.count)
      let slope = norm.centres ? slopes.reduce(0, +) / count : 0
      let product = zip(slopes, normal).reduce(0.0) { $0 + $1.0 * $1.1 } / count
      for (feature, index) in row.enumerated() {
        results[0].values[index] =
          inverse * (slopes[feature] - slope - normal[feature] * product)
        if norm.hasGain { results[1].values[feature] += dy[index] * normal[feature] }
        if norm.hasOffset {
          results[norm.hasGain ? 2 : 1].values[feature] += dy[index]
        }
      }
    }
    return results
  }
}
