import Glibc
import NNCatalogue
import NNModel
import Testing

/// An elementwise optimizer with the same step written out in double precision for one number.
struct OptimizerRow: Sendable, CustomTestStringConvertible {
  let name: String
  let optimizer: any Optimizer & ElementwiseFormula
  /// Of the parameter, its gradient, the state, the number of the step from one, and the rate.
  ///
  /// The state begins with zeros; what else it needs to know of the last steps it keeps in further
  /// places.
  let step: @Sendable (inout Double, Double, inout [Double], Double, Double) -> Void

  var word: String { type(of: optimizer).word }
  var testDescription: String { name }
}

private func sgd(momentum: Double = 0, nesterov: Bool = false, decay: Double = 0) -> SGD {
  var optimizer = SGD()
  optimizer.lr = 0.1
  optimizer.momentum = momentum
  optimizer.nesterov = nesterov
  optimizer.weightDecay = decay
  return optimizer
}

private func adam(decay: Double) -> Adam {
  var optimizer = Adam()
  optimizer.beta1 = 0.8
  optimizer.beta2 = 0.95
  optimizer.eps = 1e-3
  optimizer.weightDecay = decay
  return optimizer
}

private func adamW(decay: Double) -> AdamW {
  var optimizer = AdamW()
  optimizer.weightDecay = decay
  return optimizer
}

private func rmsProp(momentum: Double) -> RMSProp {
  var optimizer = RMSProp()
  optimizer.alpha = 0.9
  optimizer.momentum = momentum
  optimizer.weightDecay = 0.02
  return optimizer
}

/// The move of Adam after t steps, with its means in `s`.
private func adamMove(
  _ g: Double, _ s: inout [Double], _ t: Double, _ beta1: Double, _ beta2: Double, _ eps: Double
) -> Double {
  s[0] = beta1 * s[0] + (1 - beta1) * g
  s[1] = beta2 * s[1] + (1 - beta2) * g * g
  return s[0] / (1 - pow(beta1, t)) / ((s[1] / (1 - pow(beta2, t))).squareRoot() + eps)
}

let optimizerRows: [OptimizerRow] =
  [
    .init(name: "sgd", optimizer: sgd()) { w, g, _, _, rate in w -= rate * g },
    .init(name: "sgd with decay", optimizer: sgd(decay: 0.05)) { w, g, _, _, rate in
      w -= rate * (g + 0.05 * w)
    },
    .init(name: "sgd with momentum", optimizer: sgd(momentum: 0.9, decay: 0.05)) {
      w, g, s, _, rate in
      s[0] = 0.9 * s[0] + g + 0.05 * w
      w -= rate * s[0]
    },
    .init(name: "sgd after nesterov", optimizer: sgd(momentum: 0.8, nesterov: true)) {
      w, g, s, _, rate in
      s[0] = 0.8 * s[0] + g
      w -= rate * (g + 0.8 * s[0])
    },
    .init(name: "adam", optimizer: adam(decay: 0)) { w, g, s, t, rate in
      w -= rate * adamMove(g, &s, t, 0.8, 0.95, 1e-3)
    },
    .init(name: "adam with decay", optimizer: adam(decay: 0.1)) { w, g, s, t, rate in
      w -= rate * adamMove(g + 0.1 * w, &s, t, 0.8, 0.95, 1e-3)
    },
    .init(name: "adamw", optimizer: adamW(decay: 0.1)) { w, g, s, t, rate in
      w *= 1 - rate * 0.1
      w -= rate * adamMove(g, &s, t, 0.9, 0.999, 1e-8)
    },
    .init(name: "rmsprop", optimizer: rmsProp(momentum: 0)) { w, g, s, _, rate in
      let g = g + 0.02 * w
      s[0] = 0.9 * s[0] + 0.1 * g * g
      w -= rate * g / (s[0].squareRoot() + 1e-8)
    },
    .init(name: "rmsprop with momentum", optimizer: rmsProp(momentum: 0.7)) { w, g, s, _, rate in
      let g = g + 0.02 * w
      s[0] = 0.9 * s[0] + 0.1 * g * g
      s[1] = 0.7 * s[1] + g / (s[0].squareRoot() + 1e-8)
      w -= rate * s[1]
    },
  ] + adamRows + adaptiveRows + signRows + averagingRows

/// Sets fields of a kind.
private func with<K>(_ kind: K, _ change: (inout K) -> Void) -> K {
  var kind = kind
  change(&kind)
  return kind
}

private let adamRows: [OptimizerRow] = [
  .init(
    name: "sgd with dampening",
    optimizer: with(sgd(momentum: 0.9)) { $0.dampening = 0.4 }
  ) { w, g, s, t, rate in
    s[0] = 0.9 * s[0] + (t == 1 ? 1 : 0.6) * g
    w -= rate * s[0]
  },
  .init(name: "adam with amsgrad", optimizer: with(adam(decay: 0)) { $0.amsgrad = true }) {
    w, g, s, t, rate in
    s[0] = 0.8 * s[0] + 0.2 * g
    s[1] = 0.95 * s[1] + 0.05 * g * g
    s[2] = max(s[2], s[1])
    w -= rate * s[0] / (1 - pow(0.8, t)) / ((s[2] / (1 - pow(0.95, t))).squareRoot() + 1e-3)
  },
  .init(
    name: "adamw with amsgrad",
    optimizer: with(adamW(decay: 0.1)) {
      $0.amsgrad = true
      $0.beta2 = 0.5
    }
  ) { w, g, s, t, rate in
    s[0] = 0.9 * s[0] + 0.1 * g
    s[1] = 0.5 * s[1] + 0.5 * g * g
    s[2] = max(s[2], s[1])
    w *= 1 - rate * 0.1
    w -= rate * s[0] / (1 - pow(0.9, t)) / ((s[2] / (1 - pow(0.5, t))).squareRoot() + 1e-8)
  },
  .init(name: "adamax", optimizer: with(Adamax()) { $0.weightDecay = 0.1 }) { w, g, s, t, rate in
    let g = g + 0.1 * w
    s[0] = 0.9 * s[0] + 0.1 * g
    s[1] = max(0.999 * s[1], abs(g) + 1e-8)
    w -= rate / (1 - pow(0.9, t)) * s[0] / s[1]
  },
  .init(name: "nadam", optimizer: with(NAdam()) { $0.momentumDecay = 0.1 }) { w, g, s, t, rate in
    func momentum(_ t: Double) -> Double { 0.9 * (1 - 0.5 * pow(0.96, t * 0.1)) }
    let (own, next) = (momentum(t), momentum(t + 1))
    s[2] = (t == 1 ? 1 : s[2]) * own
    s[0] = 0.9 * s[0] + 0.1 * g
    s[1] = 0.999 * s[1] + 0.001 * g * g
    let size = (s[1] / (1 - pow(0.999, t))).squareRoot() + 1e-8
    w -= rate * ((1 - own) * g / (1 - s[2]) + next * s[0] / (1 - next * s[2])) / size
  },
  .init(
    name: "radam",
    optimizer: with(RAdam()) {
      $0.beta2 = 0.9
      $0.weightDecay = 0.1
      $0.decoupledWeightDecay = true
    }
  ) { w, g, s, t, rate in
    w *= 1 - rate * 0.1
    s[0] = 0.9 * s[0] + 0.1 * g
    s[1] = 0.9 * s[1] + 0.1 * g * g
    let mean = s[0] / (1 - pow(0.9, t))
    let length = 19 - 2 * t * pow(0.9, t) / (1 - pow(0.9, t))
    guard length > 5 else {
      w -= rate * mean
      return
    }
    let share = (length - 4) * (length - 2) * 19 / (15 * 17 * length)
    w -= rate * mean * (share * (1 - pow(0.9, t))).squareRoot() / (s[1].squareRoot() + 1e-8)
  },
]

private let adaptiveRows: [OptimizerRow] = [
  .init(
    name: "adagrad",
    optimizer: with(Adagrad()) {
      $0.lrDecay = 0.1
      $0.initialAccumulatorValue = 0.5
    }
  ) { w, g, s, t, rate in
    s[0] += g * g
    w -= rate / (1 + (t - 1) * 0.1) * g / (s[0].squareRoot() + 1e-10)
  },
  .init(name: "adadelta", optimizer: with(Adadelta()) { $0.eps = 1e-2 }) { w, g, s, _, rate in
    s[0] = 0.9 * s[0] + 0.1 * g * g
    let move = ((s[1] + 1e-2) / (s[0] + 1e-2)).squareRoot() * g
    s[1] = 0.9 * s[1] + 0.1 * move * move
    w -= rate * move
  },
  .init(
    name: "rmsprop around the mean",
    optimizer: with(rmsProp(momentum: 0.7)) {
      $0.centered = true
      $0.eps = 0.1
      $0.weightDecay = 0
    }
  ) { w, g, s, _, rate in
    s[0] = 0.9 * s[0] + 0.1 * g * g
    s[1] = 0.9 * s[1] + 0.1 * g
    s[2] = 0.7 * s[2] + g / ((s[0] - s[1] * s[1]).squareRoot() + 0.1)
    w -= rate * s[2]
  },
]

private let signRows: [OptimizerRow] = [
  .init(name: "rprop", optimizer: with(Rprop()) { $0.stepMax = 0.015 }) { w, g, s, _, _ in
    let agreement = g * s[0]
    s[1] = min(s[1] * (agreement > 0 ? 1.2 : agreement < 0 ? 0.5 : 1), 0.015)
    s[0] = agreement < 0 ? 0 : g
    w -= s[0] > 0 ? s[1] : s[0] < 0 ? -s[1] : 0
  },
  .init(name: "lion", optimizer: with(Lion()) { $0.weightDecay = 0.5 }) { w, g, s, _, rate in
    let direction = 0.9 * s[0] + 0.1 * g
    s[0] = 0.99 * s[0] + 0.01 * g
    w = (1 - rate * 0.5) * w - rate * (direction > 0 ? 1 : direction < 0 ? -1 : 0)
  },
]

private let averagingRows: [OptimizerRow] = [
  .init(
    name: "asgd",
    optimizer: with(ASGD()) {
      $0.lambd = 0.2
      $0.t0 = 2
    }
  ) { w, g, s, t, rate in
    let eta = t == 1 ? rate : s[1]
    w = (1 - 0.2 * eta) * w - eta * g
    s[0] += (t == 1 ? 1 : s[2]) * (w - s[0])
    s[1] = rate / pow(1 + 0.2 * rate * t, 0.75)
    s[2] = 1 / max(1, t - 2)
  },
  // x is kept here, and y made of x and z; the kind keeps y and z.
  .init(
    name: "schedule-free adamw",
    optimizer: with(ScheduleFreeAdamW()) {
      $0.beta1 = 0.8
      $0.warmup = 2
      $0.weightDecay = 0.1
    }
  ) { w, g, s, t, rate in
    if t == 1 { s[2] = w }
    let rate = rate * min(1, t / 2)
    s[1] = 0.999 * s[1] + 0.001 * g * g
    s[0] -= rate * (g / ((s[1] / (1 - pow(0.999, t))).squareRoot() + 1e-8) + 0.1 * w)
    s[4] = max(s[4], rate)
    s[3] += s[4] * s[4]
    s[2] += s[4] * s[4] / s[3] * (s[0] - s[2])
    w = 0.2 * s[0] + 0.8 * s[2]
  },
]
