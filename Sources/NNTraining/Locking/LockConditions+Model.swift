package import NNCheckpoint
import NNDiagnostics
package import NNData
import NNEngine
import NNGraph
import NNModel
import NNPlan
import NNTensor
import NNYAML

extension LockConditions {
  /// What a training of a model on its data begins with.
  ///
  /// - files: as they were digested.
  package init(
    _ model: CheckedModel, _ data: PreparedData, files: [DigestedFile]
  ) throws(TrainingError) {
    let text = model.file.resolvedText
    do {
      self.init(
        version: nncVersion,
        instructionSet: NNEngine.instructionSet(for: model.file.spec.train.precision.operands),
        config: ContentDigest(of: text).hexadecimal,
        model: parseYAML(SourceText(name: "model.yaml", text: text)).node ?? nil, files: files,
        samples: try data.digest.hexadecimal)
    } catch {
      throw .storage(error)
    }
  }
}

extension CheckedModel {
  /// The digests of all files that training begins with.
  package func digestedFiles(_ data: PreparedData) throws(TrainingError) -> [DigestedFile] {
    do {
      return try (data.sourceFiles + tensorFiles).map { file throws(CheckpointError) in
        DigestedFile(
          path: file.path, byteCount: file.byteCount ?? 0, digest: try file.digest.hexadecimal)
      }
    } catch {
      throw .recording(error.message)
    }
  }
}

extension PreparedData {
  /// The digest of which row is of which part, line by line as in split.csv, and of the samples of
  /// each part, number by number as they are before anything random is done to them.
  var digest: ContentDigest {
    get throws(StorageProblem) {
      var hasher = ContentHasher()
      for line in SplitLines(self) { hasher.update(line + "\n") }
      for name in SplitName.allCases {
        guard let samples = splits[name] else { continue }
        hasher.update("\(name.rawValue) \(samples.count)\n")
        try samples.forEachRecords { hasher.update(UnsafeRawBufferPointer($0)) }
      }
      return hasher.finish()
    }
  }
}

extension Trainer {
  /// The digest of the parameters as they are trained: of each its name, its shape and its numbers.
  package var weightsDigest: ContentDigest {
    var hasher = ContentHasher()
    for entry in store.layout.entries {
      hasher.update("\(entry.parameter.name) \(entry.shape)\n")
      hasher.update(store.tensor(entry).values.span.bytes)
    }
    return hasher.finish()
  }

  /// The digest of each parameter's numbers.
  var tensorDigests: [(name: String, digest: ContentDigest)] {
    store.layout.entries.map { entry in
      var hasher = ContentHasher()
      hasher.update(store.tensor(entry).values.span.bytes)
      return (entry.parameter.name, hasher.finish())
    }
  }
}
