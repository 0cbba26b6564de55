import NNCatalogue
import NNDiagnostics
import NNModel
import NNYAML
import Testing

@Suite struct ParameterGroupTests {
  @Test(arguments: [
    ("*.bias", "dense_1.bias", true), ("*.bias", "residual_1.dense_2.bias", true),
    ("*.bias", "dense_1.weight", false), ("*.bias", "bias", false), ("*", "", true),
    ("", "", true), ("", "a", false), ("dense_?.weight", "dense_1.weight", true),
    ("dense_?.weight", "dense_10.weight", false), ("dense_*", "dense_", true),
    ("*_1.*", "dense_1.weight", true), ("*a*b", "xaxxbxb", true), ("*a*b", "xaxxbxc", false),
    ("**", "x", true), ("a*", "ba", false), ("*aab", "aaaab", true),
    ("dense_1.weight", "dense_1.weight", true), ("?", "é", true), ("dense.1", "densex1", false),
  ])
  func `a star stands for anything and a question mark for one character`(
    _ pattern: String, _ name: String, _ matches: Bool
  ) {
    #expect(Glob(pattern).matches(name) == matches)
  }

  private static func optimizer(_ text: String) -> Outcome {
    model(
      "  - dense: 3\n  - dense: 1",
      rest: "loss: mse\noptimizer:\n  \(text)\ntrain: {epochs: 1}\n")
  }

  @Test func `a group has its own fields, and the optimizer's where it names none`() throws {
    let outcome = ParameterGroupTests.optimizer(
      """
      adamw: {lr: 1e-2, beta1: 0.8}
        groups:
          - {match: "*.bias", weight_decay: 0}
          - {match: [dense_1.*, "dense_2.*"], lr: 1e-3, freeze: true}
      """)
    #expect(outcome.messages == [])
    let spec = try #require(outcome.spec).optimizer
    let first = try #require(spec.groups[0].optimizer as? AdamW)
    #expect((first.lr, first.beta1, first.weightDecay) == (1e-2, 0.8, 0))
    let second = try #require(spec.groups[1].optimizer as? AdamW)
    #expect((second.lr, second.beta1, second.weightDecay) == (1e-3, 0.8, 0.01))
    #expect(spec.group(of: "dense_1.bias") == 0 && !spec.isFrozen("dense_1.bias"))
    #expect(spec.group(of: "dense_1.weight") == 1 && spec.isFrozen("dense_1.weight"))
    #expect(spec.group(of: "conv2d_1.weight") == nil && !spec.isFrozen("conv2d_1.weight"))
  }

  @Test func `a group of an optimizer with a principal field alone keeps that`() throws {
    let outcome = ParameterGroupTests.optimizer(
      "sgd: 0.1\n  groups: [{match: \"*\", momentum: 0.9}]")
    let group = try #require(outcome.spec?.optimizer.groups.first?.optimizer as? SGD)
    #expect((group.lr, group.momentum) == (0.1, 0.9))
  }

  @Test(arguments: [
    ("adamw: {lr: 1e-2}\n  lookahead: 6", []),
    ("adamw: {lr: 1e-2}\n  lookahead: {alpha: 0.8}\n  swa: 3\n  clip_adaptive: 0.02", []),
    ("adamw\n  ema: 1", ["expected"]),
    ("adamw: {}\n  ema: 1", ["1 is out of range: it must be above 0 and below 1"]),
    ("adamw: {}\n  ema: {decay: 0.9, evry: 2}", ["'ema' has no field 'evry'"]),
    (
      "adamw: {}\n  ema: [0.9]",
      ["expected a number below 1, or a mapping such as {decay: 0.999}, found a list"]
    ),
    (
      "adamw: {}\n  lookahead:",
      ["expected a whole number, or a mapping such as {every: 5, alpha: 0.5}, found nothing"]
    ),
    (
      "adamw: {}\n  swa: {}",
      ["'swa' needs 'start': the first epoch at whose end weights are taken"]
    ),
    ("adamw: {}\n  swa: 0", ["0 is out of range: it must be at least 1"]),
    ("adamw: {}\n  clip_adaptive: -1", ["-1 is out of range: it must be above 0"]),
    (
      "adamw: {}\n  ema: 0.9\n  swa: 2",
      ["ema and swa both say which average of the weights is kept"]
    ),
    (
      "schedule_free_adamw: {}\n  ema: 0.9",
      ["'schedule_free_adamw' keeps an average of the weights already"]
    ),
    ("sgd: {lr: 1, nesterov: true}", ["nesterov looks ahead along a momentum without dampening"]),
    ("rprop: {step_min: 1, step_max: 0.5}", ["step_min is greater than step_max"]),
    (
      "sgd: {lr: 1, momentum: 0.9, nesterov: true}\n  groups: [{match: \"*\", dampening: 0.1}]",
      ["nesterov looks ahead along a momentum without dampening"]
    ),
    (
      "lbfgs: {}\n  groups: [{match: \"*.bias\", lr: 0.1}]",
      ["'lbfgs' moves all parameters together"]
    ),
    ("lbfgs: {}\n  groups: [{match: \"*.bias\", freeze: true}]", []),
    (
      "adamw: {}\n  groups: {match: \"*\"}",
      [
        "expected a list of groups such as [{match: \"*.bias\", weight_decay: 0}], found a mapping"
      ]
    ),
    (
      "adamw: {}\n  groups: [bias]",
      [
        "expected a group such as {match: \"*.bias\", weight_decay: 0}, found the text 'bias'"
      ]
    ),
    (
      "adamw: {}\n  groups: [{lr: 1}]",
      ["the group does not say which parameters it is about"]
    ),
    ("adamw: {}\n  groups: [{match: []}]", ["the list of patterns is empty"]),
    (
      "adamw: {}\n  groups: [{match: \"*\", freze: true}]",
      ["a group of 'adamw' has no field 'freze'"]
    ),
    ("adamw: {}\n  groups: [{macth: \"*\"}]", ["a group of 'adamw' has no field 'macth'"]),
    (
      "adamw: {}\n  groups: [{match: \"*\", momentum: 0.9}]",
      ["a group of 'adamw' has no field 'momentum'"]
    ),
    (
      "adamw: {}\n  groups: [{match: \"*\", lr: 0}]",
      ["0 is out of range: it must be above 0"]
    ),
    (
      "adamw: {lr: 0}\n  groups: [{match: \"*\", beta1: 0.5}]",
      ["0 is out of range: it must be above 0"]
    ),
  ])
  func `what stands beside an optimizer is read or refused`(_ text: String, _ messages: [String]) {
    let found = ParameterGroupTests.optimizer(text).messages
    if messages == ["expected"] {
      #expect(!found.isEmpty)
    } else {
      #expect(found == messages)
    }
  }

  @Test(arguments: [
    ("*.bias", nil), ("dense_2.weight", nil), ("*.bais", "no parameter is called '*.bais'"),
    ("dense_3.*", "no parameter is called 'dense_3.*'"), ("", "no parameter is called ''"),
  ])
  func `a group must match a parameter`(_ pattern: String, _ message: String?) throws {
    let outcome = ParameterGroupTests.optimizer(
      "adamw: {}\n  groups: [{match: \"\(pattern)\", lr: 0.1}]")
    var reader = Reader(file: "model.yaml", catalogue: .standard)
    reader.checkGroups(
      try #require(outcome.spec).optimizer, try #require(outcome.lowered).graph)
    #expect(reader.diagnostics.map(\.message) == (message.map { [$0] } ?? []))
  }

  @Test(arguments: [(10, 0), (1000, 1)])
  func `a history may not be longer than memory can be`(_ history: Int, _ errors: Int) throws {
    let outcome = model(
      "  - dense: 2000\n  - dense: 2000\n  - dense: 1",
      rest: "loss: mse\noptimizer: {lbfgs: {history: \(history)}}\ntrain: {epochs: 1}\n")
    var reader = Reader(file: "model.yaml", catalogue: .standard)
    reader.checkMemory(
      of: try #require(outcome.spec).optimizer, try #require(outcome.lowered).graph,
      at: .beginning)
    #expect(reader.diagnostics.map(\.code) == [String](repeating: "out-of-range", count: errors))
  }

  @Test func `a group must have something that those above it leave`() throws {
    let outcome = ParameterGroupTests.optimizer(
      "adamw: {}\n  groups: [{match: \"*\", lr: 0.1}, {match: \"*.bias\", lr: 0.2}]")
    var reader = Reader(file: "model.yaml", catalogue: .standard)
    reader.checkGroups(
      try #require(outcome.spec).optimizer, try #require(outcome.lowered).graph)
    #expect(
      reader.diagnostics.map(\.message)
        == ["all parameters called '*.bias' belong to groups above"])
  }
}
