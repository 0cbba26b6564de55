import NNGraph
import NNModel
import NNPlan
import NNYAML

/// How many samples a shard has. It depends on the model and the batch alone, because it decides
/// the order of sums and with it the bits of the result.
///
/// - A step of few operations is one shard: handing out work would take longer than doing it.
/// - Samples that are compared with each other are in one shard.
/// - The gradients of every shard are added to others', so there are only so many shards that this
///   stays small beside the arithmetic.
/// - A shard has as many samples as its ops want at least, see ``Op/leastRows``, and a handful, unless
///   a sample has so many positions that products are large without.
func shardRows(of plan: Plan, batch: Int, shards given: Int?) -> Int {
  guard !plan.graph.needsWholeBatch else { return batch }
  let shards: Int
  if let given {
    shards = given
  } else {
    let operations = plan.cost(rows: batch).operations
    guard operations >= 4_000_000 else { return batch }
    let least = plan.graph.nodes.map(\.op.leastRows).max() ?? 1
    // How many operations there are for each gradient.
    let uses = Double(operations) / Double(max(plan.parameters.count, 1))
    func isBearable(_ shards: Int) -> Bool {
      let (samples, uses) = (batch / shards, uses / Double(shards))
      return uses >= 667 && samples >= least && (samples >= 4 || uses >= 2400)
    }
    var power = 2
    while power < 8, isBearable(power * 2) { power *= 2 }
    shards = power
  }
  return max((batch + shards - 1) / shards, 1)
}

extension Reader {
  /// More samples than this have too many pairs to keep.
  private static let mostCompared = 8192

  /// Reports what cannot be where a loss compares all samples of a batch: shards that would keep
  /// them apart, and a batch with too many pairs.
  mutating func checkWholeBatch(_ model: LoweredModel, _ spec: ModelSpec, _ root: YAMLNode) {
    guard model.graph.needsWholeBatch, let train = root.mapping?["train"]?.mapping else { return }
    if spec.train.batch > Reader.mostCompared, let node = train["batch"] {
      error(
        "out-of-range",
        "\(spec.train.batch) is out of range: the loss compares all samples of a batch, at most "
          + "\(Reader.mostCompared)",
        at: node.range)
    }
    guard let shards = spec.train.shards, shards > 1, let node = train["shards"] else { return }
    error(
      "conflicting-fields",
      "the loss compares all samples of a batch, which cannot be cut into \(shards) shards",
      at: node.range, help: "Take shards: out.")
  }
}
