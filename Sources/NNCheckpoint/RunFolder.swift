/// Where one training run keeps what it makes: `<base>/<name>/<number>`.
package struct RunFolder: Sendable, Hashable {
  static let maximumNameLength = 200

  package let path: String
  /// Runs of one name count from 1.
  package let number: Int

  /// The parameters after the epoch that scored best.
  package var best: String { path + "/best.safetensors" }
  /// The parameters after the last epoch.
  package var last: String { path + "/last.safetensors" }
  /// What only resuming needs: the parameters that are trained, the optimizer's state and where
  /// the run stands.
  package var state: String { path + "/state.safetensors" }
  /// One JSON object a line.
  package var metrics: String { path + "/metrics.jsonl" }
  /// The model file as resolved.
  package var model: String { path + "/model.yaml" }
  /// Which part of the data each row went to.
  package var split: String { path + "/split.csv" }
  /// How the run was started and how it ended.
  package var run: String { path + "/run.json" }

  private init(of folder: String, number: Int) {
    path = "\(folder)/\(number)"
    self.number = number
  }
}

extension RunFolder {
  /// Makes the folder of a new run, with the number after the highest.
  ///
  /// Several processes may do so at once: making the folder is what takes the number, so each
  /// gets its own and none is written over. The base, `runs`, is made if it is missing.
  package static func create(
    in base: String, name: String
  ) throws(CheckpointError) -> RunFolder {
    let folder = try self.folder(in: base, name: name)
    try Folder.ensure(folder)
    var number = try numbers(in: folder).max() ?? 0
    while true {
      number += 1
      let run = RunFolder(of: folder, number: number)
      if try Folder.create(run.path) { return run }
    }
  }

  /// The runs of a name, the latest last; none if there is no such folder.
  package static func all(
    in base: String, name: String
  ) throws(CheckpointError) -> [RunFolder] {
    let folder = try self.folder(in: base, name: name)
    guard Folder.isFolder(folder) else { return [] }
    return try numbers(in: folder).sorted()
      .map { RunFolder(of: folder, number: $0) }
      .filter { Folder.isFolder($0.path) }
  }

  /// The run of a name that was made last, or nil.
  package static func latest(
    in base: String, name: String
  ) throws(CheckpointError) -> RunFolder? {
    try all(in: base, name: name).last
  }

  private static func folder(in base: String, name: String) throws(CheckpointError) -> String {
    // The model reader refuses such names with a place; this keeps any other caller from writing
    // outside the base.
    let isControl = { (scalar: Unicode.Scalar) in scalar.properties.generalCategory == .control }
    guard !name.isEmpty, name.utf8.count <= maximumNameLength, name != ".", name != "..",
      !name.utf8.contains(UInt8(ascii: "/")), !name.unicodeScalars.contains(where: isControl)
    else { throw .badRunName(name) }
    return base.hasSuffix("/") ? base + name : "\(base)/\(name)"
  }

  /// The numbers that are taken. Names that only look like numbers, such as `01`, are not runs.
  private static func numbers(in folder: String) throws(CheckpointError) -> [Int] {
    try Folder.names(in: folder).compactMap { name in
      // Nine digits are more runs than anyone has, and leave room to count on.
      guard name.utf8.count <= 9, let number = Int(name), number > 0, String(number) == name else {
        return nil
      }
      return number
    }
  }
}
