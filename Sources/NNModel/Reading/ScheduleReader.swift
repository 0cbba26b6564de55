import NNDiagnostics
package import NNYAML

/// What may stand beside a schedule's word.
private let placeKeys: Set = ["steps", "warmup", "warmup_from"]

/// What may stand inside as well, because a warm-up reads like a field of the schedule.
private let warmupKeys: Set = ["warmup", "warmup_from"]

extension Reader {
  /// Reads a schedule, or a list of schedules that follow each other.
  package mutating func readSchedule(_ node: YAMLNode) -> ScheduleSpec? {
    guard let entries = node.sequence else {
      return readStage(node, isLast: true).map { ScheduleSpec(stages: [$0]) }
    }
    guard !entries.isEmpty else {
      error(
        "missing-kind", "the list of schedules is empty", at: node.range,
        help: "Write one schedule, such as cosine, or several with their steps.")
      return nil
    }
    var stages: [ScheduleSpec.Stage] = []
    for (index, entry) in entries.enumerated() {
      guard let stage = readStage(entry, isLast: index + 1 == entries.count) else { continue }
      stages.append(stage)
    }
    return stages.count == entries.count ? ScheduleSpec(stages: stages) : nil
  }

  private mutating func readStage(_ node: YAMLNode, isLast: Bool) -> ScheduleSpec.Stage? {
    if let word = node.scalar?.text, warmupKeys.contains(word) {
      error(
        "missing-field", "'\(word)' needs a number", at: node.range,
        help: "Write {warmup: 20} for twenty steps; a schedule may stand beside it.")
      return nil
    }
    guard let node = withWarmupBeside(node) else { return nil }
    let beside = YAMLMapping(node.mapping?.entries.filter { placeKeys.contains($0.key) } ?? [])
    let place = readPlace(beside)
    // A warm-up by itself is the full rate behind it.
    if let first = beside.entries.first, beside["warmup"] != nil,
      beside.entries.count == node.mapping?.entries.count
    {
      return readStage(nil, "warmup", at: first.keyRange, nil, beside, place, isLast: isLast)
    }
    guard let read = readKind(node, catalogue.schedules, neighbours: placeKeys) else { return nil }
    let fields = catalogue.schedules.entry(read.word)?.type.fields ?? []
    if let node = beside["warmup"], fields.contains(where: { $0.name == "warmup" }) {
      error(
        "conflicting-fields", "'\(read.word)' has a warm-up of its own", at: node.range,
        help: "Write it inside: \(read.word): {warmup: …}.")
      return nil
    }
    return readStage(
      read.instance, read.word, at: read.wordRange, read.value?.mapping?["monitor"]?.range, beside,
      place, isLast: isLast)
  }

  /// What a place says about the schedule that stands there.
  private struct Place {
    let warmup: Int
    let from: Double
    let steps: Int?
  }

  /// Returns nil after reporting.
  private mutating func readPlace(_ beside: YAMLMapping) -> Place? {
    let before = diagnostics.count
    let warmup = beside["warmup"].flatMap { read(Int.self, $0, range: .atLeast(0)) }
    let from = beside["warmup_from"].flatMap { read(Double.self, $0, range: .between(0, 1)) }
    let steps = beside["steps"].flatMap { read(Int.self, $0, range: .atLeast(1)) }
    if let entry = beside.entries.first(where: { $0.key == "warmup_from" }), beside["warmup"] == nil
    {
      error(
        "missing-field", "'warmup_from' says where a warm-up begins, and there is none",
        at: entry.keyRange, help: "Write warmup: and its steps beside it.")
    }
    if let warmup, let steps, warmup > steps, let node = beside["warmup"] {
      error(
        "out-of-range", "a warm-up of \(warmup) steps does not fit into \(steps) steps",
        at: node.range)
    }
    guard diagnostics.count == before else { return nil }
    return Place(warmup: warmup ?? 0, from: from ?? 0, steps: steps)
  }

  private mutating func readStage(
    _ schedule: (any Schedule)?, _ word: String, at range: SourceRange, _ monitor: SourceRange?,
    _ beside: YAMLMapping, _ place: Place?, isLast: Bool
  ) -> ScheduleSpec.Stage? {
    if isLast, let node = beside["steps"] {
      error(
        "conflicting-fields", "the last schedule takes the steps that are left", at: node.range,
        help: "Leave steps away, or let another schedule follow, such as constant.")
      return nil
    }
    if !isLast, beside["steps"] == nil {
      error(
        "missing-field", "'\(word)' does not say how many steps it lasts", at: range,
        help: "Write steps: beside it; only the last schedule takes the steps that are left.")
      return nil
    }
    guard let place else { return nil }
    return ScheduleSpec.Stage(
      schedule: schedule, warmup: place.warmup, warmupFrom: place.from, steps: place.steps,
      word: word, range: range, monitorRange: monitor)
  }

  /// `cosine: {warmup: 20}` as `{cosine: {}, warmup: 20}`, so that both may be written; of kinds
  /// that have a warm-up of their own as it is.
  ///
  /// Returns nil after reporting a warm-up that is said twice.
  private mutating func withWarmupBeside(_ node: YAMLNode) -> YAMLNode? {
    guard var mapping = node.mapping,
      let place = mapping.entries.firstIndex(where: { entry in
        catalogue.schedules.words.contains(entry.key)
      }),
      let kind = catalogue.schedules.entry(mapping.entries[place].key),
      let inner = mapping.entries[place].value.mapping
    else { return node }
    let own = kind.type.fields.map(\.name)
    let moved = inner.entries.filter { warmupKeys.contains($0.key) && !own.contains($0.key) }
    let kept = inner.entries.filter { entry in !moved.contains { $0.key == entry.key } }
    for entry in inner.entries where warmupKeys.contains(entry.key) {
      guard let other = mapping.entries.first(where: { $0.key == entry.key }) else { continue }
      error(
        "conflicting-fields", "'\(entry.key)' stands inside '\(kind.word)' and beside it",
        at: other.keyRange, help: "Keep one of them.",
        notes: [.init("the one inside", at: entry.keyRange)])
      return nil
    }
    guard !moved.isEmpty else { return node }
    mapping.entries[place].value.content = .mapping(YAMLMapping(kept))
    mapping.entries += moved
    return YAMLNode(.mapping(mapping), at: node.range)
  }
}

// MARK: - Beside an optimizer

/// A number of an optimizer that a schedule may change.
private struct ScheduledNumber {
  let key: String
  let noun: String
  /// What optimizers call it.
  let fields: [String]
  let value: @Sendable (StepHyperparameters) -> Double?
}

private let momentum = ScheduledNumber(
  key: "momentum_schedule", noun: "momentum", fields: ["momentum", "beta1"],
  value: \.momentum)
private let weightDecay = ScheduledNumber(
  key: "weight_decay_schedule", noun: "weight decay", fields: ["weight_decay"],
  value: \.weightDecay)

/// The keys beside an optimizer that ``Reader/readSchedules(_:of:_:)`` reads.
package let scheduleKeys: Set = ["schedule", momentum.key, weightDecay.key]

/// The schedules beside an optimizer.
package struct OptimizerSchedules: Sendable {
  /// Of the learning rate.
  package var rate: ScheduleSpec?
  /// Of the momentum, or what Adam and its relatives call beta1.
  package var momentum: ScheduleSpec?
  package var weightDecay: ScheduleSpec?

  package init() {}

  /// Those of all.
  package var stages: [ScheduleSpec.Stage] {
    [rate, momentum, weightDecay].compactMap { $0 }.flatMap(\.stages)
  }
}

extension Reader {
  /// Reads the schedules beside an optimizer.
  ///
  /// Returns nil after reporting one that cannot be read, or that changes what is not there.
  mutating func readSchedules(
    _ neighbours: YAMLMapping, of optimizer: any Optimizer, _ word: String
  ) -> OptimizerSchedules? {
    let before = diagnostics.count
    var schedules = OptimizerSchedules()
    schedules.rate = neighbours["schedule"].flatMap { readSchedule($0) }
    schedules.momentum = readSchedule(of: momentum, neighbours, optimizer, word)
    schedules.weightDecay = readSchedule(of: weightDecay, neighbours, optimizer, word)
    return diagnostics[before...].contains { $0.severity == .error } ? nil : schedules
  }

  private mutating func readSchedule(
    of number: ScheduledNumber, _ neighbours: YAMLMapping, _ optimizer: any Optimizer,
    _ word: String
  ) -> ScheduleSpec? {
    guard let entry = neighbours.entries.first(where: { $0.key == number.key }) else { return nil }
    let names = type(of: optimizer).fields.map(\.name)
    let schedule = readSchedule(entry.value)
    guard let field = number.fields.first(where: { names.contains($0) }),
      let value = number.value(optimizer.hyperparameters)
    else {
      error(
        "nothing-to-schedule", "'\(word)' has no \(number.noun) that could change",
        at: entry.keyRange, help: "Leave \(number.key) away, or choose another optimizer.")
      return nil
    }
    guard value > 0 else {
      error(
        "nothing-to-schedule",
        "\(number.key) changes the \(field) of '\(word)', and that is 0", at: entry.keyRange,
        help: "Give it one: \(word): {\(field): …}.")
      return nil
    }
    return schedule
  }
}
