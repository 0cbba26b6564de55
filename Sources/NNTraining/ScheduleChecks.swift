import NNDiagnostics
import NNModel

extension Reader {
  /// Reports schedules that do not fit into the training, where its length is known.
  ///
  /// - trainingRows: those of an epoch; nil where the data was not read.
  mutating func checkSchedules(_ spec: ModelSpec, trainingRows: Int?) {
    let schedules = spec.optimizer.schedules
    let steps: Int
    if let trainingRows {
      steps = TrainingLength(spec.train, rows: trainingRows).steps
    } else if spec.train.epochs == nil, let given = spec.train.steps {
      steps = given
    } else {
      return
    }
    for schedule in [schedules.rate, schedules.momentum, schedules.weightDecay] {
      if let schedule { checkLength(schedule, steps) }
    }
    checkMomentum(schedules, of: spec.optimizer, steps)
  }

  private mutating func checkLength(_ schedule: ScheduleSpec, _ steps: Int) {
    var first = 0
    for stage in schedule.stages {
      if first >= steps {
        warning(
          "late-schedule",
          "'\(stage.word)' never begins: those before it take \(first) steps, and there are "
            + "\(steps)", at: stage.range, help: "Shorten those, or train longer.")
        return
      }
      if stage.warmup >= steps - first {
        warning(
          "late-schedule",
          "the warm-up of \(stage.warmup) steps fills all \(steps - first) that are left; the rate "
            + "never reaches its full value", at: stage.range,
          help: "Shorten the warm-up, or train longer.")
        return
      }
      first += stage.steps ?? 0
    }
  }

  /// Where many steps are to be looked at, so many of them are enough.
  private static let mostPoints = 10_000

  /// A momentum of one or more never forgets, and Adam's corrections divide by what it lacks to one.
  private mutating func checkMomentum(
    _ schedules: OptimizerSchedules, of optimizer: OptimizerSpec, _ steps: Int
  ) {
    guard let schedule = schedules.momentum, let range = schedule.stages.first?.range,
      let momentum = optimizer.greatestMomentum
    else { return }
    let stride = max(steps / Self.mostPoints, 1)
    for step in Swift.stride(from: 0, to: steps, by: stride) {
      let value =
        momentum
        * schedule.factor(step: step, total: steps, memories: schedule.initialMemories)
      guard value >= 1 else { continue }
      error(
        "out-of-range",
        "the momentum is \(shown(value)) at step \(step), and it must stay below 1", at: range,
        help: "The factors of this schedule multiply the momentum of \(shown(momentum)).")
      return
    }
  }
}
