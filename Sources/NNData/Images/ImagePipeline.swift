import NNModel
package import NNTensor

/// What becomes of the images of an input: floats, then one transform after the other.
///
/// What comes before the first random transform is done once to every row. The rest is done to rows
/// to train on whenever they are, and without the random ones to all others.
package struct ImagePipeline: Sendable {
  package let rule: PixelRule
  /// How numbers make images; nil where the column holds images already.
  package let pixels: PixelColumns?
  /// In their order.
  package let transforms: [any ImageTransform]

  package init(
    _ rule: PixelRule, _ transforms: [any ImageTransform], pixels: PixelColumns? = nil
  ) {
    self.rule = rule
    self.transforms = transforms
    self.pixels = pixels
  }

  private var firstRandom: Int {
    transforms.firstIndex { type(of: $0).isRandom } ?? transforms.count
  }

  /// What is done to every row alike, once.
  var early: ArraySlice<any ImageTransform> { transforms[..<firstRandom] }
  /// What begins with something random; empty where nothing is.
  var late: ArraySlice<any ImageTransform> { transforms[firstRandom...] }

  /// The same without what is random, as rows that are not trained on see it.
  var fixed: ImagePipeline {
    ImagePipeline(rule, transforms.filter { !type(of: $0).isRandom }, pixels: pixels)
  }

  /// The size of what becomes of an image of a size.
  func size(of input: ImageSize) throws(TransformProblem) -> ImageSize {
    var size = input
    for transform in transforms { size = try transform.bounded(size) }
    return size
  }

  /// As a checkpoint keeps it: what is done to every row, each transform as one would write it.
  var written: [String] { fixed.transforms.map(\.written) }
}

extension ImageTransform {
  /// The size of what it makes of an image, no larger than the largest that is read.
  func bounded(_ input: ImageSize) throws(TransformProblem) -> ImageSize {
    let size = try size(of: input)
    guard size.area <= Int(ImageFormat.pixelLimit) else {
      throw TransformProblem("the images become \(size.shown) pixels, which is too much")
    }
    return size
  }
}

extension ImagePipeline: Equatable {
  package static func == (left: ImagePipeline, right: ImagePipeline) -> Bool {
    left.rule == right.rule && left.pixels == right.pixels
      && left.transforms.map(\.written) == right.transforms.map(\.written)
  }
}

/// What is still to be done to the prepared images of an input.
package struct LateTransforms: Sendable, Equatable {
  /// The input, which random numbers are drawn for.
  let input: String
  let size: ImageSize
  let transforms: [any ImageTransform]
  /// The places of the transforms in the model file, by which their draws are told apart.
  let places: [Int]

  init?(_ pipeline: ImagePipeline, input: String, size: ImageSize) {
    guard !pipeline.late.isEmpty else { return nil }
    self.input = input
    self.size = size
    transforms = Array(pipeline.late)
    places = Array(pipeline.late.indices)
  }

  package static func == (left: LateTransforms, right: LateTransforms) -> Bool {
    left.input == right.input && left.size == right.size && left.places == right.places
      && left.transforms.map(\.written) == right.transforms.map(\.written)
  }

  /// Floats that the work needs beside where it begins and ends.
  package var scratchCount: Int { 2 * size.count }

  /// The streams that random transforms draw from, in their order.
  package func streams(seed: UInt64) -> [RandomStream] {
    zip(transforms, places).map { transform, place in
      RandomStream(
        seed: seed, purpose: "augment", name: "\(input).\(place).\(type(of: transform).word)")
    }
  }

  /// Makes a row; it allocates nothing.
  ///
  /// - Parameters:
  ///   - source: the row as it is prepared, of as many floats as the size has.
  ///   - output: as many.
  ///   - scratch: ``scratchCount`` floats.
  ///   - streams: as ``streams(seed:)`` made them; none leaves out what is random.
  ///   - step: counts from zero.
  ///   - sample: the row's place in the step.
  package func make(
    _ source: UnsafePointer<Float>, into output: UnsafeMutablePointer<Float>,
    scratch: UnsafeMutablePointer<Float>, streams: [RandomStream], step: UInt64, sample: UInt64
  ) {
    var from = source
    var isFirst = true
    for index in transforms.indices {
      let isRandom = type(of: transforms[index]).isRandom
      if isRandom, streams.isEmpty { continue }
      let draws = Draws(
        streams.isEmpty ? RandomStream(key: 0) : streams[index], step: step, sample: sample)
      // From one half to the other, since a transform cannot write where it reads.
      let to = isFirst ? scratch : scratch + size.count
      transforms[index].apply(ImageView(from, size), into: to, draws)
      from = UnsafePointer(to)
      isFirst.toggle()
    }
    output.update(from: from, count: size.count)
  }
}

/// The rows of a column after the early transforms of a pipeline, made when they are asked for.
struct PreparedImages: TensorColumn {
  let rows: any ImageRows
  let pipeline: ImagePipeline
  /// What every row becomes.
  let size: ImageSize

  var rowCount: Int { rows.rowCount }
  var shape: Shape { size.shape }
  var isExactInFloat: Bool { true }
  var isAlwaysFinite: Bool { true }

  /// The rows as they are where nothing is drawn.
  var settled: PreparedImages {
    PreparedImages(rows: rows, pipeline: pipeline.fixed, size: size)
  }

  func read(_ row: Int, into output: UnsafeMutableBufferPointer<Float>) throws(RowProblem) {
    try read(row, pipeline.early, into: output)
  }

  private func read(
    _ row: Int, _ transforms: ArraySlice<any ImageTransform>,
    into output: UnsafeMutableBufferPointer<Float>
  ) throws(RowProblem) {
    guard !transforms.isEmpty else {
      return try rows.read(row, pipeline.rule, into: output)
    }
    var size = rows.size(row, pipeline.rule)
    var transforms = transforms
    // What comes first is mostly a resize, which can be done while an image is read.
    let resize = transforms.first as? Resize
    if let resize {
      size = try resized(resize, size, row)
      transforms.removeFirst()
    }
    guard let last = transforms.last else {
      guard let resize, size.count == output.count else { throw wrongSize(row) }
      return try rows.read(row, pipeline.rule, resizedBy: resize, into: output)
    }
    var image = [Float](repeating: 0, count: size.count)
    let problem: RowProblem? = image.withUnsafeMutableBufferPointer { image in
      do throws(RowProblem) {
        if let resize {
          try rows.read(row, pipeline.rule, resizedBy: resize, into: image)
        } else {
          try rows.read(row, pipeline.rule, into: image)
        }
        return nil
      } catch {
        return error
      }
    }
    if let problem { throw problem }
    let draws = Draws(RandomStream(key: 0), step: 0, sample: 0)
    for transform in transforms.dropLast() {
      let next = try resized(transform, size, row)
      var result = [Float](repeating: 0, count: next.count)
      result.withUnsafeMutableBufferPointer { apply(transform, image, size, $0, draws) }
      (image, size) = (result, next)
    }
    guard try resized(last, size, row).count == output.count else {
      throw wrongSize(row)
    }
    apply(last, image, size, output, draws)
  }

  private func wrongSize(_ row: Int) -> RowProblem {
    RowProblem("image-sizes", "the image '\(rows.name(row))' is of another size")
  }

  private func resized(
    _ transform: any ImageTransform, _ size: ImageSize, _ row: Int
  ) throws(RowProblem) -> ImageSize {
    do throws(TransformProblem) {
      return try transform.size(of: size)
    } catch {
      throw RowProblem(
        "transform-size", "'\(rows.name(row))': \(error.message)", help: error.help)
    }
  }

  private func apply(
    _ transform: any ImageTransform, _ image: [Float], _ size: ImageSize,
    _ output: UnsafeMutableBufferPointer<Float>, _ draws: Draws
  ) {
    image.withUnsafeBufferPointer { image in
      guard let from = image.baseAddress, let to = output.baseAddress else { return }
      transform.apply(ImageView(from, size), into: to, draws)
    }
  }
}
