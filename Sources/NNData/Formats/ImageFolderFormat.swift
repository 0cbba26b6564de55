package import NNDiagnostics
import NNJSON

/// A folder of images, whose folders are labels; or one image alone, which has none.
package struct ImageFolderFormat: TypedFormat {
  package static let word = ImageFolderSource.word

  /// What the column of images is called.
  private let column: String

  init(column: String = "image") { self.column = column }

  package init(_ object: inout JSONObject) throws(PreprocessingError) { self.init() }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    let problem = FormatProblem.unsupported(
      "images are read from a folder, or from a file of their own",
      help: "Name the folder, or a .png or .jpg file.")
    return (nil, [problem.diagnostic(of: name, a: "a folder of images")])
  }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    guard let paths = imagesInside(file.openedPath) else {
      // Tells what else it is.
      _ = try readFile(file.openedPath, limit: 1)
      let path = splitPath(file.openedPath)
      return table([.init(path: path.name, label: nil)], in: path.folder, file.path, amount)
    }
    let images = paths.map { path in
      let parts = path.split(separator: "/", maxSplits: 1)
      return LabelledImage(path: path, label: parts.count == 2 ? String(parts[0]) : nil)
    }
    guard !images.isEmpty else {
      let problem = FormatProblem.noRows("it holds no image")
      return (nil, [problem.diagnostic(of: file.path, a: "a folder of images")])
    }
    return table(images, in: file.openedPath, file.path, amount)
  }

  private struct LabelledImage {
    let path: String
    let label: String?
  }

  private func table(
    _ images: [LabelledImage], in folder: String, _ name: String, _ amount: ReadAmount
  ) -> (Table?, [Diagnostic]) {
    var problems = TableProblems()
    let column = ImageColumn(
      images.map(\.path), in: folder, amount, &problems, place: { _ in .bytes(0..<0) })
    guard let column else {
      return (nil, problems.diagnostics(file: name, bytes: []))
    }
    var labels = WordCodes()
    var paths = WordCodes()
    // Of a header there are columns, and no rows.
    for image in images where amount.readsRows {
      if let label = image.label { labels.append(label) } else { labels.appendMissing() }
      paths.append(image.path)
    }
    let table = Table(
      name: name,
      columns: [
        TypedColumn(self.column, .tensors(column)), TypedColumn("label", labels.values),
        TypedColumn("path", paths.values),
      ], format: .typed(self))
    return (table, [])
  }
}

/// The paths of the images in a folder and the folders in it, by the end of their names, sorted;
/// nil where it is no folder.
package func imagesInside(_ folder: String) -> [String]? { imagesInside(folder, depth: 0) }

private func imagesInside(_ folder: String, depth: Int) -> [String]? {
  // A link may lead back to where one has been.
  guard depth < 8, let names = listFolder(folder) else { return nil }
  return names.filter { !$0.hasPrefix(".") }.flatMap { name in
    hasSuffix(name, anyOf: ImageFormat.extensions)
      ? [name]
      : (imagesInside(joinedPath(name, to: folder), depth: depth + 1) ?? []).map {
        "\(name)/\($0)"
      }
  }
}

extension ImageColumn {
  /// Looks at the headers of all images, or of the first alone; nil after telling what is wrong.
  ///
  /// - place: where a row is told of.
  init?(
    _ paths: [String], in folder: String, _ amount: ReadAmount, _ problems: inout TableProblems,
    place: (_ row: Int) -> TableProblems.Place
  ) {
    var headers: [ImageHeader] = []
    for (row, path) in (amount == .header ? paths.prefix(1) : paths[...]).enumerated() {
      do throws(ImageProblem) {
        headers.append(
          try withImageFile(joinedPath(path, to: folder)) {
            bytes throws(ImageProblem) in try ImageHeader(bytes)
          })
      } catch {
        let problem = error.row(path: path)
        problems.add(
          problem.code, at: place(row), "row \(row + 1): \(problem.message)", help: problem.help)
      }
    }
    guard problems.isEmpty else { return nil }
    self.init(folder: folder, paths: paths, headers: headers)
  }
}
