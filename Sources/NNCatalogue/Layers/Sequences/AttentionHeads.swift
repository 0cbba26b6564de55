import NNGraph
import NNModel
import NNTensor

/// What self-attention and cross-attention have in common: several heads of scaled dot-product
/// attention; Vaswani et al., "Attention Is All You Need" (2017). With fewer heads of keys than of
/// queries, neighbouring heads share theirs; Ainslie et al., "GQA" (2023).
///
/// All heads are one ``ScaledDotAttention``. Where weights are dropped, they are scores by
/// ``MatrixProduct``, ``AttentionWeights``, ``MatrixProduct``.
struct AttentionHeads {
  let word: String
  let count: Int
  /// Of keys and values; nil is as many.
  let keyCount: Int?
  /// Features of a head; nil is the input's divided by the heads.
  let width: Int?
  let isCausal: Bool
  /// Of rotary positions; nil is none.
  let rotaryBase: Double?
  let dropout: Double
  let hasBias: Bool
  let weightInit: any Initializer
  let biasInit: any Initializer

  /// - x: [batch, m, features]
  /// - memory: [batch, n, any]
  /// - mask: [batch, n], zero where nobody may look
  ///
  /// Returns [batch, m, features].
  func lower(
    _ x: Value, memory: Value, mask: Value?, _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    let sizes = try sizes(x, memory, b)
    var query = try projected(x, "query", count * sizes.width, &b)
    var key = try projected(memory, "key", sizes.keyCount * sizes.width, &b)
    let value = try projected(memory, "value", sizes.keyCount * sizes.width, &b)
    if let rotaryBase {
      query = try b.g.apply(Rotary(base: rotaryBase, heads: count), query)
      key = try b.g.apply(Rotary(base: rotaryBase, heads: sizes.keyCount), key)
    }
    let scale = Float(1 / Double(sizes.width).squareRoot())
    let joined: Value
    if b.isTraining, dropout > 0 {
      joined = try mixedByDroppedWeights(query, key, value, mask, sizes, scale: scale, &b)
    } else {
      let attention = ScaledDotAttention(
        heads: count, keyHeads: sizes.keyCount, scale: scale, isCausal: isCausal,
        hasMask: mask != nil)
      joined = try b.g.add(attention, [query, key, value] + (mask.map { [$0] } ?? []))[0]
    }
    return try projected(joined, "output", b.shape(x)[1], &b)
  }

  /// As ``ScaledDotAttention``, but a share of the weights, which it does not keep, is dropped.
  ///
  /// - query: [batch, m, heads · width]; key, value: [batch, n, keyCount · width]
  private func mixedByDroppedWeights(
    _ query: Value, _ key: Value, _ value: Value, _ mask: Value?, _ sizes: Sizes, scale: Float,
    _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    let (m, n, groups) = (sizes.m, sizes.n, count / sizes.keyCount)
    try b.checkSize([count, m, n])
    // Heads that share keys are one taller matrix, so that no key is copied.
    let queries = b.g.reshaped(
      heads(query, count, sizes.width, &b), [sizes.keyCount, groups * m, sizes.width])
    let keys = heads(key, sizes.keyCount, sizes.width, &b)
    let values = heads(value, sizes.keyCount, sizes.width, &b)
    let scores = b.g.reshaped(
      try b.g.apply(MatrixProduct(transposesRight: true), queries, keys), [count, m, n])
    let weighing = AttentionWeights(scale: scale, isCausal: isCausal, hasMask: mask != nil)
    let weights = dropped(try b.g.add(weighing, [scores] + (mask.map { [$0] } ?? []))[0], &b)
    let mixed = try b.g.apply(
      MatrixProduct(), b.g.reshaped(weights, [sizes.keyCount, groups * m, n]), values)
    let joined = b.g.make(
      Permute(axes: [1, 0, 2]), b.g.reshaped(mixed, [count, m, sizes.width]))
    return b.g.reshaped(joined, [m, count * sizes.width])
  }

  private struct Sizes {
    let m: Int
    let n: Int
    let keyCount: Int
    let width: Int
  }

  private func sizes(_ x: Value, _ memory: Value, _ b: LayerBuilder) throws(ShapeError) -> Sizes {
    for value in [x, memory] {
      guard b.shape(value).rank == 2, b.g.type(value).isBatched else {
        throw ShapeError(
          "'\(word)' needs a sequence [length, features], found \(b.shape(value))")
      }
      guard b.g.type(value).dataType == .float32 else {
        throw ShapeError(
          "'\(word)' computes with numbers, and its input is the index of a class",
          help: "Look its vector up with embedding first.")
      }
    }
    let (m, features, n) = (b.shape(x)[0], b.shape(x)[1], b.shape(memory)[0])
    let keyCount = keyCount ?? count
    guard keyCount <= count, count % keyCount == 0 else {
      throw ShapeError("\(count) heads cannot share the keys of \(keyCount) evenly")
    }
    guard width != nil || features % count == 0 else {
      throw ShapeError(
        "\(features) features cannot be divided among \(count) heads",
        help: "Take another number of heads, or give the width of one.")
    }
    let width = width ?? features / count
    if rotaryBase != nil, width % 2 != 0 {
      throw ShapeError(
        "rotary positions take pairs of features, and a head has \(width)",
        help: "Take another number of heads, or give an even width.")
    }
    try b.checkSize([max(m, n), count, width])
    return Sizes(m: m, n: n, keyCount: keyCount, width: width)
  }

  /// [batch, length, in] through a dense layer of the name.
  private func projected(
    _ x: Value, _ name: String, _ units: Int, _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    try b.projected(
      x, name, units, weightInit: weightInit, biasInit: hasBias ? biasInit : nil)
  }

  /// [batch, length, heads · width] as [batch, heads, length, width].
  private func heads(_ x: Value, _ count: Int, _ width: Int, _ b: inout LayerBuilder) -> Value {
    let length = b.shape(x)[0]
    return b.g.make(Permute(axes: [1, 0, 2]), b.g.reshaped(x, [length, count, width]))
  }

  private func dropped(_ weights: Value, _ b: inout LayerBuilder) -> Value {
    let random = b.g.make(RandomUniform(b.randomStream("dropout")), weights)
    let isKept = Expression.binary(.greaterEqual, .value(random), Expression(dropout))
    return b.g.elementwise(.value(weights) * (isKept * Expression(1 / (1 - dropout))))
  }
}

extension GraphBuilder {
  /// The same value where it has the shape already.
  fileprivate mutating func reshaped(_ x: Value, _ shape: Shape) -> Value {
    self.shape(x) == shape ? x : make(Reshape(shape), x)
  }
}

extension LayerBuilder {
  /// What attention may see of `length` positions: a mask as given, or made of indices.
  ///
  /// - mask: [batch, length] numbers, zero for what is hidden; or indices, `padding` hidden
  mutating func keyMask(
    _ mask: Value, length: Int, padding: Int, _ word: String
  ) throws(ShapeError) -> Value {
    guard shape(mask) == [length], g.type(mask).isBatched else {
      throw ShapeError(
        "the mask of '\(word)' is \(shape(mask)), and there are \(length) positions to look at")
    }
    return g.type(mask).dataType == .int32 ? g.make(IsNotIndex(padding), mask) : mask
  }
}
