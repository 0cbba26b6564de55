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

let scheduleRows: [ScheduleRow] = [
  .init(ConstantSchedule(), total: 10, [0: 1, 5: 1, 9: 1]),
  .init(with(ConstantSchedule()) { $0.factor = 0.5 }, total: 10, [0: 0.5, 9: 0.5]),
  .init(LinearSchedule(), total: 10, [0: 1, 4: 0.6, 9: 0.1, 10: 0, 99: 0]),
  .init(
    with(LinearSchedule()) { ($0.start, $0.end) = (0, 1) }, total: 4, [0: 0, 1: 0.25, 3: 0.75]),
  .init(with(PolynomialSchedule()) { $0.power = 2 }, total: 4, [0: 1, 1: 0.5625, 2: 0.25, 4: 0]),
  .init(with(StepSchedule()) { $0.every = 3 }, total: 10, [0: 1, 2: 1, 3: 0.1, 6: 0.01, 9: 1e-3]),
  .init(
    with(MultiStepSchedule()) { $0.milestones = [8, 2] }, total: 10,
    [0: 1, 1: 1, 2: 0.1, 7: 0.1, 8: 0.01]),
  .init(
    with(MultiStepSchedule()) { $0.milestones = [] }, total: 10, [0: 1, 9: 1]),
  .init(
    with(ExponentialSchedule()) { $0.gamma = 0.5 }, total: 10,
    [0: 1, 1: 0.5, 3: 0.125, 9: 1.0 / 512]),
  .init(with(InverseSqrtSchedule()) { $0.timescale = 4 }, total: 20, [0: 1, 5: 2.0 / 3, 12: 0.5]),
  .init(
    with(NoamSchedule()) { ($0.width, $0.warmup) = (4, 4) }, total: 20,
    [0: 0.0625, 1: 0.125, 3: 0.25, 15: 0.125]),
  .init(
    CosineSchedule(), total: 12,
    [0: 1, 3: 0.853_553_39, 4: 0.75, 6: 0.5, 8: 0.25, 12: 0, 99: 0]),
  .init(with(CosineSchedule()) { $0.floor = 0.2 }, total: 12, [0: 1, 6: 0.6, 12: 0.2]),
  .init(
    with(CosineRestartsSchedule()) { $0.period = 4 }, total: 20, [0: 1, 2: 0.5, 4: 1, 6: 0.5]),
  .init(
    with(CosineRestartsSchedule()) { ($0.period, $0.multiplier) = (2, 3) }, total: 30,
    [0: 1, 1: 0.5, 2: 1, 5: 0.5, 8: 1, 17: 0.5, 26: 1]),
  // A cycle too long for any number of steps.
  .init(
    with(CosineRestartsSchedule()) { ($0.period, $0.multiplier) = (1_000_000_000, 1_000_000_000) },
    total: 10, [0: 1, 1_000_000_000: 1]),
  .init(
    with(OneCycleSchedule()) { ($0.start, $0.end, $0.rise, $0.anneal) = (0.2, 0, 0.5, .linear) },
    total: 10, [0: 0.2, 2: 0.6, 4: 1, 5: 0.8, 9: 0]),
  // Nothing to rise in, and nothing else.
  .init(with(OneCycleSchedule()) { $0.rise = 0 }, total: 1, [0: 4e-6]),
  .init(with(OneCycleSchedule()) { $0.rise = 1 }, total: 1, [0: 1]),
  .init(
    with(CyclicSchedule()) { ($0.up, $0.down, $0.start) = (2, 4, 0) }, total: 20,
    [0: 0, 1: 0.5, 2: 1, 4: 0.5, 6: 0, 8: 1]),
  .init(
    with(CyclicSchedule()) { ($0.up, $0.start, $0.mode) = (2, 0, .triangular2) }, total: 20,
    [2: 1, 6: 0.5, 10: 0.25]),
  .init(
    with(CyclicSchedule()) { ($0.up, $0.start, $0.mode, $0.gamma) = (2, 0, .expRange, 0.5) },
    total: 20, [0: 0, 2: 0.25, 6: 1.0 / 64]),
  .init(
    with(WarmupStableDecaySchedule()) { $0.decay = 0.4 }, total: 10, [0: 1, 6: 1, 8: 0.5, 10: 0]),
  .init(with(WarmupStableDecaySchedule()) { $0.decay = 0 }, total: 3, [0: 1, 2: 1]),
  .init(with(WarmupStableDecaySchedule()) { $0.decay = 1 }, total: 4, [0: 1, 2: 0.5]),
  .init(ReduceOnPlateauSchedule(), total: 10, [0: 1, 9: 1]),
]

@Suite struct ScheduleTests {
  @Test private func `every schedule has a row`() {
    #expect(Set(scheduleRows.map(\.word)) == Set(Catalogue.standard.schedules.words))
  }

  @Test(arguments: scheduleRows)
  private func `a schedule gives its factors`(_ row: ScheduleRow) {
    for (step, factor) in row.factors {
      let actual = row.schedule.factor(step: step, total: row.total)
      #expect(abs(actual - factor) < 1e-8, "step \(step)")
    }
  }

  @Test(arguments: scheduleRows)
  private func `no factor is below zero or above one`(_ row: ScheduleRow) {
    for step in 0..<row.total {
      let factor = row.schedule.factor(step: step, total: row.total)
      #expect((0...1).contains(factor), "step \(step)")
    }
  }
}
