import NNCatalogue
import NNModel
import NNTestSupport
import Testing

/// A schedule over all steps, and its factor at some of them.
struct ScheduleRow: Sendable, CustomTestStringConvertible {
  let schedule: any Schedule
  let total: Int
  let factors: [Int: Double]

  init(_ schedule: any Schedule, total: Int, _ factors: [Int: Double]) {
    self.schedule = schedule
    self.total = total
    self.factors = factors
  }

  var word: String { type(of: schedule).word }
  var testDescription: String { word }
}

private let rise: [Int: Double] = [0: 0.25, 1: 0.5, 2: 0.75, 3: 1]

let scheduleRows: [ScheduleRow] = [
  .init(ConstantSchedule(), total: 10, [0: 1, 5: 1, 9: 1]),
  .init(with(ConstantSchedule()) { $0.warmup = 4 }, total: 10, rise.merging([9: 1]) { a, _ in a }),
  .init(with(StepSchedule()) { $0.every = 3 }, total: 10, [0: 1, 2: 1, 3: 0.1, 6: 0.01, 9: 1e-3]),
  .init(
    with(StepSchedule()) {
      $0.every = 3
      $0.gamma = 0.5
      $0.warmup = 4
    }, total: 12, rise.merging([4: 1, 6: 1, 7: 0.5, 10: 0.25]) { a, _ in a }),
  .init(
    with(ExponentialSchedule()) { $0.gamma = 0.5 }, total: 10,
    [0: 1, 1: 0.5, 3: 0.125, 9: 1.0 / 512]),
  .init(
    with(ExponentialSchedule()) {
      $0.gamma = 0.5
      $0.warmup = 4
    }, total: 10, rise.merging([4: 1, 5: 0.5]) { a, _ in a }),
  .init(
    CosineSchedule(), total: 12,
    [0: 1, 3: 0.853_553_39, 4: 0.75, 6: 0.5, 8: 0.25, 12: 0, 99: 0]),
  .init(
    with(CosineSchedule()) {
      $0.floor = 0.2
      $0.warmup = 4
    }, total: 16, rise.merging([4: 1, 10: 0.6, 16: 0.2]) { a, _ in a }),
  .init(with(Warmup()) { $0.steps = 4 }, total: 10, rise.merging([4: 1, 9: 1]) { a, _ in a }),
  // A warm-up that is longer than the training ends where the training does.
  .init(with(Warmup()) { $0.steps = 8 }, total: 4, [0: 0.125, 3: 0.5]),
  .init(with(CosineSchedule()) { $0.warmup = 4 }, total: 4, rise),
]

@Suite struct ScheduleTests {
  @Test private func `every schedule has a row`() {
    #expect(Set(scheduleRows.map(\.word)) == Set(Catalogue.standard.schedules.words))
  }

  @Test(arguments: scheduleRows)
  private func `a schedule gives its factors`(_ row: ScheduleRow) {
    for (step, factor) in row.factors {
      let actual = row.schedule.factorWithWarmup(step: step, total: row.total)
      #expect(abs(actual - factor) < 1e-8, "step \(step)")
    }
  }

  @Test(arguments: scheduleRows)
  private func `no factor is below zero or above one`(_ row: ScheduleRow) {
    for step in 0..<row.total {
      let factor = row.schedule.factorWithWarmup(step: step, total: row.total)
      #expect((0...1).contains(factor), "step \(step)")
    }
  }
}
