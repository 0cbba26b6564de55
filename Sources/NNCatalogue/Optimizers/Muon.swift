package import NNGraph
package import NNModel
package import NNTensor

/// Jordan and others, "Muon: An optimizer for hidden layers in neural networks" (2024), as
/// torch.optim.Muon has it.
///
/// The momentum of a matrix, b ← μ b + (1 − μ) g (with Nesterov's look ahead), is made nearly
/// orthogonal by Newton and Schulz's iteration, x ← a x + (b A + c A²) x with A = x xᵀ, before it
/// moves the matrix. PyTorch computes the iteration in bfloat16; here it is float32.
package struct Muon: Optimizer, TensorFormula {
  package static let word = "muon"
  package static let summary =
    "Moves matrices along the nearest orthogonal matrix of their momentum; parameters of other "
    + "shapes, such as biases, gains and filters, are moved by adamw with the fields adamw_…."
  package static let example = "muon: {lr: 0.02, adamw_lr: 1e-3}"

  /// How the rate follows a matrix's shape.
  package enum Adjustment: String, WordChoice {
    /// Times √max(1, rows / columns).
    case original
    /// Times 0.2 √max(rows, columns), so that adamw's rates and decays fit.
    case matchRMSAdamW = "match_rms_adamw"
  }

  @Field("The learning rate of matrices.", principal: true, range: .positive)
  package var lr = 1e-3
  @Field("How slowly the momentum changes.", range: .from(0, below: 1))
  package var momentum = 0.95
  @Field("Whether to look ahead along the momentum (Nesterov).")
  package var nesterov = true
  @Field("Each step takes this times the learning rate off every matrix.", range: .atLeast(0))
  package var weightDecay = 0.1
  @Field("Iterations that make a move orthogonal.", range: .between(1, 99))
  package var nsSteps = 5
  @Field("The least norm a momentum is divided by.", range: .positive)
  package var eps = 1e-7
  @Field("How the rate follows a matrix's shape.")
  package var adjustLr = Adjustment.original
  @Field("The learning rate of all that is no matrix.", range: .positive)
  package var adamwLr = 1e-3
  @Field("There, how slowly the mean of the gradients changes.", range: .from(0, below: 1))
  package var adamwBeta1 = 0.9
  @Field("There, how slowly the mean of their squares changes.", range: .from(0, below: 1))
  package var adamwBeta2 = 0.999
  @Field("There, what is added to the denominator.", range: .positive)
  package var adamwEps = 1e-8
  @Field("There, each step takes this times adamw_lr off.", range: .atLeast(0))
  package var adamwWeightDecay = 0.01

  package init() {}

  package func method(for shape: Shape) -> UpdateMethod {
    guard shape.rank == 2 else { return .elementwise(adamw) }
    return .tensor(self)
  }

  private var adamw: AdamW {
    var adamw = AdamW()
    adamw.lr = adamwLr
    adamw.beta1 = adamwBeta1
    adamw.beta2 = adamwBeta2
    adamw.eps = adamwEps
    adamw.weightDecay = adamwWeightDecay
    return adamw
  }

  package var hyperparameters: StepHyperparameters {
    StepHyperparameters(rate: lr, momentum: momentum, weightDecay: weightDecay)
  }

  package func states(for shape: Shape) -> [UpdateState] { [UpdateState("momentum")] }

  package func scalars(
    step: Int, _ now: StepHyperparameters, memory: inout [Double]
  ) -> StepScalars {
    let momentum = now.momentum ?? momentum
    return StepScalars(
      now.rate, 1 - momentum, momentum, 1 - now.rate * (now.weightDecay ?? weightDecay))
  }

  /// - parameter: [rows, columns]
  package func update(
    parameter: Value, gradient: Value, state: [Value], scalars: [Value], _ g: inout GraphBuilder
  ) -> (parameter: Value, state: [Value]) {
    let numbers = scalars.map { Expression.value($0) }
    let (old, slope) = (Expression.value(parameter), Expression.value(gradient))
    let momentum = .value(state[0]) + numbers[1] * (slope - .value(state[0]))
    let direction = nesterov ? slope + numbers[2] * (momentum - slope) : momentum
    let move = orthogonal(direction, &g)
    let shape = g.shape(parameter)
    let rate = numbers[0] * Expression(adjustment(rows: shape[0], columns: shape[1]))
    let kept = weightDecay > 0 ? old * numbers[3] : old
    return (g.elementwise(kept - rate * .value(move)), [g.elementwise(momentum)])
  }

  private func adjustment(rows: Int, columns: Int) -> Double {
    switch adjustLr {
    case .original: max(1, Double(rows) / Double(max(columns, 1))).squareRoot()
    case .matchRMSAdamW: 0.2 * Double(max(rows, columns)).squareRoot()
    }
  }

  /// The iteration, with the coefficients of the paper: steepest at zero.
  private func orthogonal(_ matrix: Expression, _ g: inout GraphBuilder) -> Value {
    let (a, b, c) = (Expression(3.4445), Expression(-4.775), Expression(2.0315))
    let norm = maximum(g.norm(matrix), Expression(eps))
    var x = g.elementwise(matrix / norm)
    let shape = g.shape(x)
    let isTall = shape[0] > shape[1]
    for _ in 0..<nsSteps {
      // The smaller of the two products; both are symmetric, so that nothing is transposed.
      let gram = isTall ? g.make(LinearWeightGradient(), x, x) : g.make(Linear(), x, x)
      let squared = g.make(Linear(weightIsOutIn: false), gram, gram)
      let factor = g.elementwise(b * .value(gram) + c * .value(squared))
      let product =
        isTall
        ? g.make(Linear(weightIsOutIn: false), x, factor)
        : g.make(Linear(weightIsOutIn: false), factor, x)
      x = g.elementwise(a * .value(x) + .value(product))
    }
    return x
  }
}
