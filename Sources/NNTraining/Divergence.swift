import NNEngine

/// Where the numbers of a step first stopped to be numbers, and whose they were.
package struct Divergence: Sendable, Equatable {
  let found: NonFinite
  /// The row of the data that the sample was made of, from one; nil where it is not known.
  let dataRow: Int?

  var isOfData: Bool { if case .input = found.place { true } else { false } }

  /// Behind a semicolon.
  var words: String {
    let sample = found.row.map { row in
      " of sample \(row + 1) of the batch" + (dataRow.map { " (row \($0) of the data)" } ?? "")
    }
    return switch found.place {
    case .parameter(let name): "'\(name)' was so before the batch: the step before made it so"
    case .input(let name): "the input '\(name)'\(sample ?? "") is so"
    case .layer(""): "it came up in the loss\(sample ?? "")"
    case .layer(let id): "it came up in '\(id)', at the values\(sample ?? "")"
    }
  }
}
