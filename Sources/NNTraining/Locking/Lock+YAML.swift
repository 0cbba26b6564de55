import NNCheckpoint
package import NNDiagnostics
import NNYAML

extension Lock {
  /// The text of the file.
  package var text: String { writeYAML(node) }

  private var node: YAMLNode {
    let files = conditions.files.map { file -> YAMLNode in
      [
        "path": "\(file.path)", "bytes": YAMLNode(.int(file.byteCount)), "sha256": "\(file.digest)",
      ]
    }
    let after = results.after.map { (String($0.epoch), YAMLNode(.string($0.digest))) }
    let tensors = results.tensors.map { ($0.name, YAMLNode(.string($0.digest))) }
    let figures = results.figures.map { split, numbers in
      (split, YAMLNode(numbers.map { ($0.name, YAMLNode(.float($0.value))) }))
    }
    return [
      "lock": YAMLNode(.int(Lock.version)), "nnc": "\(conditions.version)",
      "instruction_set": "\(conditions.instructionSet)", "config": "\(conditions.config)",
      "data": YAMLNode(files), "samples": "\(conditions.samples)",
      "weights": [
        "initial": "\(results.initial)", "every": YAMLNode(.int(results.every)),
        "after": YAMLNode(after), "tensors": YAMLNode(tensors), "best": "\(results.best)",
        "last": "\(results.last)",
      ],
      "epochs": YAMLNode(.int(results.epochs)), "steps": YAMLNode(.int(results.steps)),
      "metrics": YAMLNode(figures), "model": conditions.model,
    ]
  }
}

// MARK: - Reading

/// What there is at the place of a lock.
package enum LockReading: Sendable {
  case none
  case lock(Lock)
  /// Something that cannot be taken for a lock.
  ///
  /// - isOwn: whether it is one all the same, only damaged, and may be written anew.
  case damaged([Diagnostic], SourceText?, isOwn: Bool)
}

extension Lock {
  /// A lock of a few megabytes is none.
  private static let largest = 16 << 20

  package static func read(_ path: String) -> LockReading {
    guard let size = fileSize(path) else { return .none }
    func refused(_ why: String) -> LockReading {
      let finding = Diagnostic(
        "damaged-lock", "cannot read the lock: \(why)", file: path, at: .beginning)
      return .damaged([finding], nil, isOwn: false)
    }
    guard size <= largest else { return refused("it is larger than \(largest) bytes") }
    switch readBytes(path) {
    case .failure(let failure): return refused(failure.message)
    case .success(let bytes): return parse(bytes, name: path)
    }
  }

  /// Reads a lock from its bytes.
  package static func parse(_ bytes: [UInt8], name: String) -> LockReading {
    let parsed = parseYAML(bytes: bytes, name: name)
    // What two people merged, or one edited, is still theirs to write anew.
    let isOwn = bytes.starts(with: "lock: 1\n".utf8)
    guard let node = parsed.node, !parsed.diagnostics.hasErrors else {
      return .damaged(parsed.diagnostics, parsed.source, isOwn: isOwn)
    }
    var reader = LockReader(file: name)
    let lock = reader.lock(node)
    guard let lock, reader.findings.isEmpty else {
      return .damaged(reader.findings, parsed.source, isOwn: isOwn)
    }
    return .lock(lock)
  }
}

/// Reads a lock strictly: what training writes, and nothing else.
private struct LockReader {
  let file: String
  var findings: [Diagnostic] = []

  mutating func damaged(_ message: String, at node: YAMLNode) {
    findings.append(
      Diagnostic(
        "damaged-lock", message, file: file, at: node.range,
        help: "Take the lock from git again, or remove it and train to make it anew."))
  }

  mutating func lock(_ node: YAMLNode) -> Lock? {
    guard let version = node.mapping?["lock"] else {
      damaged("this is no lock that nnc wrote", at: node)
      return nil
    }
    guard version.scalar?.value == .int(Lock.version) else {
      damaged("this nnc reads locks of version \(Lock.version)", at: version)
      return nil
    }
    checkKeys(
      node,
      [
        "lock", "nnc", "instruction_set", "config", "data", "samples", "weights", "epochs", "steps",
        "metrics", "model",
      ])
    let weights = value(node, "weights")
    if let weights {
      checkKeys(weights, ["initial", "every", "after", "tensors", "best", "last"])
    }
    guard let weights, let version = text(node, "nnc"),
      let instructionSet = text(node, "instruction_set"), let config = digest(node, "config"),
      let files = files(node), let samples = digest(node, "samples"),
      let initial = digest(weights, "initial"), let every = count(weights, "every"),
      let after = digests(weights, "after"), let tensors = digests(weights, "tensors"),
      let best = digest(weights, "best"), let last = digest(weights, "last"),
      let epochs = count(node, "epochs"), let steps = count(node, "steps"),
      let figures = figures(node), let model = value(node, "model")
    else { return nil }
    guard ContentDigest(of: writeYAML(model)).hexadecimal == config else {
      damaged("'config' is not the digest of 'model'", at: model)
      return nil
    }
    let epochsAfter = after.compactMap { Int($0.name) }
    guard epochsAfter.count == after.count, zip(epochsAfter, epochsAfter.dropFirst()).allSatisfy(<)
    else {
      damaged("the keys of 'after' are epochs in ascending order", at: weights)
      return nil
    }
    return Lock(
      conditions: LockConditions(
        version: version, instructionSet: instructionSet, config: config, model: model,
        files: files, samples: samples),
      results: LockResults(
        epochs: epochs, steps: steps, initial: initial, every: every,
        after: zip(epochsAfter, after).map { ($0, $1.digest) }, tensors: tensors, best: best,
        last: last, figures: figures))
  }

  // MARK: Values

  private mutating func checkKeys(_ node: YAMLNode, _ keys: [String]) {
    for entry in node.mapping?.entries ?? [] where !keys.contains(entry.key) {
      findings.append(
        Diagnostic(
          "damaged-lock", "a lock has no '\(entry.key)'", file: file, at: entry.keyRange))
    }
  }

  private mutating func value(_ node: YAMLNode, _ key: String) -> YAMLNode? {
    guard let value = node.mapping?[key] else {
      damaged("the lock has no '\(key)'", at: node)
      return nil
    }
    return value
  }

  private mutating func text(_ node: YAMLNode, _ key: String) -> String? {
    guard let value = value(node, key) else { return nil }
    if case .string(let text) = value.scalar?.value { return text }
    damaged("'\(key)' is a text", at: value)
    return nil
  }

  private mutating func count(_ node: YAMLNode, _ key: String) -> Int? {
    guard let value = value(node, key) else { return nil }
    if case .int(let number) = value.scalar?.value, number >= 0 { return number }
    damaged("'\(key)' is a whole number", at: value)
    return nil
  }

  private mutating func digest(_ node: YAMLNode, _ key: String) -> String? {
    guard let text = text(node, key) else { return nil }
    if ContentDigest(hexadecimal: text) != nil { return text }
    damaged("'\(key)' is a SHA-256 in 64 digits", at: value(node, key) ?? node)
    return nil
  }

  private mutating func digests(
    _ node: YAMLNode, _ key: String
  ) -> [(name: String, digest: String)]? {
    guard let value = value(node, key), let entries = value.mapping?.entries else {
      damaged("'\(key)' is a mapping", at: node)
      return nil
    }
    var list: [(name: String, digest: String)] = []
    for entry in entries {
      guard case .string(let text) = entry.value.scalar?.value,
        text.utf8.count == LockResults.shortDigits
      else {
        damaged("a digest of '\(key)' has \(LockResults.shortDigits) digits", at: entry.value)
        return nil
      }
      list.append((entry.key, text))
    }
    return list
  }

  private mutating func files(_ node: YAMLNode) -> [DigestedFile]? {
    guard let value = value(node, "data"), let nodes = value.sequence else {
      damaged("'data' is a list of files", at: node)
      return nil
    }
    var files: [DigestedFile] = []
    for node in nodes {
      checkKeys(node, ["path", "bytes", "sha256"])
      guard let path = text(node, "path"), let bytes = count(node, "bytes"),
        let digest = digest(node, "sha256")
      else { return nil }
      files.append(DigestedFile(path: path, byteCount: bytes, digest: digest))
    }
    return files
  }

  private mutating func figures(
    _ node: YAMLNode
  ) -> [(split: String, numbers: [(name: String, value: Double)])]? {
    guard let value = value(node, "metrics"), let parts = value.mapping?.entries else {
      damaged("'metrics' is a mapping", at: node)
      return nil
    }
    var figures: [(split: String, numbers: [(name: String, value: Double)])] = []
    for part in parts {
      var numbers: [(name: String, value: Double)] = []
      for entry in part.value.mapping?.entries ?? [] {
        switch entry.value.scalar?.value {
        case .float(let number): numbers.append((entry.key, number))
        case .int(let number): numbers.append((entry.key, Double(number)))
        default:
          damaged("a figure is a number", at: entry.value)
          return nil
        }
      }
      figures.append((part.key, numbers))
    }
    return figures
  }
}
