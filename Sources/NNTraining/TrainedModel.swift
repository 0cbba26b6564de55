import NNCatalogue
import NNCheckpoint
package import NNData
package import NNDiagnostics
import NNEngine
import NNGraph
import NNJSON
package import NNModel
import NNPlan
package import NNTensor
import NNYAML

/// A model out of a checkpoint: its file, its preprocessing and its parameters.
package final class TrainedModel {
  /// What the checkpoint says besides its tensors.
  package let metadata: [String: String]
  package let source: SourceText
  package let spec: ModelSpec
  package let data: DataSpec
  package let preprocessing: Preprocessing
  package let evaluator: Evaluator
  private let store: ParameterStore

  /// - path: of a checkpoint that nnc wrote.
  /// - threads: how many threads evaluate and predict.
  package init(_ path: String, threads: Int) throws(TrainedModelError) {
    let checkpoint = try Self.open(path)
    let metadata = checkpoint.header.metadata
    self.metadata = metadata
    let text = try Self.text(of: .model, in: metadata, path)
    let preprocessing = try Self.preprocessing(in: metadata, path)
    self.preprocessing = preprocessing
    let name = "\(path)/model.yaml"
    let parsed = parseYAML(bytes: Array(text.utf8), name: name)
    source = parsed.source
    var reader = Reader(file: name, catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    let root = parsed.node.flatMap { reader.expanded($0) }
    let spec = root.flatMap { reader.readModel($0) }
    let data = root?.mapping?["data"].flatMap {
      DataSpec.read($0, needsTargets: spec?.needsTargets ?? true, &reader)
    }
    let lowered = spec.flatMap { reader.lower($0, preprocessing.schema, mode: .inference) }
    guard let spec, let data, let lowered, !reader.diagnostics.hasErrors else {
      throw .model(reader.diagnostics.sortedForReading(), parsed.source)
    }
    self.spec = spec
    self.data = data
    // A stranger's model may name sizes that no memory has; its tensors are there.
    let layout = Plan(lowered.graph).parameters
    try Self.requireTensors(of: layout, in: checkpoint, path)
    store = ParameterStore(layout)
    for entry in layout.entries {
      guard let stored = checkpoint.entry(named: entry.parameter.name) else { continue }
      store.write(entry) { checkpoint.copy(stored, to: $0) }
    }
    evaluator = Evaluator(
      lowered, metrics: spec.metrics, preprocessing: preprocessing, batch: spec.train.batch,
      store: store, pool: WorkerPool(threads: threads))
  }

  private static func open(_ path: String) throws(TrainedModelError) -> CheckpointReader {
    do {
      let reader = try CheckpointReader(path)
      try reader.requireUnchanged()
      return reader
    } catch {
      throw .checkpoint(error.message)
    }
  }

  private static func text(
    of key: MetadataKey, in metadata: [String: String], _ path: String
  ) throws(TrainedModelError) -> String {
    if let text = metadata[key] { return text }
    throw .checkpoint(
      "'\(path)' has tensors, but no model: it was not written by nnc (no '\(key.rawValue)')")
  }

  private static func preprocessing(
    in metadata: [String: String], _ path: String
  ) throws(TrainedModelError) -> Preprocessing {
    let text = try text(of: .preprocessing, in: metadata, path)
    do {
      return try Preprocessing(json: try JSONValue.parse(text))
    } catch {
      throw .checkpoint("the preprocessing in '\(path)' is damaged: \(error)")
    }
  }

  private static func requireTensors(
    of layout: ParameterLayout, in checkpoint: CheckpointReader, _ path: String
  ) throws(TrainedModelError) {
    for entry in layout.entries {
      let name = entry.parameter.name
      guard let stored = checkpoint.entry(named: name) else {
        throw .checkpoint("'\(path)' has no tensor '\(name)', which its model needs")
      }
      guard stored.shape == entry.shape else {
        throw .checkpoint(
          """
          the tensor '\(name)' in '\(path)' has the shape \(stored.shape), and its model needs \
          \(entry.shape)
          """)
      }
    }
  }

  /// The parameters and states by name, in the order of the names.
  package var tensors: [(name: String, tensor: Tensor)] {
    store.tensors.sorted { $0.name.utf8.lexicographicallyPrecedes($1.name.utf8) }
  }

  // MARK: Samples

  /// The samples of a part of the data the model was trained with.
  ///
  /// - Parameters:
  ///   - split: the part.
  ///   - directory: where the model file lay.
  ///   - paths: which of the checkpoint's paths are followed.
  ///   - storage: where data goes that is too large for memory.
  /// - Returns: its samples.
  /// - Throws: where the data is not what the model was trained with.
  package func samples(
    _ split: SplitName, directory: String, following paths: PathTrust = .all,
    storage: DataStorage = .temporary
  ) throws(TrainedModelError) -> SampleTable {
    try requireTrusted(paths, directory)
    try requireSameData(directory)
    var reader = Reader(file: source.name, catalogue: .standard)
    let prepared = data.load(
      baseDirectory: directory, modelSeed: UInt64(spec.seed), using: preprocessing,
      storage: storage, &reader)
    guard let prepared else { throw .model(reader.diagnostics.sortedForReading(), source) }
    guard let samples = prepared.splits[split] else {
      throw .checkpoint("the model's data has no \(split.rawValue) part")
    }
    return SampleTable(samples, for: evaluator.graph)
  }

  /// A checkpoint may be a stranger's, whose paths lead where the person would not look.
  private func requireTrusted(
    _ paths: PathTrust, _ directory: String
  ) throws(TrainedModelError) {
    let current = paths.model.flatMap { ModelAtHand($0) }
    let written = data.writtenPaths.first {
      paths != .all && !DataAtHand.staysInside($0) && current?.data?.names($0) != true
    }
    guard let written else { return }
    throw .checkpoint(
      """
      the checkpoint names '\(written)', which leaves the folder of its model file, and there is no \
      model file in '\(directory)' that names it too; name the model file with --model to follow it, \
      or the data with --data
      """)
  }

  /// Other rows would be divided in another way, and training rows pass for test rows.
  private func requireSameData(_ directory: String) throws(TrainedModelError) {
    guard let text = metadata[.dataDigests], let digests = try? JSONValue.parse(text) else {
      return
    }
    let files = data.sourceFiles(baseDirectory: directory)
    // Where a path is a pattern, a file more or less is other rows too.
    let known = digests.members?.map(\.name).filter(data.names) ?? []
    if let path = known.first(where: { path in !files.contains { $0.path == path } }) {
      throw .checkpoint("'\(path)', which the model was trained with, is not there")
    }
    if let file = files.first(where: { !known.contains($0.path) }), !known.isEmpty {
      throw .checkpoint(
        """
        '\(file.openedPath)' is not among the files the model was trained with, and its parts would \
        hold other rows; name files with --data to evaluate on all of them
        """)
    }
    for file in files {
      guard let expected = digests[file.path]?.stringValue,
        let found = try? file.digest, found.hexadecimal != expected
      else { continue }
      throw .checkpoint(
        """
        '\(file.openedPath)' is not the file the model was trained with: its SHA-256 differs, and \
        its parts would hold other rows; name the file with --data to evaluate on all of it
        """)
    }
  }

  /// The samples of a table that the command line names.
  package func samples(
    of table: Table, needTargets: Bool
  ) throws(TrainedModelError) -> (table: SampleTable, prepared: PreparedTable) {
    let (prepared, diagnostics) = preprocessing.prepare(table, needTargets: needTargets)
    guard let prepared else { throw .model(diagnostics, nil) }
    return (SampleTable(prepared.samples, for: evaluator.graph), prepared)
  }
}

/// Which paths of a checkpoint are followed out of the folder of its model file.
package enum PathTrust: Sendable, Equatable {
  case all
  /// Those that this model file at hand names too; none where there is no such file.
  case named(byModel: String?)

  var model: String? {
    if case .named(let model) = self { model } else { nil }
  }
}

/// Why a checkpoint cannot be used.
package enum TrainedModelError: Error {
  case checkpoint(String)
  /// Findings in its model or in data.
  case model([Diagnostic], SourceText?)
}
