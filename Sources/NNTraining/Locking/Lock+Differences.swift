package import NNJSON
import NNYAML

/// Something that a lock has otherwise than a training.
package struct LockDifference: Sendable {
  package enum Kind: Sendable {
    /// The version or the instruction set, with which the same bytes may come or not.
    case program
    /// The model file or data, with which other bytes come.
    case input
    case weights
    case figure
  }

  package let kind: Kind
  /// A key of the model file, a data file, what was made.
  package let subject: String
  /// Nil where there is nothing.
  package let locked: String?
  package let found: String?

  package var message: String {
    "\(subject): \(locked ?? "nothing") in the lock, \(found ?? "nothing") now"
  }

  package var json: JSONValue {
    [
      "subject": .string(subject), "locked": locked.map { .string($0) } ?? .null,
      "found": found.map { .string($0) } ?? .null,
    ]
  }
}

extension LockConditions {
  /// What another training begins with that is not as here.
  package func differences(to other: LockConditions) -> [LockDifference] {
    var found: [LockDifference] = []
    func compare(
      _ subject: String, _ old: String?, _ new: String?, _ kind: LockDifference.Kind = .input
    ) {
      guard old != new else { return }
      found.append(LockDifference(kind: kind, subject: subject, locked: old, found: new))
    }
    compare("nnc", version, other.version, .program)
    compare("instruction set", instructionSet, other.instructionSet, .program)
    let keys = model.differences(to: other.model)
    found += keys.map {
      LockDifference(
        kind: .input, subject: $0.path, locked: shown($0.old), found: shown($0.new))
    }
    if keys.isEmpty, config != other.config {
      found.append(
        LockDifference(
          kind: .input, subject: "the model file, in the order or the spelling of what it says",
          locked: short(config), found: short(other.config)))
    }
    let paths =
      files.map(\.path)
      + other.files.map(\.path).filter { path in
        !files.contains { $0.path == path }
      }
    for path in paths {
      compare(
        "data '\(path)'", files.first { $0.path == path }?.shown,
        other.files.first { $0.path == path }?.shown)
    }
    // It follows from what was told, where anything was.
    if files == other.files, keys.isEmpty {
      compare("samples", short(samples), short(other.samples))
    }
    return found
  }
}

extension LockResults {
  /// The first epoch after which the weights differ, and the one before up to which they do not; zero
  /// is before the first step.
  package func firstDifference(to other: LockResults) -> (epoch: Int, sameAfter: Int?)? {
    guard initial == other.initial else { return (0, nil) }
    var same = 0
    for (epoch, digest) in after {
      guard let found = other.after.first(where: { $0.epoch == epoch }) else { continue }
      guard found.digest == digest else { return (epoch, same) }
      same = epoch
    }
    return nil
  }

  /// The tensors that differ after the last step.
  package func differentTensors(to other: LockResults) -> [String] {
    let names =
      tensors.map(\.name)
      + other.tensors.map(\.name).filter { name in
        !tensors.contains { $0.name == name }
      }
    return names.filter { name in
      tensors.first { $0.name == name }?.digest != other.tensors.first { $0.name == name }?.digest
    }
  }

  /// What another training gave that is not as here.
  package func differences(to other: LockResults) -> [LockDifference] {
    var found: [LockDifference] = []
    func compare(_ subject: String, _ old: String?, _ new: String?) {
      guard old != new else { return }
      found.append(LockDifference(kind: .weights, subject: subject, locked: old, found: new))
    }
    if let (epoch, sameAfter) = firstDifference(to: other) {
      if epoch == 0 {
        compare("weights before the first step", short(initial), short(other.initial))
      } else {
        let until = sameAfter == 0 ? "before the first step" : "after epoch \(sameAfter ?? 0)"
        compare(
          "weights after epoch \(epoch), which were the same \(until)",
          after.first { $0.epoch == epoch }?.digest,
          other.after.first { $0.epoch == epoch }?.digest)
      }
    }
    let names = differentTensors(to: other)
    for name in names.prefix(8) {
      compare(
        "tensor '\(name)' after the last step", tensors.first { $0.name == name }?.digest,
        other.tensors.first { $0.name == name }?.digest)
    }
    if names.count > 8 {
      found.append(
        LockDifference(
          kind: .weights, subject: "\(names.count - 8) tensors more after the last step",
          locked: "one",
          found: "another"))
    }
    compare("epochs", String(epochs), String(other.epochs))
    compare("steps", String(steps), String(other.steps))
    compare("best.safetensors", short(best), short(other.best))
    compare("last.safetensors", short(last), short(other.last))
    return found + differentFigures(to: other)
  }

  private func differentFigures(to other: LockResults) -> [LockDifference] {
    let (old, new) = (named, other.named)
    let names =
      old.map(\.name)
      + new.map(\.name).filter { name in
        !old.contains { $0.name == name }
      }
    return names.compactMap { name in
      let locked = old.first { $0.name == name }?.value
      let found = new.first { $0.name == name }?.value
      guard locked?.bitPattern != found?.bitPattern else { return nil }
      return LockDifference(
        kind: .figure, subject: name, locked: locked.map { "\($0)" }, found: found.map { "\($0)" })
    }
  }

  private var named: [(name: String, value: Double)] {
    figures.flatMap { split, numbers in numbers.map { ("\(split).\($0.name)", $0.value) } }
  }
}

extension DigestedFile {
  fileprivate var shown: String { "\(byteCount) bytes with SHA-256 \(short(digest))" }
}

/// As much of a digest as people compare.
private func short(_ digest: String) -> String {
  digest.count > 16 ? digest.prefix(16) + "…" : digest
}

/// A value of a model file on a line.
func shown(_ node: YAMLNode?) -> String? {
  guard let node else { return nil }
  let text = writeYAML(node).split(separator: "\n").joined(separator: " ")
  return text.count > 60 ? text.prefix(57) + "…" : text
}
