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
  ///   - storage: where data goes that is too large for memory.
  /// - Returns: the look, or what is wrong with the data section or the files.
  package static func look(
    _ bytes: [UInt8], name: String, directory: String, seed: Int? = nil,
    storage: DataStorage = .temporary
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
    let look = data.flatMap {
      $0.look(
        baseDirectory: directory, modelSeed: UInt64(spec?.seed ?? 0), storage: storage, &reader)
    }
    return Checked(
      value: reader.diagnostics.hasErrors ? nil : look, diagnostics: reader.diagnostics,
      source: parsed.source, files: data?.sourceFiles(baseDirectory: directory) ?? [])
  }
}
