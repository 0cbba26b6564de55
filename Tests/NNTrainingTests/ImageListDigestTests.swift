import NNCheckpoint
import NNData
import NNDiagnostics
import NNModel
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A checkpoint knows the images that a list names, not the list alone.
@Suite struct ImageListDigestTests {
  private static let photos: URL = {
    let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent()
    return root.appending(path: "datasets/photos/test")
  }()

  @Test(arguments: ["pictures", nil])
  func `another image under the same name is told`(_ subfolder: String?) throws {
    let folder = FileManager.default.temporaryDirectory.appending(path: "nnc-list-\(UUID())")
    let images = subfolder.map { folder.appending(path: $0) } ?? folder
    try FileManager.default.createDirectory(at: images, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    func copy(_ from: String, to name: String) throws {
      let bytes = try Data(contentsOf: Self.photos.appending(path: from))
      try bytes.write(to: images.appending(path: name))
    }
    var list = "image,kind\n"
    for row in 0..<6 {
      let kind = row % 2 == 0 ? "china" : "flower"
      try copy("\(kind)/row-0\(row)-column-17.jpg", to: "\(row).jpg")
      list += "\(row).jpg,\(kind)\n"
    }
    try Data(list.utf8).write(to: folder.appending(path: "list.csv"))
    let place = subfolder.map { ", folder: \($0)" } ?? ""
    let text = """
      nnc: 1
      name: listed
      data:
        source: {image_list: {path: list.csv\(place)}}
        split: {train: 0.67, test: 0.33}
        inputs: {image: {transforms: [{resize: 4}]}}
        targets: {kind: {type: category}}
      model: [flatten, {dense: kind}]
      loss: cross_entropy
      optimizer: {sgd: 0.1}
      train: {epochs: 1}
      checkpoint: {folder: \(folder.path)/runs}
      """
    let checked = ModelFile.check(
      Array(text.utf8), name: "listed.yaml", directory: folder.path, depth: .everything)
    let model = try #require(checked.value, "\(checked.diagnostics.map(\.message))")
    let data = try #require(model.prepared)
    let trainer = try Trainer(model, data, threads: 1)
    let recorder = try RunRecorder(model, data, threads: 1)
    _ = try trainer.train { _ in }
    try recorder.write(trainer)
    let trained = try TrainedModel(recorder.folder.best, threads: 1)
    #expect(try trained.samples(.test, directory: folder.path).count == 2)

    try copy("china/row-05-column-18.jpg", to: "3.jpg")
    let error = #expect(throws: TrainedModelError.self) {
      try trained.samples(.test, directory: folder.path)
    }
    guard case .checkpoint(let message)? = error else {
      Issue.record("another image passes for the one that was trained with")
      return
    }
    #expect(message.contains("list.csv' is not the file the model was trained with"))
  }
}
