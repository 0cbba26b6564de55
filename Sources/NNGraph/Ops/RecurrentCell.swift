import CKernels

/// What a recurrent layer does with its state at each step.
///
/// x is what the inputs give the gates, q = W h + b what the state before gives them, σ the sigmoid.
package enum RecurrentCell: Sendable, Hashable {
  /// h′ = tanh(x + q)
  case tanh
  /// h′ = max(x + q, 0)
  case relu
  /// i, f, o = σ(x + q), g = tanh(x + q), c′ = f c + i g, h′ = o tanh c′
  case lstm
  /// r, z = σ(x + q), n = tanh(x + r q), h′ = (1 − z) n + z h
  case gru

  /// How many numbers a unit computes from its inputs: i, f, g, o or r, z, n in this order.
  package var gates: Int {
    switch self {
    case .tanh, .relu: 1
    case .lstm: 4
    case .gru: 3
    }
  }

  /// Whether the way back needs more than the states: the gates, and a number besides for each
  /// unit, the c of lstm or the q of n of gru.
  var keepsGates: Bool { gates > 1 }

  /// Whether the gradients of x and q differ.
  var splitsGradient: Bool { self == .gru }

  /// Operations of a unit's step besides the product, one for each sum, product and function.
  var operations: Int {
    switch self {
    case .tanh, .relu: 2
    case .lstm: 13
    case .gru: 12
    }
  }

  /// The same of the way back.
  var gradientOperations: Int {
    switch self {
    case .tanh: 4
    case .relu: 2
    case .lstm: 25
    case .gru: 20
    }
  }

  /// Whether products of a step in bf16 save more than rounding costs. They take pairs.
  func isWorthNarrowing(units: Int) -> Bool { units >= 32 && units % 2 == 0 }

  var kernel: nn_cell {
    switch self {
    case .tanh: NN_CELL_TANH
    case .relu: NN_CELL_RELU
    case .lstm: NN_CELL_LSTM
    case .gru: NN_CELL_GRU
    }
  }
}
