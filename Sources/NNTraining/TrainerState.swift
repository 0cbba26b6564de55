import NNEngine
import NNGraph
package import NNJSON
import NNPlan
package import NNTensor

/// Where a training stands: all that going on needs to give what would have come without a stop.
package struct TrainerState {
  /// The parameters that are trained, the optimizer's state by parameter, `<parameter>.<state>`, the
  /// weights that follow, and where they are not those of now the best, `<parameter>.best`.
  package let tensors: [(name: String, tensor: Tensor)]
  /// The numbers that belong to them; those that must come back to the bit as 16 hexadecimal digits.
  package let numbers: JSONValue

  package init(tensors: [(name: String, tensor: Tensor)], numbers: JSONValue) {
    self.tensors = tensors
    self.numbers = numbers
  }
}

extension Trainer {
  /// Where training stands, between two steps.
  package var state: TrainerState {
    let own = ownState
    // Between two epochs it is where training would go back to itself.
    guard let point = rollbackPoint, begun != nil else { return own }
    return TrainerState(
      tensors: own.tensors + point.tensors.map { ($0.name + Trainer.rollbackSuffix, $0.tensor) },
      numbers: .object((own.numbers.members ?? []) + [.init("rollback", point.numbers)]))
  }

  private static let rollbackSuffix = ".rollback"

  /// The same without what training would go back to.
  var ownState: TrainerState {
    var bestTensors: [(name: String, tensor: Tensor)] = []
    // Those of this very step are made of what is trained.
    if let best, best.step != step {
      bestTensors = zip(kept.layout.entries, best.tensors).map { entry, tensor in
        ("\(entry.parameter.name).best", tensor)
      }
    }
    return TrainerState(
      tensors: store.tensors + updater.tensors + followers.tensors + bestTensors,
      numbers: [
        "epoch": JSONValue(epoch), "step": JSONValue(step),
        "begun": begun.map {
          [
            "steps": JSONValue($0.steps), "samples": JSONValue($0.samples),
            "skipped": JSONValue($0.skipped), "sum": JSONValue(bits: $0.sum),
          ]
        } ?? .null,
        "best": best.map {
          [
            "value": JSONValue(bits: $0.value), "epoch": JSONValue($0.epoch),
            "step": JSONValue($0.step),
          ]
        } ?? .null,
        "stopping": stoppingBest.map {
          ["value": JSONValue(bits: $0.value), "epoch": JSONValue($0.epoch)]
        } ?? .null,
        "stopped_early": .bool(early != nil),
        "memories": .array(
          optimizerRun.memories.map { .array($0.map { JSONValue(bits: $0) }) }),
        "averaged": JSONValue(followers.averaged), "schedules": rates.state ?? .null,
        "skipped": JSONValue(recoveries.skipped),
        "skipped_in_turn": JSONValue(recoveries.skippedInTurn),
        "rollbacks": JSONValue(recoveries.rollbacks),
      ])
  }

  /// Goes on from where a run of the same model stood.
  ///
  /// - Returns: whether the state is of this model; if not, the trainer must not be used further.
  package func restore(_ state: TrainerState) throws(TrainingError) -> Bool {
    let tensors = Dictionary(
      state.tensors.map { ($0.name, $0.tensor) }, uniquingKeysWith: { first, _ in first })
    let numbers = state.numbers
    let memories = numbers["memories"]?.elements?.map { memory in
      (memory.elements ?? []).compactMap(\.bits)
    }
    guard let memories, optimizerRun.restore(memories),
      let epoch = numbers["epoch"]?.count(),
      let step = numbers["step"]?.count(),
      let averaged = numbers["averaged"]?.count(),
      followers.restore(tensors, averaged: averaged), updater.restore(tensors),
      let schedules = numbers["schedules"], schedules == .null || rates.restore(schedules)
    else { return false }
    for entry in store.layout.entries {
      guard let tensor = tensors[entry.parameter.name], tensor.shape == entry.shape else {
        return false
      }
      store.set(entry, tensor)
    }
    (self.epoch, self.step) = (epoch, step)
    guard restorePlace(numbers), restoreRecoveries(numbers) else { return false }
    try restoreBest(numbers["best"] ?? .null, tensors)
    rollbackPoint = numbers["rollback"].map { numbers in
      TrainerState(
        tensors: state.tensors.filter { $0.name.hasSuffix(Trainer.rollbackSuffix) }.map {
          (String($0.name.dropLast(Trainer.rollbackSuffix.count)), $0.tensor)
        }, numbers: numbers)
    }
    return true
  }

  private func restoreRecoveries(_ numbers: JSONValue) -> Bool {
    guard let skipped = numbers["skipped"]?.count(upTo: step),
      let inTurn = numbers["skipped_in_turn"]?.count(upTo: skipped),
      let rollbacks = numbers["rollbacks"]?.count(upTo: Recoveries.mostRollbacks)
    else { return false }
    recoveries = Recoveries(skipped: skipped, skippedInTurn: inTurn, rollbacks: rollbacks)
    return true
  }

  private func restorePlace(_ numbers: JSONValue) -> Bool {
    (begun, stoppingBest, early) = (nil, nil, nil)
    if let written = numbers["begun"], written != .null {
      guard let steps = written["steps"]?.count(),
        let samples = written["samples"]?.count(upTo: epochRows.count),
        let skipped = written["skipped"]?.count(upTo: samples), let sum = written["sum"]?.bits
      else { return false }
      begun = EpochProgress(steps: steps, samples: samples, skipped: skipped, sum: sum)
    }
    if let written = numbers["stopping"], written != .null {
      guard let value = written["value"]?.bits, let epoch = written["epoch"]?.count(upTo: epoch)
      else { return false }
      stoppingBest = (value, epoch)
      if numbers["stopped_early"] == .bool(true) { early = .stoppedEarly(bestEpoch: epoch) }
    }
    return true
  }

  private func restoreBest(
    _ written: JSONValue, _ tensors: [String: Tensor]
  ) throws(TrainingError) {
    best = nil
    guard let value = written["value"]?.bits, let epoch = written["epoch"]?.count(upTo: epoch),
      let step = written["step"]?.count(upTo: step)
    else { return }
    try refreshKept()
    let entries = kept.layout.entries
    best = Best(
      value: value, epoch: epoch, step: step,
      tensors: entries.map { entry in
        tensors["\(entry.parameter.name).best"] ?? kept.tensor(entry)
      })
  }
}

extension JSONValue {
  /// A number to the bit, whatever it is.
  fileprivate init(bits number: Double) {
    let digits = String(number.bitPattern, radix: 16)
    self = .string(String(repeating: "0", count: 16 - digits.count) + digits)
  }

  /// A whole number from zero to a bound; a file may have been changed by anyone.
  fileprivate func count(upTo most: Int = Int(Int32.max)) -> Int? {
    integerValue.flatMap { Int(exactly: $0) }.flatMap { (0...most).contains($0) ? $0 : nil }
  }

  fileprivate var bits: Double? {
    stringValue.flatMap { UInt64($0, radix: 16) }.map { Double(bitPattern: $0) }
  }
}
