package import NNGraph
package import NNTensor

/// A small graph over whole tensors, applied in place: an update that needs norms, means or matrix
/// products of a parameter.
package struct TensorProgram: Sendable {
  package let plan: Plan
  /// Bytes of memory it computes in.
  package let memory: MemoryPlan
  /// For each array and then each scalar its place in the plan's parameters, in elements.
  package let offsets: [Int]
  package let arrayCount: Int
  package let scalarCount: Int
  /// What becomes of arrays: the array by its index, and the value that is its new contents.
  package let results: [(array: Int, value: Value)]

  /// - arrays: the shapes of the arrays.
  /// - scalars: how many numbers are given anew at each run.
  /// - formula: the new contents of arrays by their index, from the arrays and scalars.
  package init(
    arrays: [Shape], scalars: Int,
    formula: (_ arrays: [Value], _ scalars: [Value], inout GraphBuilder) -> [(
      array: Int, value: Value
    )]
  ) {
    var g = GraphBuilder(isTraining: true)
    // To the plan they are parameters: memory of others, read in place.
    let sources = (arrays + [Shape](repeating: .scalar, count: scalars)).enumerated().map {
      g.parameter(
        "\($0)", $1, role: .state, isTrained: false, initializer: FilledWithZeros())
    }
    let values = Array(sources.prefix(arrays.count))
    let new = formula(values, Array(sources.dropFirst(arrays.count)), &g)
    // What is another array's old contents is set aside before any array is written.
    let changed = new.filter { $0.value != values[$0.array] }.map { array, value in
      (array: array, value: sources.contains(value) ? g.make(Unary(.copy), value) : value)
    }
    for (array, value) in changed { g.output("\(array)", value) }
    let plan = Plan(g.graph)
    self.plan = plan
    memory = MemoryPlan(plan, rows: 1)
    offsets = plan.parameters.entries.map(\.offset)
    arrayCount = arrays.count
    scalarCount = scalars
    results = changed.compactMap { entry in
      plan.output(entry.value).map { (entry.array, $0) }
    }
  }
}

/// Never asked: the memory is others'.
private struct FilledWithZeros: ParameterInitializer {
  func tensor(shape: Shape, stream: RandomStream) -> Tensor { Tensor(shape, filledWith: 0) }
}
