package import NNDiagnostics

/// A schedule as a file places it: one, or several that follow each other, each with a warm-up of
/// its own where it has one.
package struct ScheduleSpec: Sendable {
  package struct Stage: Sendable {
    /// Nil where nothing but a warm-up is asked for: the full rate behind it.
    package let schedule: (any Schedule)?
    /// Steps over which the rate rises to where the schedule begins.
    package let warmup: Int
    /// The share of that from which it rises.
    package let warmupFrom: Double
    /// How many steps it lasts, with its warm-up; nil of the last, which lasts to the end.
    package let steps: Int?
    package let word: String
    /// Where its word stands.
    package let range: SourceRange
    /// Where it says which figure it watches.
    package let monitorRange: SourceRange?

    /// - step: counts from zero, the warm-up included.
    /// - total: all steps of this stage.
    package func factor(step: Int, total: Int) -> Double {
      let length = max(total - warmup, 1)
      guard step < warmup else {
        return schedule?.factor(step: step - warmup, total: length) ?? 1
      }
      let share = warmupFrom + (1 - warmupFrom) * (Double(step + 1) / Double(warmup))
      return share * (schedule?.factor(step: 0, total: length) ?? 1)
    }
  }

  /// Never empty.
  package let stages: [Stage]

  package init(stages: [Stage]) {
    self.stages = stages
  }

  /// Where a step falls: the stage, the step in it, and how many steps it has.
  ///
  /// - step: counts from zero.
  /// - total: all steps of the training.
  package func place(of step: Int, total: Int) -> (stage: Int, step: Int, total: Int) {
    var first = 0
    for (index, stage) in stages.enumerated() {
      guard let steps = stage.steps, index + 1 < stages.count else { break }
      if step < first + steps { return (index, step - first, steps) }
      first += steps
    }
    return (stages.count - 1, step - first, max(total - first, 1))
  }

  /// The factor at a step of all steps, which count from zero.
  ///
  /// - memories: of each stage, what it remembers of the figures it watches.
  package func factor(step: Int, total: Int, memories: [PlateauRule.Memory]) -> Double {
    let place = place(of: step, total: total)
    let factor = stages[place.stage].factor(step: place.step, total: place.total)
    return factor * memories[place.stage].factor
  }

  /// What the stages remember before the first epoch.
  package var initialMemories: [PlateauRule.Memory] { stages.map { _ in .init() } }
}
