import NNCatalogue
import NNDiagnostics
import NNModel
import NNYAML
import Testing

/// How schedules are written: their warm-up, their lists, what they change.
@Suite struct ScheduleReadingTests {
  private static func read(_ text: String) throws -> (ScheduleSpec?, [String]) {
    let (node, problems) = parseYAML(SourceText(name: "a.yaml", text: text))
    var reader = Reader(file: "a.yaml", catalogue: .standard)
    reader.diagnostics = problems
    let schedule = reader.readSchedule(try #require(node))
    return (schedule, reader.diagnostics.map(\.message))
  }

  private static func factors(_ text: String, total: Int) throws -> [Double] {
    let (schedule, messages) = try read(text)
    #expect(messages == [])
    let spec = try #require(schedule)
    return (0..<total).map {
      spec.factor(step: $0, total: total, memories: spec.initialMemories)
    }
  }

  @Test func `a warm-up is written inside a schedule or beside it`() throws {
    let beside = try Self.factors("{cosine: {floor: 0.1}, warmup: 4}", total: 12)
    #expect(Array(beside.prefix(5)) == [0.25, 0.5, 0.75, 1, 1])
    #expect(try Self.factors("{cosine: {floor: 0.1, warmup: 4}}", total: 12) == beside)
    let bare = try Self.factors("{cosine: {warmup: 4}}", total: 12)
    #expect(try Self.factors("{cosine: {}, warmup: 4}", total: 12) == bare)
    #expect(try Self.factors("{warmup: 4}", total: 6) == [0.25, 0.5, 0.75, 1, 1, 1])
  }

  @Test func `a warm-up rises from its share to where the schedule begins`() throws {
    let factors = try Self.factors(
      "{constant: 0.5, warmup: 4, warmup_from: 0.2}", total: 6)
    for (factor, expected) in zip(factors, [0.2, 0.3, 0.4, 0.5, 0.5, 0.5]) {
      #expect(abs(factor - expected) < 1e-15)
    }
  }

  @Test func `a warm-up that is longer than the training ends where the training does`() throws {
    #expect(try Self.factors("{cosine: {}, warmup: 8}", total: 4) == [0.125, 0.25, 0.375, 0.5])
    #expect(try Self.factors("{cosine: {}, warmup: 4}", total: 4) == [0.25, 0.5, 0.75, 1])
  }

  @Test func `schedules in a list follow each other, and the last takes what is left`() throws {
    let text = """
      - {constant: 0.5, steps: 2}
      - {linear: {start: 0, end: 1}, steps: 4, warmup: 0}
      - cosine
      """
    let factors = try Self.factors(text, total: 10)
    #expect(Array(factors.prefix(7)) == [0.5, 0.5, 0, 0.25, 0.5, 0.75, 1])
    #expect(abs(factors[8] - 0.5) < 1e-15)
    // A training that ends early never meets the last.
    #expect(try Self.factors(text, total: 3) == [0.5, 0.5, 0])
  }

  /// A schedule with a mistake and all that must be said about it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let messages: [String]

    init(_ text: String, _ messages: String...) {
      self.text = text
      self.messages = messages
    }

    var testDescription: String { text }
  }

  @Test(arguments: [
    Mistake("[]", "the list of schedules is empty"),
    Mistake("{cosin: {}, warmup: 3}", "there is no schedule 'cosin'"),
    Mistake("{cosine: {warmup: -1}}", "-1 is out of range: it must be at least 0"),
    Mistake("{cosine: {}, warmup: 1.5}", "expected a whole number, found 1.5"),
    Mistake("{cosine: {}, warmup: 3, warmup_from: 2}", "2 is out of range: it must be from 0 to 1"),
    Mistake(
      "{cosine: {}, warmup_from: 0.1}",
      "'warmup_from' says where a warm-up begins, and there is none"),
    Mistake("{cosine: {warmup: 3}, warmup: 3}", "'warmup' stands inside 'cosine' and beside it"),
    Mistake("{noam: 64, warmup: 3}", "'noam' has a warm-up of its own"),
    Mistake("{cosine: {}, steps: 3}", "the last schedule takes the steps that are left"),
    Mistake(
      "[linear, {cosine: {}, warmup: 3}]", "'linear' does not say how many steps it lasts"),
    Mistake(
      "[{linear: {}, steps: 3, warmup: 4}, cosine]",
      "a warm-up of 4 steps does not fit into 3 steps"
    ),
    Mistake("[{linear: {}, steps: 0}, cosine]", "0 is out of range: it must be at least 1"),
    Mistake("{steps: 3}", "this entry names no schedule"),
    Mistake("{cosine: {}, step: 3}", "one entry names two schedules, 'cosine' and 'step'"),
    Mistake("{cosine: {steps: 3}}", "'cosine' has no field 'steps'"),
    Mistake("{cosine: {}, warmpu: 3}", "'warmpu' cannot stand beside 'cosine'"),
    Mistake("{multi_step: {milestones: [3, -1]}}", "-1 is out of range: it must be at least 0"),
    Mistake(
      "{cyclic: {mode: triangle}}",
      "expected one of triangular, triangular2, exp_range, found the text 'triangle'"),
    Mistake("{reduce_on_plateau: {factor: 1}}", "1 is out of range: it must be from 0 to below 1"),
  ])
  func `a mistake in a schedule is told once`(_ mistake: Mistake) throws {
    #expect(try Self.read(mistake.text).1 == mistake.messages)
  }

  /// What an optimizer's line leads to.
  private static func messages(_ optimizer: String) -> [String] {
    model("  - dense: y", rest: "loss: mse\noptimizer: \(optimizer)\ntrain: {epochs: 1}\n").messages
  }

  @Test func `the momentum and the weight decay have schedules of their own`() throws {
    let outcome = model(
      "  - dense: y",
      rest: """
        loss: mse
        optimizer:
          sgd: {lr: 0.1, momentum: 0.9, weight_decay: 0.1}
          schedule: cosine
          momentum_schedule: {constant: 0.5}
          weight_decay_schedule: [{linear: {}, steps: 4}, constant]
        train: {epochs: 1}
        """)
    #expect(outcome.messages == [])
    let schedules = try #require(outcome.spec?.optimizer.schedules)
    #expect(schedules.rate?.stages.map(\.word) == ["cosine"])
    #expect(schedules.momentum?.stages.map(\.word) == ["constant"])
    #expect(schedules.weightDecay?.stages.map(\.word) == ["linear", "constant"])
    #expect(Self.messages("{adam: {lr: 0.1}, momentum_schedule: linear}") == [])
  }

  @Test(arguments: [
    (
      "{sgd: 0.1, momentum_schedule: cosine}",
      "momentum_schedule changes the momentum of 'sgd', and that is 0"
    ),
    (
      "{adam: {lr: 0.1}, weight_decay_schedule: cosine}",
      "weight_decay_schedule changes the weight_decay of 'adam', and that is 0"
    ),
  ])
  func `a schedule of what is not there is no schedule`(_ text: String, _ message: String) {
    #expect(Self.messages(text) == [message])
  }
}
