package import NNJSON
package import NNModel

/// The factors on the learning rate, the momentum and the weight decay of each step, by the
/// schedules of a model.
package struct Rates: Sendable {
  /// A schedule with what it remembers, for each of its stages.
  private struct Course {
    let schedule: ScheduleSpec
    var memories: [PlateauRule.Memory]

    init(_ schedule: ScheduleSpec) {
      self.schedule = schedule
      memories = schedule.initialMemories
    }
  }

  private var rate: Course?
  private var momentum: Course?
  private var weightDecay: Course?
  /// All steps of the training.
  private let steps: Int

  package init(_ schedules: OptimizerSchedules, steps: Int) {
    rate = schedules.rate.map { Course($0) }
    momentum = schedules.momentum.map { Course($0) }
    weightDecay = schedules.weightDecay.map { Course($0) }
    self.steps = steps
  }

  /// The factors at a step, which counts from zero.
  package func factors(at step: Int) -> StepFactors {
    func factor(_ course: Course?) -> Double {
      course?.schedule.factor(step: step, total: steps, memories: course?.memories ?? []) ?? 1
    }
    return StepFactors(
      rate: factor(rate), momentum: factor(momentum), weightDecay: factor(weightDecay))
  }

  /// Lets the schedules that watch a figure answer to an epoch's.
  ///
  /// - step: the epoch's last.
  /// - figure: the value that a monitor names.
  package mutating func endEpoch<Failure: Error>(
    at step: Int,
    figure: (_ monitor: String) throws(Failure) -> (value: Double, isBetterWhenGreater: Bool)
  ) throws(Failure) {
    for course in Rates.courses.map(\.path) {
      guard let schedule = self[keyPath: course]?.schedule else { continue }
      let stage = schedule.place(of: step, total: steps).stage
      guard let rule = schedule.stages[stage].schedule?.plateau else { continue }
      let (value, isBetterWhenGreater) = try figure(rule.monitor)
      guard var memory = self[keyPath: course]?.memories[stage] else { continue }
      rule.observe(value, isBetterWhenGreater: isBetterWhenGreater, &memory)
      self[keyPath: course]?.memories[stage] = memory
    }
  }

  // MARK: Going on

  /// By their keys in the model file.
  private static var courses: [(key: String, path: WritableKeyPath<Rates, Course?>)] {
    [
      ("schedule", \.rate), ("momentum_schedule", \.momentum),
      ("weight_decay_schedule", \.weightDecay),
    ]
  }

  /// What the schedules remember, for a run that goes on later; nil where they look at steps alone.
  package var state: JSONValue? {
    let members = Rates.courses.compactMap { key, path -> JSONValue.Member? in
      guard let course = self[keyPath: path],
        course.schedule.stages.contains(where: { $0.schedule?.plateau != nil })
      else { return nil }
      return .init(key, .array(course.memories.map(\.json)))
    }
    return members.isEmpty ? nil : .object(members)
  }

  /// Takes over what a run of the same model remembered; false where it is of another.
  package mutating func restore(_ state: JSONValue) -> Bool {
    var restored = self
    for (key, path) in Rates.courses {
      guard let entries = state[key]?.elements else { continue }
      let memories = entries.compactMap { PlateauRule.Memory(json: $0) }
      guard memories.count == entries.count,
        restored[keyPath: path]?.memories.count == memories.count
      else { return false }
      restored[keyPath: path]?.memories = memories
    }
    self = restored
    return true
  }
}

extension PlateauRule.Memory {
  fileprivate var json: JSONValue {
    [
      "factor": .number(factor), "best": best.map { .number($0) } ?? .null,
      "bad_epochs": JSONValue(badEpochs), "cooldown": JSONValue(cooldown),
    ]
  }

  fileprivate init?(json: JSONValue) {
    guard let factor = json["factor"]?.doubleValue, let best = json["best"],
      let badEpochs = json["bad_epochs"]?.integerValue,
      let cooldown = json["cooldown"]?.integerValue
    else { return nil }
    self.init()
    self.factor = factor
    self.best = best.doubleValue
    self.badEpochs = Int(badEpochs)
    self.cooldown = Int(cooldown)
  }
}
