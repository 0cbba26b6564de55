import NNGraph
import NNModel
import NNTensor

/// What rnn, lstm and gru have in common: layers of cells one above the other, in one or both
/// directions.
///
/// - input: [batch, steps, features]
/// - output: [batch, directions · units], or [batch, steps, directions · units] of all steps
/// - parameters, for each layer N as PyTorch has them: weight_ih_lN [gates · units, in], weight_hh_lN
///   [gates · units, units], bias_ih_lN, bias_hh_lN [gates · units]; with `_reverse` behind the
///   name for the direction back
protocol RecurrentLayer: Layer {
  var units: Int { get }
  var layers: Int { get }
  var bidirectional: Bool { get }
  var sequence: Bool { get }
  var dropout: Double { get }
  var bias: Bool { get }
  var weightInit: (any Initializer)? { get }
  var recurrentInit: (any Initializer)? { get }
  var biasInit: (any Initializer)? { get }

  var cell: RecurrentCell { get }
}

extension RecurrentLayer {
  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    var x = inputs[0]
    guard b.shape(x).rank == 2 else {
      throw ShapeError(
        "'\(Self.word)' needs a sequence [steps, features], found \(b.shape(x))",
        help: "Give the input such a shape in the data section, or put reshape: [-1, 1] before.")
    }
    for layer in 0..<layers {
      if layer > 0 {
        x = b.dropout(x, rate: dropout, purpose: "dropout_l\(layer - 1)")
      }
      let isWhole = sequence || layer < layers - 1
      var states = [try scan(x, "l\(layer)", isReversed: false, isWhole: isWhole, &b)]
      if bidirectional {
        states.append(
          try scan(x, "l\(layer)_reverse", isReversed: true, isWhole: isWhole, &b))
        x = try b.g.add(Concat(axis: b.shape(states[0]).rank - 1), states)[0]
      } else {
        x = states[0]
      }
    }
    return x
  }

  /// One layer in one direction.
  ///
  /// - suffix: behind its parameters' names: `l0`, `l0_reverse`.
  /// - isWhole: whether the states of all steps are wanted, [steps, units], or the last one's.
  private func scan(
    _ x: Value, _ suffix: String, isReversed: Bool, isWhole: Bool, _ b: inout LayerBuilder
  ) throws(ShapeError) -> Value {
    let width = cell.gates * units
    let (steps, features) = (b.shape(x)[0], b.shape(x)[1])
    // PyTorch begins everything alike, with numbers as wide as the states are many.
    let usual = Uniform(within: 1 / Double(units).squareRoot())
    let weight = b.parameter(
      "weight_ih_\(suffix)", [width, features], role: .weight, initializer: weightInit ?? usual)
    let recurrent = b.parameter(
      "weight_hh_\(suffix)", [width, units], role: .weight, initializer: recurrentInit ?? usual)
    var gates = try b.g.apply(Linear(), x, weight)
    var operands = [recurrent]
    if bias {
      let (input, state) = (
        b.parameter(
          "bias_ih_\(suffix)", [width], role: .bias, initializer: biasInit ?? usual),
        b.parameter(
          "bias_hh_\(suffix)", [width], role: .bias, initializer: biasInit ?? usual)
      )
      var sum = input
      if cell.addsStateBias {
        operands.append(state)
      } else {
        // One addition for each step and sample instead of two.
        sum = b.g.elementwise(.value(input) + .value(state))
      }
      gates = b.g.elementwise(.value(gates) + b.broadcast(sum, like: gates, axis: 1))
    }
    let states = try b.g.add(RecurrentScan(cell, isReversed: isReversed), [gates] + operands)[0]
    guard !isWhole else { return states }
    let last = try b.g.apply(Slice(axis: 0, start: isReversed ? 0 : steps - 1, count: 1), states)
    return try b.g.apply(Reshape([units]), last)
  }
}

extension RecurrentCell {
  /// Whether the bias of the state's part is more than one added to the inputs'.
  fileprivate var addsStateBias: Bool { self == .gru }
}
