import NNDiagnostics
package import NNYAML

/// The keys of a model file, in the order people write them.
package let topLevelKeys = [
  "nnc", "name", "description", "seed", "vars", "data", "blocks", "model", "loss", "optimizer",
  "train", "metrics", "checkpoint",
]

/// Words that the language has and this version does not build.
private let wordsToCome = ["extends"]

extension Reader {
  /// Reads all of a model file but its data section, once its variables and blocks are put in
  /// (see ``expanded(_:)``).
  ///
  /// - Returns: nil after reporting where a part could not be read.
  package mutating func readModel(_ root: YAMLNode) -> ModelSpec? {
    guard let file = root.mapping else {
      return wrongType(root, "a mapping with the keys \(listed(topLevelKeys))")
    }
    let before = diagnostics.count
    let misspelt = checkTopLevel(file)
    checkVersion(file["nnc"], at: root.range)
    let name = file["name"].flatMap { readName($0) }
    let description = file["description"].flatMap { String.read($0, &self) }
    let seed = file["seed"].flatMap { read(Int.self, $0, range: .anySeed) } ?? 0
    func required(_ key: String, _ reader: inout Reader) -> YAMLNode? {
      if file[key] == nil, !misspelt.contains(key) { reader.missing(key, root) }
      return file[key]
    }
    let model = required("model", &self)
    let layers = model.flatMap { readLayers($0) }
    let losses = required("loss", &self).flatMap { readLosses($0) }
    let optimizer = required("optimizer", &self).flatMap { readOptimizer($0) }
    let train = readOptional("train", TrainSpec.self, in: file)
    if !misspelt.contains("train") { checkLength(train, file["train"]?.range ?? root.range.empty) }
    let metrics = file["metrics"].map { readMetrics($0) } ?? []
    let checkpoint = readOptional("checkpoint", CheckpointSpec.self, in: file)
    _ = required("data", &self)
    guard let layers, let optimizer = optimizer ?? standInOptimizer else { return nil }
    let noLoss = LossSpec(loss: nil, target: nil, from: nil, weight: 1, range: root.range)
    return ModelSpec(
      name: name ?? "model", description: description, seed: seed, layers: layers,
      losses: losses ?? [noLoss], optimizer: optimizer, train: train ?? TrainSpec(),
      metrics: metrics, checkpoint: checkpoint ?? CheckpointSpec(),
      modelRange: model?.range ?? root.range,
      hasStandIns: diagnostics[before...].contains { $0.severity == .error })
  }

  /// What takes the place of an optimizer with mistakes in it.
  private var standInOptimizer: OptimizerSpec? {
    let types = catalogue.optimizers.entries.lazy.compactMap { $0.type as? any Optimizer.Type }
    return types.first.map {
      OptimizerSpec(
        optimizer: $0.init(), schedules: .init(), clipNorm: nil, clipValue: nil, l1: 0, l2: 0)
    }
  }

  /// Reports keys that nothing reads, and returns those that were probably meant.
  private mutating func checkTopLevel(_ file: YAMLMapping) -> Set<String> {
    var misspelt: Set<String> = []
    for entry in file.entries where !topLevelKeys.contains(entry.key) {
      if wordsToCome.contains(entry.key) {
        error(
          "not-built", "'\(entry.key)' is part of the language, but this version does not build it",
          at: entry.keyRange, help: "Write the values out for now.")
      } else {
        let meant = unknownField(entry, owner: "a model file", among: topLevelKeys)
        if let meant { misspelt.insert(meant) }
      }
    }
    return misspelt
  }

  private mutating func checkVersion(_ node: YAMLNode?, at range: SourceRange) {
    guard let node else {
      error(
        "missing-field", "the file does not say which version of the language it is in",
        at: range.empty, help: "Begin it with nnc: 1.")
      return
    }
    guard node.scalar?.value != .int(1) else { return }
    error(
      "unknown-version", "this nnc reads version 1 of the language, not \(node.described)",
      at: node.range, help: "Write nnc: 1.")
  }

  private mutating func readName(_ node: YAMLNode) -> String? {
    guard let name = String.read(node, &self) else { return nil }
    let isPlain = name.unicodeScalars.allSatisfy { scalar in
      scalar.properties.isAlphabetic || ("0"..."9").contains(scalar)
        || "-_.".unicodeScalars.contains(scalar)
    }
    guard isPlain, let first = name.first, first != ".", name.utf8.count <= 100 else {
      error(
        "bad-name", "'\(name.prefix(40))' cannot be the name of a run's folder", at: node.range,
        help: "Use letters, digits, '-', '_' and '.', not first a dot, at most 100 of them.")
      return nil
    }
    return name
  }

  private mutating func missing(_ key: String, _ root: YAMLNode) {
    error(
      "missing-field", "the file has no '\(key)'", at: root.range.empty, help: requiredHelp[key])
  }

  private mutating func readOptional<S: Section>(
    _ key: String, _ type: S.Type, in file: YAMLMapping
  ) -> S? {
    guard let node = file[key] else { return readDefaults(type, owner: "'\(key)'", at: .beginning) }
    guard let mapping = node.mapping else {
      return wrongType(node, "a mapping of the fields \(listed(S.fields.map(\.name)))")
    }
    return readSection(type, mapping, owner: "'\(key)'", at: node.range)
  }

  private mutating func checkLength(_ train: TrainSpec?, _ range: SourceRange) {
    guard let train, train.epochs == nil, train.steps == nil else { return }
    error(
      "missing-field", "nothing says how long to train", at: range,
      help: "Give train: {epochs: …} or train: {steps: …}.")
  }

  // MARK: Losses

  private mutating func readLosses(_ node: YAMLNode) -> [LossSpec]? {
    guard let entries = node.sequence else { return readLoss(node).map { [$0] } }
    guard !entries.isEmpty else {
      error(
        "missing-kind", "the list of losses is empty", at: node.range, help: requiredHelp["loss"])
      return nil
    }
    return entries.map { entry in
      readLoss(entry) ?? LossSpec(loss: nil, target: nil, from: nil, weight: 1, range: entry.range)
    }
  }

  private mutating func readLoss(_ node: YAMLNode) -> LossSpec? {
    guard
      let read = readKind(node, catalogue.losses, neighbours: ["target", "weight", "from"])
    else { return nil }
    let weight =
      read.neighbours["weight"].map { self.read(Double.self, $0, range: .positive) } ?? 1
    guard let weight else { return nil }
    return LossSpec(
      loss: read.instance, target: read.neighbours["target"].flatMap { readReference($0) },
      from: read.neighbours["from"].flatMap { readReferences($0) }, weight: weight,
      range: read.wordRange)
  }

  package mutating func readReference(_ node: YAMLNode) -> Reference? {
    guard let name = String.read(node, &self) else { return nil }
    return Reference(name: name, range: node.range)
  }

  /// A name, or a list of them.
  mutating func readReferences(_ node: YAMLNode) -> [Reference]? {
    guard let nodes = node.sequence else { return readReference(node).map { [$0] } }
    let references = nodes.compactMap { readReference($0) }
    return references.count == nodes.count ? references : nil
  }

  // MARK: Optimizer

  private mutating func readOptimizer(_ node: YAMLNode) -> OptimizerSpec? {
    let neighbours = scheduleKeys.union(wrapperKeys)
      .union(["clip_norm", "clip_value", "l1", "l2"])
    guard let read = readKind(node, catalogue.optimizers, neighbours: neighbours) else {
      return nil
    }
    var isComplete = true
    func number(_ key: String, _ bounds: Bounds, _ reader: inout Reader) -> Double? {
      guard let node = read.neighbours[key] else { return nil }
      let value = reader.read(Double.self, node, range: bounds)
      isComplete = isComplete && value != nil
      return value
    }
    let schedules = readSchedules(read.neighbours, of: read.instance, read.word)
    let clipNorm = number("clip_norm", .positive, &self)
    let clipValue = number("clip_value", .positive, &self)
    let l1 = number("l1", .atLeast(0), &self) ?? 0
    let l2 = number("l2", .atLeast(0), &self) ?? 0
    guard let schedules else { return nil }
    let spec = readWrappers(
      of: read,
      into: OptimizerSpec(
        optimizer: read.instance, schedules: schedules, clipNorm: clipNorm, clipValue: clipValue,
        l1: l1, l2: l2))
    return isComplete ? spec : nil
  }
}

private let requiredHelp = [
  "data": "Say where the data is: data: {source: file.csv, inputs: {…}, targets: {…}}.",
  "model": "List its layers: model: [{dense: 16}, …].",
  "loss": "Say what to make small, such as loss: mse or loss: cross_entropy.",
  "optimizer": "Say how to train, such as optimizer: {adam: {lr: 1e-3}}.",
]

extension SourceRange {
  /// Its first character's place, for what is missing there.
  fileprivate var empty: SourceRange { SourceRange(start, start) }
}
