import NNGraph
import NNPlan

/// How many samples a shard has. It depends on the model and the batch alone, because it decides
/// the order of sums and with it the bits of the result.
///
/// - A step of few operations is one shard: handing out work would take longer than doing it.
/// - Each shard writes gradients of all parameters, which are read again to be summed; there are
///   only so many shards that this stays small beside the arithmetic.
func shardRows(of plan: Plan, batch: Int, shards given: Int?) -> Int {
  let shards: Int
  if let given {
    shards = given
  } else {
    let operations = plan.cost(rows: batch).operations
    guard operations >= 4_000_000 else { return batch }
    let bearable = Double(operations) * 0.003 / Double(max(plan.parameters.count, 1))
    var power = 2
    while power < 8, Double(power * 2) <= bearable, batch / (power * 2) >= 4 { power *= 2 }
    shards = power
  }
  return max((batch + shards - 1) / shards, 1)
}
