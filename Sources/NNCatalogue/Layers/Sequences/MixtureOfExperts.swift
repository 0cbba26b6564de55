package import NNGraph
package import NNModel
import NNTensor

/// Several two-layer networks, of which a router chooses a few for each vector; Shazeer et al.,
/// "Outrageously Large Neural Networks" (2017), Fedus et al., "Switch Transformers" (2021).
///
/// With p = softmax(W_r x) the output is Σ gᵢ · expertᵢ(x) over the `top_k` greatest pᵢ, where
/// g = p for one expert and p divided by the sum of the chosen for several.
///
/// Every expert computes every vector, and what was not chosen is weighted with zero: the shapes
/// stay fixed, and the bits depend on nothing but the model.
///
/// - input, output: [batch, …, features]
/// - parameters: router.weight [experts, features]; of each expert experts.<i>.up.weight
///   [units, features] and experts.<i>.down.weight [features, units], and a bias of each
package struct MixtureOfExperts: Layer {
  package static let word = "mixture_of_experts"
  package static let summary = """
    Several small networks of two layers, of which a router lets a few answer for each vector, while a \
    loss keeps its choices even. All are computed, and those not chosen weighted with zero.
    """

  @Field("How many experts there are.", principal: true, range: .between(1, 1024))
  package var experts: Int
  @Field("How many of them answer for each vector.", range: .atLeast(1))
  package var topK = 2
  @Field("The width between an expert's two layers.", range: .atLeast(1))
  package var units: Int
  @Field("The function between an expert's two layers.")
  package var activation: any Activation = ReLU()
  @Field(
    "The weight of the load-balancing loss: experts · Σ fᵢ·Pᵢ with fᵢ the share of choices that fell "
      + "on expert i and Pᵢ its mean probability, over the whole batch; 1 where all are even.",
    range: .atLeast(0))
  package var balance = 0.01
  @Field("Whether the experts' layers add a learned number to each output.")
  package var bias = true
  @Field("How the weights begin.")
  package var weightInit: any Initializer = GlorotUniform()
  @Field("How the biases begin.")
  package var biasInit: any Initializer = Zeros()

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard shape.rank > 0, b.g.type(x).isBatched else {
      throw ShapeError("'mixture_of_experts' needs a vector [features], found a single number")
    }
    guard topK <= experts else {
      throw ShapeError(
        "\(topK) of \(experts) experts cannot answer", help: "Make top_k at most \(experts).")
    }
    try b.checkSize(Shape(shape.sizes.dropLast() + [units]))
    let logits = try b.projected(x, "router", experts, weightInit: weightInit, biasInit: nil)
    let probabilities = b.g.make(Softmax(), logits)
    let chosen = b.g.make(TopMask(topK), probabilities)
    if b.isTraining, balance > 0 { addBalance(probabilities, chosen, &b) }
    let gates = gates(probabilities, chosen, &b)
    var sum: Expression?
    for index in 0..<experts {
      let answer = try answer(of: index, to: x, &b)
      let gate = b.g.make(Slice(axis: shape.rank - 1, start: index, count: 1), gates)
      let flat = b.g.make(Reshape(Shape(shape.sizes.dropLast())), gate)
      let spread = b.g.make(Broadcast(to: shape, axes: Array(0..<shape.rank - 1)), flat)
      let part = Expression.value(answer) * .value(spread)
      sum = .value(b.g.elementwise(sum.map { $0 + part } ?? part))
    }
    return b.g.elementwise(sum ?? 0)
  }

  private func answer(
    of index: Int, to x: Value, _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    let bias = bias ? biasInit : nil
    let up = try b.projected(
      x, "experts.\(index).up", units, weightInit: weightInit, biasInit: bias)
    let before = b.g.graph.parameters.count
    let inner = try activation.lower(up, &b)
    guard b.g.graph.parameters.count == before else {
      throw ShapeError(
        "an activation with parameters of its own does not fit into 'mixture_of_experts'",
        help: "Take one without, such as relu or gelu.")
    }
    let features = b.shape(x).sizes.last ?? 1
    return try b.projected(
      inner, "experts.\(index).down", features, weightInit: weightInit, biasInit: bias)
  }

  /// The weight of each expert's answer, zero for those not chosen.
  private func gates(
    _ probabilities: Value, _ chosen: Value, _ b: inout LayerBuilder
  ) -> Value {
    let kept = b.g.elementwise(.value(probabilities) * .value(chosen))
    // Divided by itself, the weight of a single expert would tell the router nothing.
    guard topK > 1 else { return kept }
    let shape = b.shape(kept)
    let last = shape.rank - 1
    let total = b.g.make(ReduceSum(axes: [last], rank: shape.rank, overBatch: false), kept)
    let spread = b.g.make(Broadcast(to: shape, axes: Array(0..<last)), total)
    return b.g.elementwise(.value(kept) / .value(spread))
  }

  /// Adds experts · Σ fᵢ·Pᵢ, each sample its own part of P.
  private func addBalance(_ probabilities: Value, _ chosen: Value, _ b: inout LayerBuilder) {
    let rank = b.shape(probabilities).rank
    let axes = Array(0..<rank - 1)
    let vectors = b.shape(probabilities).sizes.dropLast().reduce(1, *)
    let counts = b.g.make(ReduceSum(axes: axes, rank: rank, overBatch: true), chosen)
    // Counts are whole numbers, so their sum does not depend on how the batch is cut.
    let total = b.g.make(AllReduceSum(), counts)
    let share = b.g.elementwise(
      .value(total) * .value(b.g.inverseBatch()) * Expression(1 / Double(vectors * topK)))
    let fixed = b.g.make(Detach(), share)
    let sums = b.g.make(ReduceSum(axes: axes, rank: rank, overBatch: false), probabilities)
    let spread = b.g.make(Broadcast(to: [experts], axes: [0]), fixed)
    let products = b.g.elementwise(.value(sums) * .value(spread))
    let each = b.g.make(ReduceSum(axes: [0], rank: 1, overBatch: false), products)
    b.addLoss(
      b.g.elementwise(.value(each) * Expression(balance * Double(experts) / Double(vectors))))
  }
}
