// What training tells, as the lines of metrics.jsonl and of `--log json`.
package import NNJSON

extension EpochReport {
  package var json: JSONValue {
    .object(
      [
        .init("epoch", JSONValue(epoch)), .init("step", JSONValue(step)),
        .init("lr", .number(rate)), .init("train", ["loss": .number(trainLoss)]),
      ] + (validation.map { [.init("validation", $0.json)] } ?? []))
  }
}

extension StepReport {
  package var json: JSONValue {
    [
      "step": JSONValue(step), "epoch": JSONValue(epoch), "lr": .number(rate),
      "train": ["loss": .number(loss)],
    ]
  }
}

extension Divergence {
  package var json: JSONValue {
    ["step": JSONValue(step), "epoch": JSONValue(epoch), "skipped": .string(words)]
  }
}

extension RollbackReport {
  package var json: JSONValue {
    [
      "rollback": JSONValue(number), "epoch": JSONValue(epoch), "step": JSONValue(step),
      "lr_factor": .number(rateFactor), "because": .string(because.words),
    ]
  }
}
