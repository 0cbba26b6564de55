import NNGraph
import NNPlan
import NNTensor

/// A rule's programs bound to memory, so that a step looks nothing up and allocates nothing.
final class BoundUpdate {
  let gradients: UnsafeMutablePointer<Float>
  /// By method; nil for those that are not elementwise.
  let elementwise: [BoundTileProgram?]
  /// Programs over whole tensors, the largest first.
  let tensors: [BoundTensorProgram]
  /// What clips each parameter's gradient by itself.
  let clipping: [BoundTensorProgram]
  let penalty: BoundTileProgram?

  /// - scalars: for each method the places of its numbers, that of the clipping last.
  init(
    _ rule: UpdateRule, _ store: ParameterStore, _ gradients: UnsafeMutablePointer<Float>,
    _ states: OptimizerStates, scalars: [[UnsafeMutablePointer<Float>]]
  ) throws(KernelError) {
    self.gradients = gradients
    let parameters = store.buffer.floats()
    let entries = store.layout.entries
    // Where all are of one size, those who have fewer than others wait least this way.
    let bySize = entries.indices.filter { entries[$0].isUpdated }
      .sorted { (entries[$1].shape.count, $0) < (entries[$0].shape.count, $1) }

    func bound(
      _ program: TensorProgram, entry: Int, states: [UnsafeMutablePointer<Float>],
      _ scalars: [UnsafeMutablePointer<Float>]
    ) throws(KernelError) -> BoundTensorProgram {
      let offset = entries[entry].offset
      return try BoundTensorProgram(
        program, arrays: [parameters + offset, gradients + offset] + states,
        scalars: Array(scalars.prefix(program.scalarCount)))
    }

    var elementwise: [BoundTileProgram?] = []
    var tensors: [BoundTensorProgram] = []
    for (index, method) in rule.methods.enumerated() {
      var program: BoundTileProgram?
      switch method.form {
      case .elementwise(let update):
        let kept = (0..<max(update.arrayCount - 2, 0)).map { states.flatBuffer($0) }
        program = try update.bound(
          arrays: [parameters, gradients] + kept,
          scalars: Array(scalars[index].prefix(update.scalarCount)))
      case .tensor(let programs):
        for entry in bySize where rule.method(of: entry) == index {
          guard let program = programs[entry] else { continue }
          tensors.append(
            try bound(program, entry: entry, states: states.memory(of: entry), scalars[index]))
        }
      case .joined(let program):
        tensors.append(
          try BoundTensorProgram(
            program, arrays: [parameters, gradients] + states.memory(of: nil),
            scalars: Array(scalars[index].prefix(program.scalarCount))))
      }
      elementwise.append(program)
    }
    self.elementwise = elementwise
    self.tensors = tensors
    var clipping: [BoundTensorProgram] = []
    for entry in bySize {
      guard let program = rule.adaptiveClipping[entry] else { continue }
      clipping.append(try bound(program, entry: entry, states: [], []))
    }
    self.clipping = clipping
    penalty = try rule.penalty?.bound(arrays: [parameters, gradients], scalars: [])
  }
}
