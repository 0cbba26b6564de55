import NNCatalogue
package import NNData
import NNDiagnostics
import NNModel

extension ModelDraft {
  /// The name of a model of a file: its own without folders and endings.
  package static func name(ofData path: String) -> String {
    let name = path.split(separator: "/").last ?? "model"
    let stem = String(name.prefix { $0 != "." })
    let allowed = stem.map {
      $0.isLetter && $0.isASCII || $0.isNumber && $0.isASCII || "-_".contains($0) ? $0 : "-"
    }
    return allowed.isEmpty ? "model" : String(allowed)
  }

  /// The path of a file as a model file that stands elsewhere names it; both are relative to the
  /// working directory, or begin with a slash.
  package static func path(to data: String, from file: String) -> String {
    let folders = file.split(separator: "/").dropLast().filter { $0 != "." }
    // From a folder that is not below this one the way back is not known.
    guard !data.hasPrefix("/"), !file.hasPrefix("/"), !folders.contains("..") else { return data }
    return String(repeating: "../", count: folders.count) + data
  }

  /// A network small enough to be understood, with its data in the file.
  package static let starter = """
    nnc: 1
    name: model
    seed: 1                                  # the same file, data and seed give the same bytes

    data:
      source:                                # a table, such as source: flowers.csv, or rows as here
        rows:
          columns: [left, right, answer]
          values: [[0, 0, 0], [0, 1, 1], [1, 0, 1], [1, 1, 0]]
      inputs:
        pair: {columns: [left, right]}
      targets:
        answer: {column: answer, type: binary, positive: "1"}

    model:                                   # nnc explain dense tells what there is to say
      - dense: {units: 8, activation: tanh}
      - dense: answer                        # as many units as the target needs

    loss: binary_cross_entropy
    optimizer: {adam: 3e-2}

    train: {epochs: 500, batch: 4}
    metrics: [accuracy]

    """
}

extension TableLook {
  /// Reads a table that the command line names.
  package static func read(_ path: String) -> Checked<TableLook> {
    var reader = Reader(file: path, catalogue: .standard)
    let look = TableLook(path: path, &reader)
    return Checked(
      value: look, diagnostics: reader.diagnostics, source: nil,
      files: [SourceFile(path: path, openedPath: path)])
  }
}
