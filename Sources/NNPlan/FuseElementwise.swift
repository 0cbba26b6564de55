import NNGraph

/// Joins chains of elementwise ops into programs that pass over memory once.
///
/// A node may join the group of one of its operands if no path leads from the group through other
/// nodes back to it; groups then run as one, in an order that respects what they need.
func withFusedElementwise(_ laidOut: LaidOutGraph) -> LaidOutGraph {
  var pass = ElementwiseFusion(laidOut)
  pass.formGroups()
  let emitted = pass.emitted()
  // Groups are bounded by what they need at most without making anything anew.
  let fits = emitted.graph.nodes.allSatisfy { node in
    ((node.op as? ElementwiseProgram)?.slots.count ?? 0) <= ElementwiseProgram.maximumSlots
  }
  if fits { return emitted }
  pass.recomputes = false
  return pass.emitted()
}

private struct ElementwiseFusion {
  /// What the members of a group have in common.
  private struct Domain: Hashable {
    let type: ValueType
    let layout: Layout
  }

  /// A group of elementwise nodes, or a single node of another kind.
  private struct Unit {
    var members: [Int]
    var domain: Domain?
    /// The units it needs.
    var needs: Set<Int> = []
    /// An upper bound of the slots its program takes.
    var slotCount = 0
  }

  /// Whether values may be made anew instead of being kept.
  var recomputes = true
  private let graph: Graph
  private let layouts: [Layout]
  private var units: [Unit] = []
  private var unitOfNode: [Int]
  private var producer: [Int?]
  /// Values that are in memory in any case, because others than elementwise nodes make or read them.
  private var isInMemory: [Bool]

  init(_ laidOut: LaidOutGraph) {
    graph = laidOut.graph
    layouts = laidOut.layouts
    unitOfNode = .init(repeating: -1, count: laidOut.graph.nodes.count)
    producer = .init(repeating: nil, count: laidOut.graph.types.count)
    isInMemory = .init(repeating: true, count: laidOut.graph.types.count)
    for (index, node) in graph.nodes.enumerated() {
      for output in node.outputs { producer[output.index] = index }
      if isMember(node) { isInMemory[node.outputs[0].index] = false }
    }
    for node in graph.nodes where !isMember(node) {
      for input in node.inputs { isInMemory[input.index] = true }
    }
    for result in graph.results { isInMemory[result.index] = true }
  }

  private func domain(_ value: Value) -> Domain {
    Domain(type: graph.type(value), layout: layouts[value.index])
  }

  // MARK: Grouping

  mutating func formGroups() {
    for (index, node) in graph.nodes.enumerated() {
      guard isMember(node) else {
        unitOfNode[index] = units.count
        units.append(Unit(members: [index], domain: nil, needs: unitsNeeded(by: node.inputs)))
        continue
      }
      let domain = domain(node.outputs[0])
      let needs = unitsNeeded(by: node.inputs)
      // The latest group is the one most likely to be joinable.
      let joined = needs.sorted(by: >).first { canJoin($0, needs: needs, domain: domain) }
      if let joined {
        add(index, to: joined, needs)
        // Through the node its other operands' groups may become one with this one.
        for other in needs.sorted(by: >) where other != joined && canMerge(other, into: joined) {
          merge(other, into: joined)
        }
      } else {
        unitOfNode[index] = units.count
        units.append(
          Unit(
            members: [index], domain: domain, needs: needs, slotCount: 1 + node.inputs.count))
      }
    }
  }

  /// Elementwise nodes that compute; constants and the like are drawn in where they are read.
  private func isMember(_ node: Graph.Node) -> Bool {
    node.op is Unary || node.op is Binary || node.op is Select
  }

  /// The node behind a value that a program reads without anyone making it first.
  private func leaf(_ value: Value, in domain: Domain) -> Graph.Node? {
    guard let index = producer[value.index] else { return nil }
    let node = graph.nodes[index]
    if node.op is Constant { return node }
    // One random number for all elements is not a number for each.
    if node.op is RandomUniform, self.domain(value) == domain { return node }
    if let broadcast = node.op as? Broadcast, self.domain(value) == domain,
      broadcast.alignment(of: graph.type(node.inputs[0]), layout: domain.layout) != nil
    {
      return node
    }
    return nil
  }

  private func unitsNeeded(by values: [Value]) -> Set<Int> {
    var needs: Set<Int> = []
    for value in values {
      if let index = producer[value.index] {
        needs.insert(unitOfNode[index])
        // A broadcast may be drawn in, and then its own operand is needed directly.
        if graph.nodes[index].op is Broadcast {
          needs.formUnion(unitsNeeded(by: graph.nodes[index].inputs))
        }
      }
    }
    return needs
  }

  private func canJoin(_ group: Int, needs: Set<Int>, domain: Domain) -> Bool {
    guard units[group].domain == domain,
      units[group].slotCount + 4 < ElementwiseProgram.maximumSlots
    else { return false }
    var visited: Set<Int> = [group]
    return !needs.contains { $0 != group && reaches(group, from: $0, &visited) }
  }

  private mutating func add(_ node: Int, to group: Int, _ needs: Set<Int>) {
    unitOfNode[node] = group
    units[group].members.append(node)
    units[group].needs.formUnion(needs.subtracting([group]))
    units[group].slotCount += 1 + graph.nodes[node].inputs.count
  }

  /// Whether a group that another needs can become part of it: none of the other units that it
  /// needs may need the first.
  private func canMerge(_ group: Int, into other: Int) -> Bool {
    guard units[group].domain != nil, units[group].domain == units[other].domain,
      units[group].slotCount + units[other].slotCount < ElementwiseProgram.maximumSlots
    else { return false }
    var visited: Set<Int> = [group]
    return !units[other].needs.contains { $0 != group && reaches(group, from: $0, &visited) }
  }

  private mutating func merge(_ group: Int, into other: Int) {
    for member in units[group].members { unitOfNode[member] = other }
    units[other].members = (units[other].members + units[group].members).sorted()
    units[other].needs.formUnion(units[group].needs)
    units[other].needs.remove(group)
    units[other].slotCount += units[group].slotCount
    units[group] = Unit(members: [], domain: nil)
    for unit in units.indices where units[unit].needs.remove(group) != nil {
      units[unit].needs.insert(other)
    }
  }

  /// Whether a unit needs another, directly or not.
  private func reaches(_ target: Int, from start: Int, _ visited: inout Set<Int>) -> Bool {
    var stack = [start]
    while let unit = stack.popLast() {
      guard visited.insert(unit).inserted else { continue }
      if units[unit].needs.contains(target) { return true }
      stack.append(contentsOf: units[unit].needs)
    }
    return false
  }

  // MARK: Emission

  func emitted() -> LaidOutGraph {
    var result = graph
    result.nodes = []
    let readOutside = valuesReadOutsideTheirUnit()
    for unit in order() where !units[unit].members.isEmpty {
      if let domain = units[unit].domain {
        guard !neededMembers(of: units[unit], readOutside).isEmpty else { continue }
        result.nodes.append(program(of: units[unit], domain, readOutside))
      } else {
        result.nodes.append(graph.nodes[units[unit].members[0]])
      }
    }
    return LaidOutGraph(graph: result.withoutDeadNodes, layouts: layouts)
  }

  /// The units so that each stands behind those it needs, otherwise as early as its last member.
  private func order() -> [Int] {
    var done = [Bool](repeating: false, count: units.count)
    var order: [Int] = []
    let byLast = units.indices.sorted {
      (units[$0].members.last ?? 0) < (units[$1].members.last ?? 0)
    }
    for start in byLast {
      var stack = [start]
      while let unit = stack.last {
        let open = done[unit] ? [] : units[unit].needs.filter { !done[$0] }
        if open.isEmpty {
          stack.removeLast()
          if !done[unit] { order.append(unit) }
          done[unit] = true
        } else {
          stack.append(contentsOf: open.sorted(by: >))
        }
      }
    }
    return order
  }

  private func valuesReadOutsideTheirUnit() -> Set<Value> {
    var read = Set(graph.results)
    for (index, node) in graph.nodes.enumerated() {
      for input in node.inputs {
        guard let maker = producer[input.index], unitOfNode[maker] != unitOfNode[index] else {
          continue
        }
        if isMember(node), recomputed(input, in: domain(node.outputs[0])) != nil { continue }
        read.insert(input)
      }
    }
    return read
  }

  /// The node behind a value of another unit that is made anew rather than kept in memory from there
  /// to here: a cheap function of one tensor that is in memory in any case, such as its distance from
  /// a channel's mean.
  private func recomputed(_ value: Value, in domain: Domain) -> Graph.Node? {
    guard recomputes, self.domain(value) == domain, !isInMemory[value.index],
      let index = producer[value.index], isCheap(graph.nodes[index].op)
    else { return nil }
    var tensors: Set<Value> = []
    for input in graph.nodes[index].inputs {
      if let leaf = leaf(input, in: domain), !(leaf.op is RandomUniform) { continue }
      guard self.domain(input) == domain, isInMemory[input.index] else { return nil }
      tensors.insert(input)
    }
    return tensors.count == 1 ? graph.nodes[index] : nil
  }

  private func isCheap(_ op: any Op) -> Bool {
    if let op = op as? Unary { return [.negate, .square, .step, .relu].contains(op.function) }
    if let op = op as? Binary {
      return [.add, .subtract, .multiply, .greater, .greaterEqual].contains(op.function)
    }
    return false
  }

  private func program(
    of unit: Unit, _ domain: Domain, _ readOutside: Set<Value>
  ) -> Graph.Node {
    var builder = ProgramBuilder(type: domain.type)
    let members = neededMembers(of: unit, readOutside)
    var lastRead: [Value: Int] = [:]
    for (place, node) in members.enumerated() {
      for input in node.inputs { lastRead[input] = place }
    }
    for (place, node) in members.enumerated() {
      let operands = node.inputs.map { slot(of: $0, domain, &builder) }
      let value = node.outputs[0]
      let isOutput = readOutside.contains(value)
      builder.step(function(node.op), operands, result: value, isOutput: isOutput)
      for input in Set(node.inputs) where lastRead[input] == place { builder.release(input) }
    }
    return builder.node(scope: members.last?.scope ?? "")
  }

  /// Without those whose results others make anew.
  private func neededMembers(of unit: Unit, _ readOutside: Set<Value>) -> [Graph.Node] {
    var needed = readOutside
    var members: [Graph.Node] = []
    for index in unit.members.reversed() where needed.contains(graph.nodes[index].outputs[0]) {
      members.append(graph.nodes[index])
      needed.formUnion(graph.nodes[index].inputs)
    }
    return members.reversed()
  }

  private func function(_ op: any Op) -> ElementwiseProgram.Step.Function {
    if let op = op as? Unary { return .unary(op.function) }
    if let op = op as? Binary { return .binary(op.function) }
    return .select
  }

  private func slot(of value: Value, _ domain: Domain, _ builder: inout ProgramBuilder) -> Int {
    if let slot = builder.slot(of: value) { return slot }
    if let node = recomputed(value, in: domain) {
      let operands = node.inputs.map { self.slot(of: $0, domain, &builder) }
      return builder.step(function(node.op), operands, result: value, isOutput: false)
    }
    guard let leaf = leaf(value, in: domain) else {
      return builder.input(value, self.domain(value) == domain ? .same : .scalar)
    }
    if let constant = leaf.op as? Constant { return builder.constant(constant.value, for: value) }
    if let random = leaf.op as? RandomUniform { return builder.uniform(random.stream, for: value) }
    let source = leaf.inputs[0]
    if let index = producer[source.index], let constant = graph.nodes[index].op as? Constant {
      return builder.constant(constant.value, for: value)
    }
    let alignment =
      (leaf.op as? Broadcast)?.alignment(of: graph.type(source), layout: domain.layout) ?? .same
    return builder.input(source, alignment, for: value)
  }
}

/// Collects the slots and steps of one program.
private struct ProgramBuilder {
  let type: ValueType
  private var slots: [ElementwiseProgram.Slot] = []
  private var steps: [ElementwiseProgram.Step] = []
  private var slotOfValue: [Value: Int] = [:]
  private var inputs: [Value] = []
  private var outputs: [Value] = []
  private var freeTemporaries: [Int] = []
  private var slotOfSlot: [ElementwiseProgram.Slot: Int] = [:]

  init(type: ValueType) {
    self.type = type
  }

  func slot(of value: Value) -> Int? { slotOfValue[value] }

  mutating func input(_ source: Value, _ alignment: Alignment, for value: Value? = nil) -> Int {
    let place = inputs.firstIndex(of: source) ?? inputs.count
    if place == inputs.count { inputs.append(source) }
    return shared(.input(place, alignment), for: value ?? source)
  }

  mutating func constant(_ constant: Float, for value: Value) -> Int {
    shared(.constant(constant), for: value)
  }

  mutating func uniform(_ stream: UInt64, for value: Value) -> Int {
    shared(.uniform(stream), for: value)
  }

  /// One slot for all that read the same thing.
  private mutating func shared(_ slot: ElementwiseProgram.Slot, for value: Value) -> Int {
    let index = slotOfSlot[slot] ?? slots.count
    if index == slots.count { slots.append(slot) }
    slotOfSlot[slot] = index
    slotOfValue[value] = index
    return index
  }

  @discardableResult
  mutating func step(
    _ function: ElementwiseProgram.Step.Function, _ operands: [Int], result: Value, isOutput: Bool
  ) -> Int {
    let slot: Int
    if isOutput {
      slot = slots.count
      slots.append(.output(outputs.count))
      outputs.append(result)
    } else if let free = freeTemporaries.popLast() {
      slot = free
    } else {
      slot = slots.count
      slots.append(.temporary)
    }
    slotOfValue[result] = slot
    steps.append(.init(function, result: slot, operands: operands))
    return slot
  }

  /// Lets another step take the temporary of a value that is read no more.
  mutating func release(_ value: Value) {
    guard let slot = slotOfValue[value], slots[slot] == .temporary else { return }
    slotOfValue[value] = nil
    freeTemporaries.append(slot)
  }

  func node(scope: String) -> Graph.Node {
    Graph.Node(
      op: ElementwiseProgram(
        slots: slots, steps: steps, type: type, outputCount: outputs.count),
      inputs: inputs, outputs: outputs, scope: scope)
  }
}
