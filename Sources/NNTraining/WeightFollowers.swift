package import NNEngine
package import NNGraph
package import NNModel
package import NNTensor

/// The weights that follow those that are trained: lookahead's slow ones, and an average.
package final class WeightFollowers {
  private let store: ParameterStore
  private let lookahead: (rule: Lookahead, slow: WeightCopy)?
  private let average: (rule: WeightAverage, copy: WeightCopy)?
  /// How often the average has changed.
  package private(set) var averaged = 0

  package init(
    _ spec: OptimizerSpec, of store: ParameterStore, pool: WorkerPool
  ) throws(KernelError) {
    self.store = store
    if let rule = spec.lookahead {
      lookahead = (rule, try WeightCopy(of: store, pool: pool))
    } else {
      lookahead = nil
    }
    if let rule = spec.average {
      average = (rule, try WeightCopy(of: store, pool: pool))
    } else {
      average = nil
    }
  }

  /// Whether what is evaluated may differ from what is trained.
  package var hasAverage: Bool { average != nil }

  /// - step: counts from zero.
  package func begin(step: Int) {
    if step == 0 { lookahead?.slow.follow(by: 1) }
  }

  /// - step: the one that has just been taken, counted from one.
  package func follow(step: Int) {
    if let (rule, slow) = lookahead, step % rule.every == 0 {
      slow.follow(by: rule.alpha)
      slow.write(to: store)
    }
    if case (.exponential(let rule), let copy)? = average, step % rule.every == 0 {
      let count = Double(averaged)
      let decay = rule.warmup ? min(rule.decay, (1 + count) / (10 + count)) : rule.decay
      copy.follow(by: averaged == 0 ? 1 : 1 - decay)
      averaged += 1
    }
  }

  /// - epoch: the one that has just ended, counted from one.
  package func endEpoch(_ epoch: Int) {
    guard case (.stochastic(let rule), let copy)? = average, epoch >= rule.start,
      (epoch - rule.start) % rule.every == 0
    else { return }
    averaged += 1
    copy.follow(by: 1 / Double(averaged))
  }

  /// Writes the average over another store's copy of the weights, once it has begun.
  package func writeAverage(to other: ParameterStore) {
    if averaged > 0 { average?.copy.write(to: other) }
  }

  // MARK: State

  package var tensors: [(name: String, tensor: Tensor)] {
    (lookahead?.slow.tensors("slow") ?? []) + (average?.copy.tensors("average") ?? [])
  }

  /// Goes on with what a run left; false where it is of another model.
  package func restore(_ tensors: [String: Tensor], averaged: Int) -> Bool {
    guard lookahead?.slow.restore(tensors, "slow") ?? true,
      average?.copy.restore(tensors, "average") ?? true
    else { return false }
    self.averaged = averaged
    return true
  }
}

extension ModelSpec {
  /// How many copies of the weights training keeps besides, for a summary of its memory.
  var copiesOfWeights: Int {
    (optimizer.lookahead == nil ? 0 : 1) + (optimizer.average == nil ? 0 : 2)
      + (train.accumulate == 1 ? 0 : 1) + (train.onNan == .rollback ? 1 : 0)
  }
}
