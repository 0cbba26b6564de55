package import NNGraph
import NNTensor

/// Keeps less of the forward pass for the backward pass and computes the rest again when it is
/// needed; the results are the same to the bit.
///
/// The forward pass is cut into segments at narrow places. Only what crosses a cut is kept; before
/// the first gradient that reads anything else of a segment, the segment's nodes run again. Chen, Xu,
/// Zhang and Guestrin, "Training Deep Nets with Sublinear Memory Cost" (2016).
///
/// What whole batches share, such as the moments of batch norm, is small and kept; random numbers
/// are a function of their counter, so that a node that runs again draws the same.
///
/// - graph: differentiated, and nothing else done to it.
/// - forwardValues: how many values it had before.
package func withRecomputation(_ graph: Graph, forwardValues: Int) -> Graph {
  var pass = Recomputation(graph.withoutDeadNodes, forwardValues)
  return pass.rewritten()
}

private struct Recomputation {
  private var graph: Graph
  private let forward: [Graph.Node]
  private let backward: [Graph.Node]
  private let forwardValues: Int
  /// The node that makes a value, by its place in the order of its pass.
  private var maker: [Value: Int] = [:]
  /// Forward values that a gradient reads.
  private var isRead: Set<Value> = []
  /// For each forward node its segment.
  private var segments: [Int] = []
  /// Forward values that stay.
  private var kept: Set<Value> = []
  /// What stands for a forward value on the way back.
  private var again: [Value: Value] = [:]
  /// Kept values as the segment that runs again reads them.
  private var waiting: [Value: Value] = [:]

  /// Samples that memory is weighed for; parameters and the like weigh little beside them.
  private static let rows = 32

  init(_ graph: Graph, _ forwardValues: Int) {
    self.graph = graph
    self.forwardValues = forwardValues
    func isForward(_ node: Graph.Node) -> Bool {
      node.outputs.allSatisfy { $0.index < forwardValues }
    }
    forward = graph.nodes.filter(isForward)
    backward = graph.nodes.filter { !isForward($0) }
    for nodes in [forward, backward] {
      for (place, node) in nodes.enumerated() {
        for output in node.outputs { maker[output] = place }
      }
    }
    for node in backward { isRead.formUnion(node.inputs.filter { $0.index < forwardValues }) }
  }

  private func bytes(_ value: Value) -> Int {
    graph.type(value).count(rows: Recomputation.rows) * 4
  }

  // MARK: Cutting

  /// Bytes that a gradient reads of each forward node's results: what recomputing may save.
  private var weights: [Int] {
    forward.map { node in
      node.op is any CollectiveOp
        ? 0 : node.outputs.reduce(0) { isRead.contains($1) ? $0 + bytes($1) : $0 }
    }
  }

  /// For each place before a node the values that live across it.
  private var crossings: [Int] {
    var last: [Value: Int] = [:]
    for (place, node) in forward.enumerated() { for input in node.inputs { last[input] = place } }
    for value in graph.results where value.index < forwardValues { last[value] = forward.count }
    var change = [Int](repeating: 0, count: forward.count + 2)
    for (place, node) in forward.enumerated() where !isFree(node) {
      for output in node.outputs {
        guard let end = last[output], end > place else { continue }
        change[place + 1] += bytes(output)
        change[end + 1] -= bytes(output)
      }
    }
    var live = 0
    return change.prefix(forward.count).map { step in
      live += step
      return live
    }
  }

  /// Nodes whose results cost nothing to keep or to have again.
  private func isFree(_ node: Graph.Node) -> Bool {
    node.op is any CollectiveOp || node.op is Constant || node.op is Broadcast
      || node.op is RandomUniform
  }

  /// The places before which the forward pass is cut.
  private func cuts() -> [Int] {
    let (weights, crossings) = (weights, crossings)
    let whole = weights.reduce(0, +)
    let narrow = crossings.filter { $0 > 0 }.sorted()
    guard whole > 0, !narrow.isEmpty else { return [] }
    // With k segments about k cuts and one segment live at once: k = √(whole / cut).
    let width = max(narrow[narrow.count / 10], 1)
    var count = 1
    while (count + 1) * (count + 1) * width <= whole { count += 1 }
    guard count > 1 else { return [] }
    var sums = [0]
    for weight in weights { sums.append(sums[sums.count - 1] + weight) }
    var cuts: [Int] = []
    for index in 1..<count {
      let target = whole * index / count
      let reach = whole / (2 * count)
      let behind = cuts.last ?? 0
      let places = forward.indices.filter { $0 > behind && abs(sums[$0] - target) <= reach }
      let best = places.min {
        (crossings[$0], abs(sums[$0] - target)) < (crossings[$1], abs(sums[$1] - target))
      }
      if let best { cuts.append(best) }
    }
    return cuts
  }

  private mutating func cut() {
    let cuts = cuts()
    var segment = 0
    segments = forward.indices.map { place in
      while segment < cuts.count, cuts[segment] <= place { segment += 1 }
      return segment
    }
    // What another segment reads crosses a cut; so does what must be there in the end.
    kept = Set(graph.results)
    for (place, node) in forward.enumerated() {
      for input in node.inputs {
        guard let source = maker[input], input.index < forwardValues else { continue }
        if segments[source] != segments[place], !isFree(forward[source]) { kept.insert(input) }
      }
      if node.op is any CollectiveOp { kept.formUnion(node.outputs) }
      // The way back begins with the last segment, whose values are still there.
      if segments[place] == cuts.count { kept.formUnion(node.outputs) }
    }
  }

  // MARK: Running again

  mutating func rewritten() -> Graph {
    cut()
    let original = graph
    graph.nodes = forward
    for node in backward {
      for input in node.inputs where isRecomputed(input) && again[input] == nil {
        guard let place = maker[input], let signal = signal(for: node) else { continue }
        runAgain(segments[place], after: signal)
      }
      let inputs = node.inputs.map { again[$0] ?? $0 }
      graph.nodes.append(
        .init(op: node.op, inputs: inputs, outputs: node.outputs, scope: node.scope))
    }
    return graph.nodes.count == original.nodes.count ? original : graph.withoutDeadNodes
  }

  /// Whether a forward value is made by a node and does not stay.
  private func isRecomputed(_ value: Value) -> Bool {
    value.index < forwardValues && maker[value] != nil && !kept.contains(value)
  }

  /// The latest thing that the way back has computed for a node: what runs again for it waits for
  /// that, so that it does not run earlier, in a phase of the way there.
  private func signal(for node: Graph.Node) -> Value? {
    var stack = node.inputs
    var seen: Set<Value> = []
    var latest: (place: Int, value: Value)?
    while let value = stack.popLast() {
      guard value.index >= forwardValues, seen.insert(value).inserted, let place = maker[value]
      else { continue }
      let op = backward[place].op
      // What fusion draws into others would have to be written for its own sake.
      if op is Unary || op is Binary || op is Select || op is Broadcast || op is Constant
        || !op.aliases.isEmpty
      {
        stack += backward[place].inputs
      } else if latest.map({ $0.place < place }) ?? true {
        latest = (place, value)
      }
    }
    return latest?.value
  }

  /// Appends copies of the nodes of a segment that lead to what gradients read.
  private mutating func runAgain(_ segment: Int, after signal: Value) {
    let places = forward.indices.filter { segments[$0] == segment }
    var needed = isRead
    var chosen: [Int] = []
    for place in places.reversed() {
      let node = forward[place]
      let isNeeded = node.outputs.contains {
        needed.contains($0) && isRecomputed($0) && again[$0] == nil
      }
      guard isNeeded else { continue }
      chosen.append(place)
      needed.formUnion(node.inputs)
    }
    waiting = [:]
    for place in chosen.reversed() { copy(forward[place], after: signal) }
  }

  private mutating func copy(_ node: Graph.Node, after signal: Value) {
    let inputs = node.inputs.map { input in
      if let made = again[input] { return made }
      // A node of another segment that is free: a constant, or a parameter spread out.
      if isRecomputed(input), let place = maker[input] {
        copy(forward[place], after: signal)
        return again[input] ?? input
      }
      return graph.type(input).isBatched ? late(input, after: signal) : input
    }
    let outputs = node.outputs.map { output in
      let made = newValue(graph.type(output))
      // Where one of several results stays, it is read where it is.
      if !kept.contains(output) { again[output] = made }
      return made
    }
    graph.nodes.append(.init(op: node.op, inputs: inputs, outputs: outputs, scope: node.scope))
  }

  /// A kept value or an input of the graph, as whatever runs again reads it.
  private mutating func late(_ value: Value, after signal: Value) -> Value {
    if let made = waiting[value] { return made }
    let made = newValue(graph.type(value))
    waiting[value] = made
    graph.nodes.append(.init(op: After(), inputs: [value, signal], outputs: [made], scope: ""))
    return made
  }

  private mutating func newValue(_ type: ValueType) -> Value {
    graph.types.append(type)
    return Value(index: graph.types.count - 1)
  }
}
