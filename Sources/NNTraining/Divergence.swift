import NNEngine

/// A step after which numbers would not be numbers any more.
package struct Divergence: Sendable, Equatable {
  /// Where the numbers of a step first stopped to be numbers, and whose they were.
  struct Origin: Sendable, Equatable {
    let found: NonFinite
    /// The row of the data that the sample was made of, from one; nil where it is not known.
    let dataRow: Int?
  }

  /// Counts from one.
  let step: Int
  let epoch: Int
  let loss: Double
  /// Nil where running the step again did not find it.
  let origin: Origin?

  var isOfData: Bool { if case .input? = origin?.found.place { true } else { false } }

  /// Whether the weights themselves are no numbers, which no later step mends.
  var isOfParameters: Bool {
    if case .parameter? = origin?.found.place { true } else { false }
  }

  /// What happened and where.
  package var words: String {
    let place = "step \(step), in epoch \(epoch)"
    if loss.isFinite, case .parameter(let name)? = origin?.found.place {
      return "weights were no numbers after \(place): '\(name)'"
    }
    let what =
      loss.isNaN
      ? "the loss was not a number"
      : loss.isInfinite ? "the loss was infinite" : "gradients were no numbers"
    return "\(what) at \(place)" + (origin.map { "; \($0.words)" } ?? "")
  }
}

extension Divergence.Origin {
  fileprivate var words: String {
    let sample = found.row.map { row in
      " of sample \(row + 1) of the batch" + (dataRow.map { " (row \($0) of the data)" } ?? "")
    }
    return switch found.place {
    case .parameter(let name): "'\(name)' was so before the batch: the step before made it so"
    case .input(let name): "the input '\(name)'\(sample ?? "") is so"
    case .layer(""): "it came up in the loss\(sample ?? "")"
    case .layer(let id): "it came up in '\(id)', at the values\(sample ?? "")"
    case .gradient(let name): "it came up in the gradient of '\(name)'"
    }
  }
}
