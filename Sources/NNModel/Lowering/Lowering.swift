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
  /// How wide the losses want targets to be predicted.
  private let targetWidths: [String: Int]
  /// What layers compute with of their parameters, by name.
  private var parameters: [String: Value] = [:]
  /// Of inputs that are indices how many different ones there are.
  private var classCounts: [Value: Int?] = [:]
  /// The shares of a mixed sample and its partner, times their weights.
  var mixedShares: (own: Value, partner: Value)?
  /// What layers add to each sample's loss.
  private(set) var sampleLosses: [Value] = []
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
    targetWidths = Dictionary(
      spec.targetLosses.compactMap { loss in
        let name = loss.target?.name ?? (schema.targets.count == 1 ? schema.targets[0].name : nil)
        let target = schema.targets.first { $0.name == name }
        return target.flatMap { target in
          loss.loss?.width(of: target.type).map { (target.name, $0) }
        }
      }, uniquingKeysWith: { first, _ in first })
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
      if case .value(let value) = slot, input.dataType == .int32 {
        classCounts.updateValue(input.classes, forKey: value)
      }
      scope.define(.init(reference: reference, slot: slot, use: uses.count, path: nil))
      uses.append((reference, "input", false))
    }
    let start = schema.inputs.count == 1 ? scope.named.first : nil
    let end = walk(spec.layers, from: start, &scope, path: "", depth: 0, in: LayerPlace())
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
    depth: Int, in place: LayerPlace
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
      // A block takes nothing itself: its layers do.
      let isBlock = if case .block = layer.content { true } else { false }
      let inputs = isBlock ? [] : inputs(of: layer, previous, scope)
      let start = isBlock ? start(of: layer, previous, scope) : nil
      let inner = path.isEmpty ? layer.id.name : "\(path).\(layer.id.name)"
      let own = self.place(of: layer, path: inner, in: place, scope)
      let slot = lower(layer, inputs, start, &scope, path: inner, depth: depth, in: own)
      let named = Scope.Named(reference: layer.id, slot: slot, use: uses.count, path: inner)
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
    let further = layer.further.map { reference in
      resolve(reference, scope).flatMap { take($0, for: reference.range) }
    }
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
      return [take(previous, for: layer.range)] + further
    }
    return references.map { reference in
      resolve(reference, scope).flatMap { take($0, for: reference.range) }
    } + further
  }

  /// What a layer's place says about its parameters, with what those around it say.
  private mutating func place(
    of layer: LayerSpec, path: String, in outer: LayerPlace, _ scope: Scope
  ) -> LayerPlace {
    var place = outer
    place.isFrozen = outer.isFrozen || layer.isFrozen
    place.normalisation = layer.normalisation ?? outer.normalisation
    if let reference = layer.tie, let other = resolve(reference, scope) {
      guard let otherPath = other.path else {
        reader.error(
          "shape-mismatch", "'\(reference.name)' is an input and has nothing to share",
          at: reference.range, help: "Tie a layer to another layer.")
        return place
      }
      place.ties.insert(.init(own: path, other: otherPath), at: 0)
    }
    return place
  }

  /// Marks something as used and gives its value.
  mutating func take(_ named: Scope.Named, for range: SourceRange) -> Value? {
    uses[named.use].isUsed = true
    switch named.slot {
    case .value(let value): return value
    case .unknown: return nil
    case .several(let structure, let ends):
      for end in ends { uses[end].isUsed = true }
      reader.error(
        "ambiguous-input", "the \(structure.name) above has several ends, and one must be chosen",
        at: range, help: "Join them with concat, add or multiply, or name one with from:.",
        notes: [.init("the \(structure.name)", at: structure.range)])
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
    _ layer: LayerSpec, _ inputs: [Value?], _ start: Scope.Named?, _ scope: inout Scope,
    path: String, depth: Int, in place: LayerPlace
  ) -> Slot {
    let number = layers.count
    guard number < Lowering.mostLayers else {
      if number == Lowering.mostLayers {
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
      slot = lower(kind, layer, inputs, path: path, in: place)
    case .residual(let inner, let projects):
      slot = lowerResidual(
        layer, inner, projects, inputs, scope, path: path, depth: depth, in: place)
    case .repeated(let times, let inner):
      slot = lowerRepeat(
        times, inner, single(inputs, layer), layer, scope, path: path, depth: depth,
        in: place)
    case .branch(let paths):
      slot = lowerBranch(
        layer, paths, single(inputs, layer), &scope, path: path, depth: depth,
        in: place)
    case .split(let parts, let axis):
      slot = lowerSplit(layer, parts, axis, single(inputs, layer), &scope, path: path)
    case .block(let inner, let use):
      slot = lowerBlock(
        inner, usedAt: use, from: start, layer, scope, path: path, depth: depth, in: place)
    case .unreadable:
      hasUnreadableLayers = true
      hasLostUses = true
      slot = .unknown
    }
    if case .value(let value) = slot {
      layers[number] = .init(
        path: path, word: layer.word, depth: depth, shape: g.shape(value))
    }
    return slot
  }

  private mutating func lower(
    _ kind: any Layer, _ layer: LayerSpec, _ inputs: [Value?], path: String, in place: LayerPlace
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
    let own = known.count - layer.further.count
    if kind.ownReferences == nil, own != 1 {
      reader.error(
        "ambiguous-input", "'\(layer.word)' takes one input, found \(own)",
        at: layer.from?.first?.range ?? layer.range,
        help: "Join them first with concat, add or multiply.")
      return .unknown
    }
    if !kind.takesIndices, known.contains(where: { g.type($0).dataType == .int32 }) {
      reader.error(
        "index-input",
        "'\(layer.word)' computes with numbers, and its input is the index of a class",
        at: layer.range,
        help: "Look its vector up with embedding, or give the input encode: one_hot.")
      return .unknown
    }
    var builder = takeBuilder(path: path, place)
    defer { giveBack(&builder) }
    do throws(ShapeError) {
      let value = try kind.lower(known, &builder)
      if let problem = builder.problem { throw problem }
      try builder.checkSizes(value)
      return .value(value)
    } catch {
      // A width that is not known yet, of a target whose data was not read, is no one's mistake.
      if error != ShapeError.unknown { report(error, "shape-mismatch", at: layer.range) }
      return .unknown
    }
  }

  /// The graph so far with a layer's name and place; it must be given back.
  mutating func takeBuilder(path: String, _ place: LayerPlace) -> LayerBuilder {
    var builder = LayerBuilder(
      g: g, path: path, targets: targets, seed: UInt64(spec.seed), place: place,
      givenTensors: reader.givenTensors)
    builder.classCounts = classCounts
    builder.targetWidths = targetWidths
    // Two owners would have the graph copied at every layer.
    g = GraphBuilder(isTraining: false)
    swap(&builder.parameters, &parameters)
    return builder
  }

  mutating func giveBack(_ builder: inout LayerBuilder) {
    g = builder.g
    g.scope = ""
    builder.g = GraphBuilder(isTraining: false)
    swap(&builder.parameters, &parameters)
    sampleLosses += builder.sampleLosses
  }

  mutating func report(_ error: ShapeError, _ code: String, at range: SourceRange) {
    reader.error(code, error.message, at: range, help: error.help)
  }

  private mutating func reportUnused() {
    for use in uses where !use.isUsed && !hasLostUses {
      reader.error(
        "unused-\(use.what)", "nothing takes the \(use.what) '\(use.reference.name)'",
        at: use.reference.range,
        help: unusedHelp[use.what] ?? "Take it with from:, give it a loss, or remove it.")
    }
  }
}

extension LayerBuilder {
  /// Throws where a layer's result or one of its parameters is too large.
  fileprivate func checkSizes(_ result: Value) throws(ShapeError) {
    let own = g.graph.parameters.reversed().prefix { $0.name.hasPrefix("\(path).") }
    for value in [result] + own.map(\.value) { try checkSize(shape(value)) }
  }
}

extension ShapeError {
  /// Thrown where a width depends on data that was not read; never shown.
  package static let unknown = ShapeError("the width is not known before the data is read")
}

private let unusedHelp = [
  "input": "Take it with from:, or remove it from the data section.",
  "part": "Take it with from:, or take the others alone with slice.",
]
