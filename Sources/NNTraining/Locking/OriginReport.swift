package import NNCheckpoint
import NNDiagnostics
package import NNJSON
import NNYAML

/// Where the weights of a checkpoint came from, held against the files at hand.
package struct OriginReport: Sendable {
  /// What came of looking at a thing.
  package enum Finding: Sendable, Equatable {
    case same
    case differs(String)
    /// There is nothing to compare with.
    case missing
    /// It was not looked at.
    case unchecked(String)

    /// Whether it speaks against the checkpoint.
    package var isFlaw: Bool {
      switch self {
      case .same, .unchecked: false
      case .differs, .missing: true
      }
    }

    package var text: String {
      switch self {
      case .same: "same"
      case .differs(let how): "differs: \(how)"
      case .missing: "missing"
      case .unchecked(let why): "not looked at: \(why)"
      }
    }

    var json: JSONValue {
      switch self {
      case .same: ["finding": "same"]
      case .differs(let how): ["finding": "differs", "why": .string(how)]
      case .missing: ["finding": "missing"]
      case .unchecked(let why): ["finding": "unchecked", "why": .string(why)]
      }
    }
  }

  /// What the checkpoint says of itself, by the names of its metadata.
  package let facts: [(name: MetadataKey, value: String)]
  /// The content of the checkpoint by its digest, the model file, each data file, the lock.
  package let checks: [(what: String, path: String, finding: Finding)]
  /// What may make other bytes here, though nothing is wrong with the checkpoint.
  package let notes: [String]

  package var isFlawless: Bool { !checks.contains { $0.finding.isFlaw } }

  package var json: JSONValue {
    [
      "provenance": .object(facts.map { .init($0.name.rawValue, .string($0.value)) }),
      "checks": .array(
        checks.map { check in
          .object(
            [.init("what", .string(check.what)), .init("path", .string(check.path))]
              + (check.finding.json.members ?? []))
        }),
      "notes": .array(notes.map { .string($0) }), "same": .bool(isFlawless),
    ]
  }
}

extension OriginReport {
  /// - Parameters:
  ///   - path: of the checkpoint.
  ///   - model: the model file at hand; nil where nobody knows it.
  ///   - follows: whether paths of the checkpoint are followed wherever they lead.
  /// - Throws: where the checkpoint cannot be read.
  package init(
    of path: String, model: String?, follows: Bool
  ) throws(CheckpointError) {
    let reader = try CheckpointReader(path)
    let checkpoint = CheckpointFacts(reader.header.metadata)
    facts = MetadataKey.allCases.compactMap { key in
      guard ![.model, .preprocessing, .dataDigests].contains(key) else { return nil }
      return checkpoint[key].map { (key, $0) }
    }
    var checks: [(what: String, path: String, finding: Finding)] = []
    if checkpoint[.format] != nil {
      checks.append(("content", path, try Self.compareContent(reader)))
    }
    let current = model.flatMap { ModelAtHand($0) }
    if let model {
      checks.append(("model file", model, Self.compare(checkpoint[.model], current)))
    }
    checks += checkpoint.files.map { file in
      let place = DataAtHand(path: file.name, directory: folder(of: model ?? path), current)
      return ("data", file.name, place.compare(file.digest, checkpoint.data, follows: follows))
    }
    if let model {
      checks += Self.compareLock(Lock.path(of: model), checkpoint, try ContentDigest(ofFile: path))
    }
    self.checks = checks
    notes = checkpoint.notes
  }

  private static func compareContent(
    _ reader: CheckpointReader
  ) throws(CheckpointError) -> Finding {
    do {
      try reader.requireUnchanged()
      return .same
    } catch .changed {
      return .differs("its SHA-256 is not the one it names; somebody changed it")
    }
  }

  private static func compare(_ text: String?, _ current: ModelAtHand?) -> Finding {
    guard let text else { return .unchecked("the checkpoint has no model") }
    guard let current else { return .missing }
    guard let old = parseYAML(SourceText(name: "model.yaml", text: text)).node else {
      return .differs("the model in the checkpoint is no YAML")
    }
    // Most can be told without the data; weights of classes that are balanced cannot.
    var differences: [YAMLDifference]?
    for depth in [DataDepth.none, .everything] where differences?.isEmpty != true {
      differences = current.resolved(depth).map { old.differences(to: $0) } ?? differences
    }
    guard let differences else { return .differs("it has mistakes; see nnc check") }
    guard !differences.isEmpty else { return .same }
    let lines = differences.prefix(8).map {
      "\($0.path) was \(shown($0.old) ?? "not there"), is \(shown($0.new) ?? "not there")"
    }
    return .differs(
      lines.joined(separator: "; ")
        + (differences.count > 8 ? "; and \(differences.count - 8) more" : ""))
  }

  private static func compareLock(
    _ path: String, _ checkpoint: CheckpointFacts, _ digest: ContentDigest
  ) -> [(what: String, path: String, finding: Finding)] {
    switch Lock.read(path) {
    case .none: return []
    case .damaged: return [("lock", path, .differs("it is damaged"))]
    case .lock(let lock):
      let own = digest.hexadecimal
      if own == lock.results.best || own == lock.results.last { return [("lock", path, .same)] }
      let why =
        lock.conditions.config != checkpoint[.configDigest]
        ? "it is of another model file"
        : lock.conditions.files.map(\.digest).sorted() != checkpoint.files.map(\.digest).sorted()
          ? "it is of other data"
          : "its best and last weights have other bytes"
      return [("lock", path, .differs(why))]
    }
  }
}
