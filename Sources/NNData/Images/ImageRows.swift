import NNTensor

/// A column whose rows can be taken for images.
protocol ImageRows: Sendable {
  var rowCount: Int { get }
  /// The channels of the first row, for those who say nothing of channels: 1 or 3, or what there are.
  var usualChannels: Int { get }
  /// Why no image of so many channels can be made of the rows; nil where it can.
  func refusal(of rule: PixelRule) -> String?
  /// The size of a row, as far as the header of its file tells.
  func size(_ row: Int, _ rule: PixelRule) -> ImageSize
  /// What a finding calls a row.
  func name(_ row: Int) -> String
  /// Fills floats from 0 to 1, [channels, height, width], of the size that was told.
  func read(
    _ row: Int, _ rule: PixelRule, into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem)
  /// The same, resized.
  func read(
    _ row: Int, _ rule: PixelRule, resizedBy resize: Resize,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem)
}

extension ImageRows {
  func read(
    _ row: Int, _ rule: PixelRule, resizedBy resize: Resize,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) {
    try resized(size(row, rule), by: resize, into: output) {
      image throws(RowProblem) in try read(row, rule, into: image)
    }
  }

  /// Resizes an image that `write` fills.
  fileprivate func resized(
    _ size: ImageSize, by resize: Resize, into output: UnsafeMutableBufferPointer<Float>,
    _ write: (UnsafeMutableBufferPointer<Float>) throws(RowProblem) -> Void
  ) throws(RowProblem) {
    let image = UnsafeMutableBufferPointer<Float>.allocate(capacity: size.count)
    defer { image.deallocate() }
    image.initialize(repeating: 0)
    try write(image)
    guard let from = image.baseAddress, let to = output.baseAddress else { return }
    let draws = Draws(RandomStream(key: 0), step: 0, sample: 0)
    resize.apply(ImageView(from, size), into: to, draws)
  }
}

/// Images in files, decoded when they are asked for.
///
/// As a column of numbers it is floats from 0 to 1, [channels, height, width], of images that must
/// all be of one size.
struct ImageColumn: TensorColumn, ImageRows {
  /// What the paths are relative to, as it is opened.
  let folder: String
  let paths: [String]
  /// Of each path what its header says; of the first alone where only a header was asked for.
  let headers: [ImageHeader]

  var rowCount: Int { paths.count }
  var usualChannels: Int { (headers.first?.channels ?? 3) < 3 ? 1 : 3 }
  var shape: Shape { size(0, usual).shape }
  var isExactInFloat: Bool { true }
  var isAlwaysFinite: Bool { true }

  private var usual: PixelRule { PixelRule(channels: usualChannels) }

  func refusal(of rule: PixelRule) -> String? { nil }

  func size(_ row: Int, _ rule: PixelRule) -> ImageSize {
    guard headers.indices.contains(row) else {
      return ImageSize(channels: rule.channels, height: 1, width: 1)
    }
    return ImageSize(
      channels: rule.channels, height: headers[row].height, width: headers[row].width)
  }

  func name(_ row: Int) -> String { paths[row] }

  func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) throws(RowProblem) {
    guard size(row, usual) == size(0, usual) else {
      throw .sizes(self, 0, row, usual, isImage: false)
    }
    try read(row, usual, into: output)
  }

  func read(
    _ row: Int, _ rule: PixelRule, into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) {
    let image = try decoded(row, rule)
    guard image.size(rule).count == output.count else { throw changed(row) }
    image.write(rule, into: output)
  }

  func read(
    _ row: Int, _ rule: PixelRule, resizedBy resize: Resize,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) {
    let image = try decoded(row, rule)
    if image.write(rule, resize, into: output) { return }
    try resized(size(row, rule), by: resize, into: output) { image.write(rule, into: $0) }
  }

  /// An image of the size that its header told before.
  private func decoded(_ row: Int, _ rule: PixelRule) throws(RowProblem) -> DecodedImage {
    let path = paths[row]
    let image: DecodedImage
    do throws(ImageProblem) {
      image = try withImageFile(joinedPath(path, to: folder)) {
        bytes throws(ImageProblem) in try DecodedImage(bytes)
      }
    } catch {
      throw error.row(path: path)
    }
    guard image.size(rule) == size(row, rule) else { throw changed(row) }
    return image
  }

  private func changed(_ row: Int) -> RowProblem {
    RowProblem("damaged-image", "the image '\(paths[row])' changed while it was read")
  }
}

/// Calls with the bytes of a file that may be an image.
func withImageFile<Result>(
  _ path: String, _ body: (UnsafeRawBufferPointer) throws(ImageProblem) -> Result
) throws(ImageProblem) -> Result {
  let file: FileBytes
  do throws(FileProblem) {
    file = try FileBytes(mapping: path)
  } catch {
    throw .file(error)
  }
  let outcome: Swift.Result<Result, ImageProblem> = file.withBytes { bytes in
    do throws(ImageProblem) {
      return .success(try body(bytes))
    } catch {
      return .failure(error)
    }
  }
  return try outcome.get()
}

/// Rows of an array, [height, width] or [channels, height, width], as images.
struct ArrayImages: ImageRows {
  private let tensors: any TensorColumn
  /// What stands for white.
  private let white: Float
  private let factor: Float
  private let size: ImageSize

  /// Nil where the rows are of another shape.
  init?(_ tensors: any TensorColumn) {
    guard let size = ImageSize(rowShape: tensors.shape), let white = tensors.white else {
      return nil
    }
    self.tensors = tensors
    self.white = white
    factor = 1
    self.size = size
  }

  /// Numbers in whatever columns; nil where they are not as many as the pixels.
  init?(_ tensors: any TensorColumn, _ pixels: PixelColumns) {
    guard let size = ImageSize(rowShape: pixels.shape), size.count == tensors.shape.count else {
      return nil
    }
    self.tensors = tensors
    white = 1
    factor = Float(pixels.factor)
    self.size = size
  }

  var rowCount: Int { tensors.rowCount }
  var usualChannels: Int { size.channels }

  func refusal(of rule: PixelRule) -> String? {
    rule.channels == size.channels
      ? nil : "its rows have \(size.channels) channels, not \(rule.channels)"
  }

  func size(_ row: Int, _ rule: PixelRule) -> ImageSize { size }
  func name(_ row: Int) -> String { "row \(row + 1)" }

  func read(
    _ row: Int, _ rule: PixelRule, into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) {
    try tensors.read(row, into: output)
    for index in output.indices {
      output[index] = output[index] / white * factor
      guard output[index].isFinite else {
        throw RowProblem(
          "bad-number", "pixel \(index + 1) is no number that a 32-bit float holds")
      }
    }
  }
}

extension TypedColumn {
  /// The rows as images; nil where they are something else.
  var images: (any ImageRows)? {
    guard case .tensors(let tensors) = values else { return nil }
    return tensors as? any ImageRows ?? ArrayImages(tensors)
  }
}

extension RowProblem {
  /// Two images of different sizes where one is needed.
  static func sizes(
    _ rows: some ImageRows, _ first: Int, _ other: Int, _ rule: PixelRule, isImage: Bool
  ) -> RowProblem {
    let resize =
      "transforms: [{resize: [\(rows.size(first, rule).height), "
      + "\(rows.size(first, rule).width)]}]"
    return RowProblem(
      "image-sizes",
      "'\(rows.name(other))' has \(rows.size(other, rule).shown) pixels, "
        + "'\(rows.name(first))' has \(rows.size(first, rule).shown)",
      help: "Say \(isImage ? "" : "type: image and ")\(resize), or another size.")
  }
}
