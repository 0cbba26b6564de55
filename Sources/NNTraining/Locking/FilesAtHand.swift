import NNCatalogue
import NNCheckpoint
import NNData
import NNEngine
import NNJSON
import NNModel
import NNTensor
import NNYAML

/// The metadata of a checkpoint.
struct CheckpointFacts {
  private let metadata: [String: String]
  /// Its data files, and their digests.
  let files: [(name: String, digest: String)]
  /// Its data section; nil where it cannot be read.
  let data: DataSpec?

  init(_ metadata: [String: String]) {
    self.metadata = metadata
    let members =
      metadata[MetadataKey.dataDigests.rawValue].flatMap { try? JSONValue.parse($0) }?.members ?? []
    files = members.map { ($0.name, $0.value.stringValue ?? "") }
    let text = metadata[MetadataKey.model.rawValue] ?? ""
    data = DataSpec(ofModel: Array(text.utf8))
  }

  subscript(key: MetadataKey) -> String? { metadata[key.rawValue] }

  /// What may make other bytes here.
  var notes: [String] {
    var notes: [String] = []
    if let version = self[.version], version != nncVersion {
      notes.append("it was written by nnc \(version), this is \(nncVersion)")
    }
    let own = [DataType.float32, .bfloat16].map { instructionSet(for: $0) }
    if let other = self[.instructionSet], !own.contains(other) {
      notes.append("it was made with \(other), this processor computes with \(own[0])")
    }
    return notes
  }
}

/// A model file that is there now.
struct ModelAtHand {
  private let bytes: [UInt8]
  private let path: String
  /// The data section; nil where the file has mistakes.
  let data: DataSpec?

  /// Nil where there is none.
  init?(_ path: String) {
    guard case .success(let bytes) = readBytes(path) else { return nil }
    self.bytes = bytes
    self.path = path
    data = DataSpec(ofModel: bytes)
  }

  /// The file as it counts; nil where it has mistakes.
  func resolved(_ depth: DataDepth) -> YAMLNode? {
    let checked = ModelFile.check(bytes, name: path, directory: folder(of: path), depth: depth)
    guard let text = checked.value?.file.resolvedText else { return nil }
    return parseYAML(bytes: Array(text.utf8), name: path).node
  }
}

/// A data file that a checkpoint names.
struct DataAtHand {
  private let path: String
  private let directory: String
  /// Whether the person's own model file names it.
  private let isNamed: Bool

  init(path: String, directory: String, _ current: ModelAtHand?) {
    self.path = path
    self.directory = directory
    isNamed = current?.data?.names(path) ?? false
  }

  /// Whether a path stays in the folder that it starts from, as far as its letters tell.
  static func staysInside(_ path: String) -> Bool {
    guard !path.hasPrefix("/") else { return false }
    var depth = 0
    for part in path.split(separator: "/") {
      if part == ".." { depth -= 1 } else if part != "." { depth += 1 }
      if depth < 0 { return false }
    }
    return true
  }

  /// - data: the checkpoint's section, which knows what belongs to a file.
  /// - follows: whether a path is opened that leaves the folder though no model file at hand has it.
  func compare(_ digest: String, _ data: DataSpec?, follows: Bool) -> OriginReport.Finding {
    guard follows || isNamed || DataAtHand.staysInside(path) else {
      return .unchecked(
        "the path leaves the folder, and the model file at hand does not name it; see --follow")
    }
    let file =
      data?.sourceFiles(baseDirectory: directory).first { $0.path == path }
      ?? SourceFile(path: path, openedPath: joinedPath(path, to: directory))
    do throws(CheckpointError) {
      let found = try file.digest.hexadecimal
      return found == digest
        ? .same
        : .differs("SHA-256 was \(digest.prefix(16))…, is \(found.prefix(16))…")
    } catch {
      return fileSize(file.openedPath) == nil ? .missing : .differs(error.message)
    }
  }
}

extension DataSpec {
  /// The data section of a model file; nil where it has mistakes, which are told by whoever checks
  /// the file.
  fileprivate init?(ofModel bytes: [UInt8]) {
    var reader = Reader(file: "model.yaml", catalogue: .standard)
    let root = parseYAML(bytes: bytes, name: reader.file).node.flatMap { reader.expanded($0) }
    guard
      let data = root?.mapping?["data"].flatMap({
        DataSpec.read($0, needsTargets: false, &reader)
      })
    else { return nil }
    self = data
  }
}
