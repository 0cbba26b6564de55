import NNDiagnostics
package import NNGraph
import NNTensor

extension Reader {
  /// Makes a graph of a model and reports everything that does not fit together.
  ///
  /// - schema: what the data gives; inputs without a known shape are left out of shape
  ///   checks.
  package mutating func lower(
    _ spec: ModelSpec, _ schema: DataSchema, mode: LoweringMode
  ) -> LoweredModel? {
    var walk = Lowering(spec, schema, mode, reader: self)
    let result = walk.run()
    self = walk.reader
    return result
  }
}

/// Walks the layers of a model and builds its graph.
struct Lowering {
  let spec: ModelSpec
  let schema: DataSchema
  var reader: Reader
  var g: GraphBuilder
  var layers: [LoweredModel.LayerSummary] = []
  /// Everything with an output, and whether anyone took it.
  var uses: [(reference: Reference, what: String, isUsed: Bool)] = []
  /// The last layer that is as wide as a target, by target.
  var heads: [String: (slot: Slot, use: Int)] = [:]
  let targets: [String: TargetType]
  /// What no model of today passes.
  private static let mostLayers = 10_000
  /// Whether a layer or loss could not be read, or names nothing that is there. Then nobody can
  /// say what it would have taken, and nothing is called unused.
  var hasLostUses = false
  var hasUnreadableLayers = false
  /// Whether the name of a layer could not be read, so that a name nobody knows may be its.
  var hasLostNames = false

  init(_ spec: ModelSpec, _ schema: DataSchema, _ mode: LoweringMode, reader: Reader) {
    self.spec = spec
    self.schema = schema
    self.reader = reader
    g = GraphBuilder(isTraining: mode == .training)
    targets = Dictionary(
      schema.targets.map { ($0.name, $0.type) }, uniquingKeysWith: { first, _ in first })
  }

  mutating func run() -> LoweredModel? {
    let before = reader.diagnostics.count
    var scope = Scope()
    for input in schema.inputs {
      let slot: Slot =
        input.shape.map {
          .value(
            g.input(input.name, ValueType($0, isBatched: true, dataType: input.dataType)))
        } ?? .unknown
      let reference = Reference(name: input.name, range: input.range)
      scope.define(.init(reference: reference, slot: slot, use: uses.count))
      uses.append((reference, "input", false))
    }
    let start = schema.inputs.count == 1 ? scope.named.first : nil
    let end = walk(spec.layers, from: start, &scope, path: "", depth: 0, isFrozen: false)
    let model = lowerLosses(end, scope)
    reportUnused()
    let hasErrors = reader.diagnostics[before...].contains { $0.severity == .error }
    return hasErrors ? nil : model
  }

  // MARK: Walking

  /// Lowers a list of layers.
  ///
  /// - previous: what the first layer takes unless it says otherwise.
  ///
  /// Returns what the last layer gives.
  mutating func walk(
    _ list: [LayerSpec], from previous: Scope.Named?, _ scope: inout Scope, path: String,
    depth: Int, isFrozen: Bool
  ) -> Scope.Named? {
    let outer = scope.upcoming
    defer { scope.upcoming = outer }
    var previous = previous
    var seen: [String: Reference] = [:]
    for (index, layer) in list.enumerated() {
      if layer.id.name.isEmpty {
        hasLostNames = true
      } else if let first = seen.updateValue(layer.id, forKey: layer.id.name) {
        reader.error(
          "duplicate-id", "two layers are called '\(layer.id.name)'", at: layer.id.range,
          help: "Give one of them another id.",
          notes: [.init("the first one", at: first.range)])
      } else if schema.inputs.contains(where: { $0.name == layer.id.name }) {
        reader.error(
          "duplicate-id", "'\(layer.id.name)' is the name of an input already",
          at: layer.id.range, help: "Give the layer another id.")
      }
      scope.upcoming = outer + list[index...].map(\.id)
      let inputs = inputs(of: layer, previous, scope)
      let inner = path.isEmpty ? layer.id.name : "\(path).\(layer.id.name)"
      let slot = lower(
        layer, inputs, &scope, path: inner, depth: depth, isFrozen: isFrozen || layer.isFrozen)
      let named = Scope.Named(reference: layer.id, slot: slot, use: uses.count)
      uses.append((layer.id, "layer", false))
      if case .several = slot { uses[named.use].isUsed = true }
      if case .layer(let kind) = layer.content, let target = kind.predictedTarget,
        targets[target] != nil
      {
        heads[target] = (slot, named.use)
      }
      scope.define(named)
      previous = named
    }
    return previous
  }

  /// The values a layer takes; nil in place of those that are not known.
  private mutating func inputs(
    of layer: LayerSpec, _ previous: Scope.Named?, _ scope: Scope
  ) -> [Value?] {
    guard let references = layer.from else {
      if case .unreadable = layer.content { return [nil] }
      guard let previous else {
        hasLostUses = true
        reader.error(
          "missing-from", "'\(layer.word)' does not say which input it takes", at: layer.range,
          help: "Write from: and one of \(listed(schema.inputs.map(\.name))) beside it.")
        return [nil]
      }
      if let head = heads.first(where: { $0.value.use == previous.use }) {
        reader.warning(
          "stacked-head",
          "'\(layer.word)' takes what predicts the target '\(head.key)' as its input",
          at: layer.range,
          help: "If another layer is meant, name it with from:; if not, say so with from: "
            + "\(previous.reference.name).")
      }
      return [take(previous, for: layer.range)]
    }
    return references.map { reference in
      resolve(reference, scope).flatMap { take($0, for: reference.range) }
    }
  }

  /// Marks something as used and gives its value.
  mutating func take(_ named: Scope.Named, for range: SourceRange) -> Value? {
    uses[named.use].isUsed = true
    switch named.slot {
    case .value(let value): return value
    case .unknown: return nil
    case .several(let branch, let ends):
      for end in ends { uses[end].isUsed = true }
      reader.error(
        "ambiguous-input", "the branch above has several ends, and one must be chosen",
        at: range, help: "Join them with concat, add or multiply, or name one with from:.",
        notes: [.init("the branch", at: branch.range)])
      return nil
    }
  }

  /// Finds what a reference names, or reports why it cannot.
  mutating func resolve(_ reference: Reference, _ scope: Scope) -> Scope.Named? {
    if let found = scope.find(reference.name) { return found }
    hasLostUses = true
    if hasLostNames { return nil }
    if let later = scope.upcoming.first(where: { $0.name == reference.name }) {
      reader.error(
        "reference-cycle", "'\(reference.name)' stands further down, and data flows downwards",
        at: reference.range, help: "A layer can take only what stands above it.",
        notes: [.init("it is made here", at: later.range)])
      return nil
    }
    let suggestion = nearest(to: reference.name, among: scope.names)
    reader.error(
      "unknown-reference", "nothing above is called '\(reference.name)'", at: reference.range,
      label: suggestion.map(didYouMean),
      help: suggestion == nil ? "There are \(listed(scope.names))." : nil)
    return nil
  }

  // MARK: Layers

  private mutating func lower(
    _ layer: LayerSpec, _ inputs: [Value?], _ scope: inout Scope, path: String, depth: Int,
    isFrozen: Bool
  ) -> Slot {
    let place = layers.count
    guard place < Lowering.mostLayers else {
      if place == Lowering.mostLayers {
        reader.error(
          "too-many-layers", "the model has more than \(Lowering.mostLayers) layers",
          at: layer.range,
          help: "Those of 'repeat' count each time.")
        layers.append(.init(path: path, word: layer.word, depth: depth, shape: nil))
      }
      return .unknown
    }
    layers.append(.init(path: path, word: layer.word, depth: depth, shape: nil))
    let slot: Slot
    switch layer.content {
    case .layer(let kind):
      slot = lower(kind, layer, inputs, path: path, isFrozen: isFrozen)
    case .residual(let inner, let projects):
      slot = lowerResidual(
        layer, inner, projects, inputs, scope, path: path, depth: depth, isFrozen: isFrozen)
    case .repeated(let times, let inner):
      slot = lowerRepeat(
        times, inner, single(inputs, layer), layer, scope, path: path, depth: depth,
        isFrozen: isFrozen)
    case .branch(let paths):
      slot = lowerBranch(
        layer, paths, single(inputs, layer), &scope, path: path, depth: depth,
        isFrozen: isFrozen)
    case .unreadable:
      hasUnreadableLayers = true
      hasLostUses = true
      slot = .unknown
    }
    if case .value(let value) = slot {
      layers[place] = .init(
        path: path, word: layer.word, depth: depth, shape: g.shape(value))
    }
    return slot
  }

  private mutating func lower(
    _ kind: any Layer, _ layer: LayerSpec, _ inputs: [Value?], path: String, isFrozen: Bool
  ) -> Slot {
    if let target = kind.predictedTarget, targets[target] == nil {
      let suggestion = nearest(to: target, among: schema.targets.map(\.name))
      reader.error(
        "unknown-target", "the data has no target '\(target)'", at: layer.valueRange,
        label: suggestion.map(didYouMean),
        help: suggestion == nil
          ? "Write a number of units, or one of \(listed(schema.targets.map(\.name)))." : nil)
      return .unknown
    }
    let known = inputs.compactMap { $0 }
    guard known.count == inputs.count else { return .unknown }
    if kind.ownReferences == nil, known.count != 1 {
      reader.error(
        "ambiguous-input", "'\(layer.word)' takes one input, found \(known.count)",
        at: layer.from?.first?.range ?? layer.range,
        help: "Join them first with concat, add or multiply.")
      return .unknown
    }
    if known.contains(where: { g.type($0).dataType == .int32 }) {
      reader.error(
        "index-input",
        "'\(layer.word)' computes with numbers, and its input is the index of a class",
        at: layer.range, help: "Give the input encode: one_hot in the data section.")
      return .unknown
    }
    var builder = LayerBuilder(
      g: g, path: path, targets: targets, seed: UInt64(spec.seed), isFrozen: isFrozen)
    builder.g.scope = path
    // Two owners would have the graph copied at every layer.
    g = GraphBuilder(isTraining: false)
    defer {
      g = builder.g
      g.scope = ""
    }
    do {
      let value = try kind.lower(known, &builder)
      try builder.checkSizes(value)
      return .value(value)
    } catch {
      // A width that is not known yet, of a target whose data was not read, is no one's mistake.
      if error != ShapeError.unknown { report(error, "shape-mismatch", at: layer.range) }
      return .unknown
    }
  }

  mutating func report(_ error: ShapeError, _ code: String, at range: SourceRange) {
    reader.error(code, error.message, at: range, help: error.help)
  }

  /// The one value a structure takes.
  private mutating func single(_ inputs: [Value?], _ layer: LayerSpec) -> Slot {
    guard inputs.count == 1 else {
      reader.error(
        "ambiguous-input", "'\(layer.word)' takes one input, found \(inputs.count)",
        at: layer.range)
      return .unknown
    }
    return inputs[0].map { .value($0) } ?? .unknown
  }

  // MARK: Structures

  private mutating func lowerResidual(
    _ layer: LayerSpec, _ inner: [LayerSpec], _ projects: Bool, _ inputs: [Value?],
    _ scope: Scope, path: String, depth: Int, isFrozen: Bool
  ) -> Slot {
    let start = single(inputs, layer)
    var innerScope = scope
    let end = walk(
      inner, from: anonymous(start, layer), &innerScope, path: path, depth: depth + 1,
      isFrozen: isFrozen)
    guard let end, let result = take(end, for: layer.range), case .value(let x) = start else {
      return .unknown
    }
    var shortcut = x
    if projects {
      var builder = LayerBuilder(
        g: g, path: "\(path).project", targets: targets, seed: UInt64(spec.seed),
        isFrozen: isFrozen)
      builder.g.scope = path
      do {
        shortcut = try builder.projection(of: x, to: g.shape(result))
      } catch {
        report(error, "shape-mismatch", at: layer.range)
        return .unknown
      }
      g = builder.g
    }
    guard g.type(shortcut) == g.type(result) else {
      report(
        ShapeError(
          "a residual adds its input \(g.shape(x)) to its layers' result \(g.shape(result))",
          help: projects
            ? nil : "Make them the same, or ask for a learned projection with project: true."),
        "shape-mismatch", at: layer.range)
      return .unknown
    }
    g.scope = path
    defer { g.scope = "" }
    return .value(g.elementwise(.value(shortcut) + .value(result)))
  }

  private mutating func lowerRepeat(
    _ times: Int, _ inner: [LayerSpec], _ start: Slot, _ layer: LayerSpec, _ scope: Scope,
    path: String, depth: Int, isFrozen: Bool
  ) -> Slot {
    var current = start
    for index in 0..<times {
      let before = reader.diagnostics.count
      var innerScope = scope
      let end = walk(
        inner, from: anonymous(current, layer), &innerScope, path: "\(path).\(index)",
        depth: depth + 1, isFrozen: isFrozen)
      current = end.flatMap { take($0, for: layer.range) }.map { .value($0) } ?? .unknown
      // What is wrong once is wrong every time; once is enough to say it.
      if reader.diagnostics.count > before { return .unknown }
    }
    return current
  }

  private mutating func lowerBranch(
    _ layer: LayerSpec, _ paths: [LayerSpec.Path], _ start: Slot, _ scope: inout Scope,
    path: String, depth: Int, isFrozen: Bool
  ) -> Slot {
    var ends: [Scope.Named] = []
    for branch in paths {
      if scope.find(branch.name.name) != nil {
        reader.error(
          "duplicate-id", "'\(branch.name.name)' is the name of something above already",
          at: branch.name.range, help: "Call the path something else.")
      }
      var innerScope = scope
      let end = walk(
        branch.layers, from: anonymous(start, layer), &innerScope,
        path: "\(path).\(branch.name.name)", depth: depth + 1, isFrozen: isFrozen)
      let slot = end.flatMap { take($0, for: branch.name.range) }.map { Slot.value($0) }
      ends.append(.init(reference: branch.name, slot: slot ?? .unknown, use: uses.count))
      uses.append((branch.name, "path", false))
    }
    for end in ends { scope.define(end) }
    return .several(Reference(name: layer.id.name, range: layer.range), ends: ends.map(\.use))
  }

  /// A start of an inner list, whose use is recorded where it was taken.
  private mutating func anonymous(_ slot: Slot, _ layer: LayerSpec) -> Scope.Named {
    uses.append((layer.id, "start", true))
    return .init(reference: layer.id, slot: slot, use: uses.count - 1)
  }

  private mutating func reportUnused() {
    for use in uses where !use.isUsed && !hasLostUses {
      reader.error(
        "unused-\(use.what)", "nothing takes the \(use.what) '\(use.reference.name)'",
        at: use.reference.range,
        help: use.what == "input"
          ? "Take it with from:, or remove it from the data section."
          : "Take it with from:, give it a loss, or remove it.")
    }
  }
}

extension LayerBuilder {
  /// Throws where a layer's result or one of its parameters has more elements than any machine
  /// could hold, before anyone multiplies its sizes.
  fileprivate func checkSizes(_ result: Value) throws(ShapeError) {
    let own = g.graph.parameters.reversed().prefix { $0.name.hasPrefix("\(path).") }
    for value in [result] + own.map(\.value) {
      var count = 1
      for size in shape(value).sizes {
        let (product, overflows) = count.multipliedReportingOverflow(by: size)
        count = overflows ? .max : product
      }
      guard count > 1 << 31 else { continue }
      throw ShapeError("\(shape(value)) has more elements than a tensor can, 2³¹")
    }
  }
}

extension ShapeError {
  /// Thrown where a width depends on data that was not read; never shown.
  package static let unknown = ShapeError("the width is not known before the data is read")
}
