import NNCatalogue
package import NNData
import NNDiagnostics
import NNModel
import NNYAML

extension ModelFile {
  /// Looks at the data of a model file; layers and everything else of it do not matter.
  ///
  /// - Parameters:
  ///   - bytes: the text of the file.
  ///   - name: how findings call the file.
  ///   - directory: where relative paths start.
  ///   - seed: replaces the file's.
  ///   - drawsImages: whether there is to be a sheet of pictures.
  ///   - storage: where data goes that is too large for memory.
  /// - Returns: the look, or what is wrong with the data section or the files.
  package static func look(
    _ bytes: [UInt8], name: String, directory: String, seed: Int? = nil,
    drawsImages: Bool = false, storage: DataStorage = .temporary
  ) -> Checked<DataLook> {
    let parsed = parseYAML(bytes: bytes, name: name)
    var reader = Reader(file: name, catalogue: .standard)
    reader.diagnostics = parsed.diagnostics
    guard var root = parsed.node.flatMap({ reader.expanded($0) }) else {
      return Checked(value: nil, diagnostics: reader.diagnostics, source: parsed.source)
    }
    if let seed { root.setSeed(seed) }
    let before = reader.diagnostics
    let spec = reader.readModel(root)
    // The seed divides the rows; what is wrong elsewhere is told by check.
    let seedRange = root.mapping?["seed"]?.range
    reader.diagnostics = before + reader.diagnostics.filter { $0.range == seedRange }
    if root.mapping?["data"] == nil {
      reader.error(
        "missing-field", "the file has no 'data'", at: root.range,
        help: "Say where the data is: data: {source: file.csv, inputs: {…}, targets: {…}}.")
    }
    let data = root.mapping?["data"].flatMap {
      DataSpec.read($0, needsTargets: spec?.needsTargets ?? true, &reader)
    }
    var look = data.flatMap {
      $0.look(
        baseDirectory: directory, modelSeed: UInt64(spec?.seed ?? 0), drawsImages: drawsImages,
        storage: storage, &reader)
    }
    look?.tellOversampling(spec?.train)
    return Checked(
      value: reader.diagnostics.hasErrors ? nil : look, diagnostics: reader.diagnostics,
      source: parsed.source, files: data?.sourceFiles(baseDirectory: directory) ?? [])
  }
}

extension DataLook {
  /// Tells how many rows an epoch takes where those of rare classes are taken several times.
  fileprivate mutating func tellOversampling(_ train: TrainSpec?) {
    guard let target = train?.oversample, let part = parts.first(where: { $0.name == .train }),
      let counts = part.classes.first(where: { $0.name == target })?.counts.map(\.count)
    else { return }
    let known = counts.filter { $0 > 0 }
    let others = part.rows - known.reduce(0, +)
    oversampled = (target, known.count * (known.max() ?? 0) + others)
  }
}
