import NNGraph
import NNTensor

extension LayerBuilder {
  /// w = g v / ‖v‖, the norm over all axes but the first; Salimans and Kingma, "Weight
  /// Normalization" (2016).
  ///
  /// - shape: [out, …]
  /// - parameters: `<name>_v` as the weight, `<name>_g` [out], which begins as the norm of the
  ///   other, so that the weight begins as asked for.
  mutating func weightNormalised(
    _ name: String, _ shape: Shape, _ initializer: any ParameterInitializer
  ) -> Value {
    let direction = "\(name)_v"
    let v = ownParameter(direction, shape, role: .weight, initializer: initializer)
    let gain = ownParameter(
      "\(name)_g", [shape[0]], role: .gain,
      initializer: RowNorms(of: initializer, shape: shape, stream: initialStream(direction)))
    let squares = g.elementwise(square(.value(v)))
    let axes = Array(1..<shape.rank)
    let sum = g.make(ReduceSum(axes: axes, rank: shape.rank, overBatch: false), squares)
    let factor = g.elementwise(.value(gain) * rsqrt(.value(sum)))
    return g.elementwise(.value(v) * broadcast(factor, like: v, axis: 0))
  }

  /// w / σ(w), the largest singular value of the weight as a matrix [out, rest], found by one step
  /// of power iteration each time; Miyato et al., "Spectral Normalization for Generative
  /// Adversarial Networks" (2018).
  ///
  /// - shape: [out, …]
  /// - parameters: `<name>_orig` as the weight
  /// - states: `<name>_u` [out] and `<name>_v` [rest], the singular vectors so far
  mutating func spectrallyNormalised(
    _ name: String, _ shape: Shape, _ initializer: any ParameterInitializer
  ) -> Value {
    let weight = ownParameter("\(name)_orig", shape, role: .weight, initializer: initializer)
    let (rows, columns) = (shape[0], shape.count / shape[0])
    let oldU = state("\(name)_u", [rows], initializer: UnitVector())
    let oldV = state("\(name)_v", [columns], initializer: UnitVector())
    let matrix = g.make(Reshape([rows, columns]), weight)
    var (u, v) = (oldU, oldV)
    if isTraining {
      let fixed = g.make(Detach(), matrix)
      u = unit(g.make(Linear(), oldV, fixed))
      v = unit(g.make(Linear(weightIsOutIn: false), u, fixed))
      g.update(oldU, to: u)
      g.update(oldV, to: v)
    }
    let product = g.make(Linear(), v, matrix)
    let each = g.elementwise(.value(u) * .value(product))
    let sigma = g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), each)
    return g.elementwise(.value(weight) / .value(sigma))
  }

  /// x / max(‖x‖, 1e-12), of a vector.
  private mutating func unit(_ x: Value) -> Value {
    let squares = g.elementwise(square(.value(x)))
    let sum = g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), squares)
    return g.elementwise(.value(x) / maximum(sqrt(.value(sum)), 1e-12))
  }
}

/// The norm of each row of a tensor that begins in some way.
private struct RowNorms: ParameterInitializer {
  let initializer: any ParameterInitializer
  let shape: Shape
  let stream: RandomStream

  init(of initializer: any ParameterInitializer, shape: Shape, stream: RandomStream) {
    self.initializer = initializer
    self.shape = shape
    self.stream = stream
  }

  func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let whole = initializer.tensor(shape: self.shape, stream: self.stream).values
    let width = self.shape.count / max(shape[0], 1)
    return Tensor(
      shape,
      (0..<shape[0]).map { row in
        let squares = whole[row * width..<(row + 1) * width].map { Double($0) * Double($0) }
        return Float(squares.reduce(0, +).squareRoot())
      })
  }
}

/// A random direction.
private struct UnitVector: ParameterInitializer {
  func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    let values = (0..<shape.count).map { stream.normal(at: UInt64($0)) }
    let norm = values.reduce(0) { $0 + $1 * $1 }.squareRoot()
    return Tensor(shape, values.map { Float($0 / max(norm, 1e-12)) })
  }
}
