import CKernels
package import NNGraph
import NNTensor

/// A row of a table of ops: the op, what it takes, and how closely its kernel is held.
package struct OpCase: Sendable, CustomStringConvertible {
  package let name: String
  package let op: any Op
  package let inputs: [ValueType]
  package let domains: [Domain]
  package let rows: Int
  /// Whether the pullback is held against finite differences.
  package let isDifferentiable: Bool
  /// How many of the outputs have a gradient; those behind are for the way back alone.
  package let results: Int
  package let tolerance: Double

  package init(
    _ name: String, _ op: any Op, _ inputs: [ValueType], _ domains: [Domain] = [],
    rows: Int = 3, isDifferentiable: Bool = true, results: Int = .max, tolerance: Double = 2e-6
  ) {
    self.name = name
    self.op = op
    self.inputs = inputs
    self.domains = inputs.indices.map { $0 < domains.count ? domains[$0] : .plain }
    self.rows = rows
    self.isDifferentiable = isDifferentiable
    self.results = results
    self.tolerance = tolerance
  }

  package var description: String { name }

  /// The op by itself, with the gradients its pullback writes for given gradients of its outputs.
  package func withPullback() throws(ShapeError) -> PullbackCase {
    var g = GraphBuilder(isTraining: true)
    let values = inputs.enumerated().map { g.input("input \($0)", $1) }
    let outputs = try g.add(op, values)
    let incoming = outputs.enumerated().map { index, output in
      g.type(output).dataType == .float32 && index < results
        ? g.input("gradient \(index)", g.type(output)) : nil
    }
    let needed = inputs.map { $0.dataType == .float32 }
    let site = PullbackSite(
      inputs: values, outputs: outputs, gradients: incoming, isNeeded: needed)
    let gradients = isDifferentiable ? op.pullback(site, &g) : values.map { _ in nil }
    var test = GraphCase(g.graph, rows: rows, seed: 5)
    var generator = SeededGenerator(seed: 7)
    for (value, domain) in zip(values, domains) {
      let numbers = domain.values(g.type(value).count(rows: rows), &generator)
      // Those that the type has, so that a reference and a kernel start from the same.
      test.data[value] =
        g.type(value).dataType == .bfloat16 ? numbers.map(roundedToBFloat16) : numbers
    }
    return PullbackCase(
      test: test, inputs: values, outputs: outputs, incoming: incoming, gradients: gradients)
  }
}

/// An op's pullback as a graph.
package struct PullbackCase: Sendable {
  package let test: GraphCase
  package let inputs: [Value]
  package let outputs: [Value]
  /// The gradients of the outputs, as inputs of the graph.
  package let incoming: [Value?]
  package let gradients: [Value?]
}

/// The law of pullbacks, for an op by itself: each element of each input is moved.
package func checkPullback(_ row: OpCase, tolerance: Double = 1e-6) throws(ShapeError) -> [String] {
  let made = try row.withPullback()
  let values = evaluateReference(made.test)
  func number(_ moved: GraphCase) -> Double {
    let values = evaluateReference(moved)
    var sum = 0.0
    for (output, gradient) in zip(made.outputs, made.incoming) {
      guard let gradient, let y = values[output], let dy = values[gradient] else { continue }
      sum += zip(y.values, dy.values).reduce(0) { $0 + $1.0 * $1.1 }
    }
    return sum
  }
  guard made.gradients.count == made.inputs.count else {
    return ["the pullback gives \(made.gradients.count) gradients of \(made.inputs.count) inputs"]
  }
  var problems: [String] = []
  for (index, value) in made.inputs.enumerated() where row.inputs[index].dataType == .float32 {
    let expected = slopes(of: value, in: made.test, number)
    let written =
      made.gradients[index].map { values[$0]?.values ?? [] }
      ?? .init(repeating: 0, count: expected.count)
    if let gradient = made.gradients[index], made.test.graph.type(gradient) != row.inputs[index] {
      problems.append("the gradient of input \(index) is a \(made.test.graph.type(gradient))")
    }
    if let problem = difference(written, expected, tolerance: tolerance, "input \(index)") {
      problems.append(problem)
    }
  }
  return problems
}

/// The law of kernels for an op and for every op of its pullback: run directly on operands, in
/// each memory order the op allows, whole or in parts, it gives what its reference gives.
package func checkDirectKernels(_ row: OpCase) throws(ShapeError) -> [String] {
  let test = try row.withPullback().test
  let values = evaluateReference(test)
  var problems: [String] = []
  for node in test.graph.nodes where node.op.aliases.isEmpty {
    let inputs = node.inputs.compactMap { values[$0] }
    let outputs = node.outputs.compactMap { values[$0] }
    for layouts in node.op.layout.choices {
      for parts in [1, 2, 3] {
        do {
          problems += try differences(node.op, parts, inputs, outputs, layouts, row).map {
            "\(node.op), \(layouts), in \(parts) parts: \($0)"
          }
        } catch {
          problems.append("\(node.op): \(error.message)")
        }
      }
    }
  }
  return problems
}

private func differences(
  _ op: any Op, _ parts: Int, _ inputs: [ReferenceTensor], _ outputs: [ReferenceTensor],
  _ layouts: LayoutRule.Choice, _ row: OpCase
) throws(KernelError) -> [String] {
  let memory = inputs.map { OperandMemory($0, layouts.inputs) }
  let results = outputs.map { OperandMemory(garbageLike: $0, layouts.outputs) }
  let site = KernelSite(
    inputs: memory.map(\.operand), outputs: results.map(\.operand), rows: row.rows)
  let kernels = parts == 1 ? [try op.kernel(site)] : try op.kernels(site, parts: parts)
  // The order does not matter, as threads run them at once.
  for kernel in kernels.reversed() { kernel.run(RunPosition()) }
  return zip(results, outputs).enumerated().compactMap { index, pair in
    difference(
      pair.0.values, pair.1.values, tolerance: row.tolerance, "output \(index)")
  }
    + memory.enumerated().compactMap { index, operand in
      operand.isUnchanged ? nil : "input \(index) was written"
    }
}
