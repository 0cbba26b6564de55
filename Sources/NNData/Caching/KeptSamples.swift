// Keeps prepared samples, and takes them back.
import NNDiagnostics
import NNJSON
import NNModel

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

extension DataSpec {
  /// What an entry holds; nil where there is none, or it is not whole.
  func kept(
    in entry: CacheEntry, _ baseDirectory: String, _ reader: inout Reader
  ) -> PreparedData? {
    guard let about = CacheFolder.about(entry.path), about["version"]?.integerValue == 1,
      let preprocessing = about["preprocessing"].flatMap({ try? Preprocessing(json: $0) }),
      let droppedRows = about["dropped_rows"]?.integerValue
    else { return nil }
    // What is random is not in what was fitted, but in the model file.
    guard let headers = readTables(.header, baseDirectory, &reader),
      let resolved = resolve(in: headers, &reader)
    else { return nil }
    var splits: [SplitName: Samples] = [:]
    var rows: [SplitName: [Int]] = [:]
    do throws(StorageProblem) {
      for part in about["parts"]?.members ?? [] {
        guard let name = SplitName(rawValue: part.name),
          let count = part.value["count"]?.integerValue.map({ Int($0) })
        else { return nil }
        let empty = preprocessing.filedSamples(resolved, isTraining: name == .train)
        let layout = SampleLayout(empty)
        let file = try ScratchFile(reading: "\(entry.path)/\(name.rawValue).samples")
        guard file.byteCount == count * layout.width * 4 else { return nil }
        splits[name] = Samples(
          count: count, inputs: empty.inputs, targets: empty.targets, weights: empty.weights,
          file: SampleFile(layout, count: count, file))
        let numbers = try ScratchFile(reading: "\(entry.path)/\(name.rawValue).rows")
        guard numbers.byteCount == count * 4 else { return nil }
        rows[name] = try numbers.bytes(0..<count * 4).withUnsafeBytes { bytes in
          bytes.bindMemory(to: UInt32.self).map { Int($0) }
        }
      }
      guard splits[.train] != nil else { return nil }
      splits = try settled(splits)
    } catch {
      return nil
    }
    // Telling when it was last used; where that is not possible, nothing is lost.
    utimes(entry.path + "/about.json", nil)
    return PreparedData(
      schema: schema(preprocessing), splits: splits, rows: rows, isCut: references.count == 1,
      preprocessing: preprocessing, droppedRows: Int(droppedRows),
      sourceFiles: sourceFiles(baseDirectory: baseDirectory))
  }

  /// Keeps prepared data, or warns that it cannot be kept.
  func keep(_ data: PreparedData, in entry: CacheEntry, _ reader: inout Reader) {
    do throws(StorageProblem) {
      try entry.folder.make()
      let folder = "\(entry.folder.path)/making-\(getpid())-\(entry.key.prefix(16))"
      guard mkdir(folder, 0o777) == 0 || errno == EEXIST else {
        throw StorageProblem(folder, errno)
      }
      try write(data, title: entry.title, to: folder)
      // Another process may have been first; what it made is the same.
      if rename(folder, entry.path) != 0 {
        for file in listFolder(folder) ?? [] { unlink(folder + "/" + file) }
        rmdir(folder)
      }
    } catch {
      reader.diagnostics.append(
        Diagnostic(
          .warning, "not-cached", error.message, file: reader.file,
          at: references.first?.1.range ?? .beginning,
          help: "Training goes on without; NNC_CACHE names another folder."))
    }
  }

  private func write(
    _ data: PreparedData, title: String, to folder: String
  ) throws(StorageProblem) {
    var parts: [JSONValue.Member] = []
    for name in SplitName.allCases {
      guard let samples = data.splits[name], let rows = data.rows[name] else { continue }
      let path = "\(folder)/\(name.rawValue)"
      unlink(path + ".samples")
      unlink(path + ".rows")
      let file = try ScratchFile(creating: path + ".samples")
      try samples.write(to: file)
      try file.synchronize()
      let numbers = try ScratchFile(creating: path + ".rows")
      try numbers.append(rows.map { UInt32(truncatingIfNeeded: $0) })
      try numbers.synchronize()
      parts.append(.init(name.rawValue, ["count": JSONValue(samples.count)]))
    }
    let about: JSONValue = [
      "version": 1, "title": .string(title), "dropped_rows": JSONValue(data.droppedRows),
      "parts": .object(parts), "preprocessing": data.preprocessing.json,
    ]
    unlink(folder + "/about.json")
    let file = try ScratchFile(creating: folder + "/about.json")
    try file.append(Array(about.serialized().utf8))
    try file.synchronize()
  }
}

extension Preprocessing {
  /// Samples whose values are in a file that is still to be named.
  fileprivate func filedSamples(_ resolved: [ResolvedFeature], isTraining: Bool) -> Samples {
    func arrays(_ features: [FittedFeature]) -> [FeatureArray] {
      features.map { feature in
        let images = resolved.first { $0.spec.name == feature.name }?.reading.images
        let late = images.flatMap {
          LateTransforms($0.pipeline, input: feature.name, size: $0.size)
        }
        return FeatureArray(
          name: feature.name, sampleShape: feature.shape, storage: .filed(feature.dataType),
          late: isTraining ? late : nil)
      }
    }
    return Samples(
      count: 0, inputs: arrays(inputs), targets: arrays(targets),
      weights: weight.map { arrays([$0])[0] })
  }
}

extension ScratchFile {
  func append<Element: BitwiseCopyable>(_ elements: [Element]) throws(StorageProblem) {
    let outcome: Result<Void, StorageProblem> = elements.withUnsafeBytes { bytes in
      do throws(StorageProblem) {
        return .success(try append(bytes))
      } catch {
        return .failure(error)
      }
    }
    try outcome.get()
  }
}
