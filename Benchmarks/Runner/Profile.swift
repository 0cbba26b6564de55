import NNEngine
import NNGraph
import NNJSON
import NNTraining

extension Trainer {
  /// What the ops of a step take, medians of several, the slowest first.
  func profileTable(_ rows: [Int], repeats: Int) throws -> JSONValue {
    var times: [[Double]] = []
    var gathering: [Double] = []
    var entries: [StepProfile.Entry] = []
    for _ in 0..<max(repeats, 1) {
      let profile = try profile(rows)
      entries = profile?.entries ?? []
      gathering.append(profile?.gathering ?? 0)
      times.append(entries.map(\.seconds))
    }
    let medians = entries.indices.map { op in
      times.map { $0[op] }.sorted()[times.count / 2]
    }
    let slowest = entries.indices.sorted { medians[$0] > medians[$1] }
    let gather: JSONValue = [
      "op": "gather", "layer": "data", "shapes": "",
      "microseconds": .number(gathering.sorted()[gathering.count / 2] * 1e6),
    ]
    return .array(
      [gather]
        + slowest.map { op in
          [
            "op": .string(String("\(entries[op].node.op)".prefix(160))),
            "layer": .string(entries[op].node.scope), "shapes": .string(entries[op].shapes),
            "microseconds": .number(medians[op] * 1e6),
          ]
        })
  }
}
