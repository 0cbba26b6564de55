import NNJSON
import NNTensor

extension ImagePipeline {
  /// What a checkpoint keeps of what is done to every image.
  var members: [JSONValue.Member] {
    var members: [JSONValue.Member] = []
    if let pixels {
      members.append(
        .init(
          "pixels",
          [
            "shape": .array(pixels.shape.sizes.map { .integer(Int64($0)) }),
            "factor": .number(pixels.factor),
          ]))
    }
    members.append(.init("background", .number(rule.background)))
    members.append(.init("transforms", .array(written.map { .string($0) })))
    return members
  }

  /// Takes what the members say; the shape is that of a sample.
  init(
    _ object: inout JSONObject, _ shape: Shape, _ path: String
  ) throws(PreprocessingError) {
    let background = try object.takeNumber("background")
    guard background >= 0, background <= 1 else {
      throw object.wrong("background", "a number from 0 to 1")
    }
    guard shape.rank == 3, let size = ImageSize(rowShape: shape) else {
      throw object.wrong("shape", "[channels, height, width]")
    }
    let rule = PixelRule(channels: size.channels, background: background)
    let written = try object.takeTexts("transforms")
    var pixels: PixelColumns?
    if let json = object.takeOptional("pixels") {
      var own = try JSONObject(json, path: path)
      let shape = Shape(try own.takeSizes("shape"))
      guard ImageSize(rowShape: shape)?.channels == size.channels else {
        throw own.wrong("shape", "that of an image of \(size.channels) channels")
      }
      pixels = PixelColumns(shape: shape, factor: try own.takeNumber("factor"))
      try own.finish()
    }
    guard let pipeline = ImagePipeline(rule, written: written, pixels: pixels) else {
      throw object.wrong("transforms", "transforms that draw nothing")
    }
    self = pipeline
  }
}
