package import NNGraph
import NNPlan

/// The law of gradients: those that differentiation writes are those of finite differences.
///
/// Every element of every trained parameter is moved. Returns what does not hold, in words.
package func checkGradients(
  _ test: GraphCase, tolerance: Double = 1e-6, isTrained: (Graph.Parameter) -> Bool = { _ in true }
) -> [String] {
  guard let loss = test.loss else { return ["the case has no loss"] }
  var full = test
  full.graph = differentiated(test.graph, loss: loss, isTrained: isTrained)
  let values = evaluateReference(full)
  var problems: [String] = []
  for parameter in test.graph.parameters where parameter.isTrained && isTrained(parameter) {
    let entry = full.graph.gradients.first { $0.parameter == parameter.value }
    let count = test.graph.type(parameter.value).count(rows: test.rows)
    let written =
      entry.flatMap { values[$0.gradient]?.values } ?? .init(repeating: 0, count: count)
    let expected = slopes(of: parameter.value, in: test) { moved in
      evaluateReference(moved)[loss]?.values[0] ?? .nan
    }
    if let problem = difference(written, expected, tolerance: tolerance, parameter.name) {
      problems.append(problem)
    }
  }
  return problems
}

/// The derivatives of a number by each element of a value, by central differences of the fourth
/// order.
func slopes(
  of value: Value, in test: GraphCase, _ number: (GraphCase) -> Double
) -> [Double] {
  let h = 1e-4
  var moved = test
  let start = test.data[value] ?? []
  return start.indices.map { index in
    func at(_ offset: Double) -> Double {
      moved.data[value]?[index] = start[index] + offset
      return number(moved)
    }
    let inner = at(h) - at(-h)
    let outer = at(2 * h) - at(-2 * h)
    moved.data[value]?[index] = start[index]
    return (8 * inner - outer) / (12 * h)
  }
}
