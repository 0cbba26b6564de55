import CImages

/// An image as its file has it: whole samples, not turned yet.
package struct DecodedImage: Sendable, Equatable {
  /// [height, width, channels], of 8 bits (0…255) or 16 (0…65535).
  package enum Samples: Sendable, Equatable {
    case bytes([UInt8])
    case words([UInt16])
  }

  package let width: Int
  package let height: Int
  /// 1: grey, 2: grey and alpha, 3: red, green and blue, 4: these and alpha.
  package let channels: Int
  package let samples: Samples
  /// How it is to be turned to stand upright.
  package let orientation: Orientation

  package var bits: Int {
    switch samples {
    case .bytes: 8
    case .words: 16
    }
  }
}

/// What is known of an image before it is decoded.
package struct ImageHeader: Sendable, Hashable {
  /// As it stands upright.
  package let width: Int
  package let height: Int
  package let channels: Int

  /// Looks at the header of a whole file.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
    let format = try ImageFormat(bytes)
    let header = try format.header(bytes)
    let isTransposed = Orientation(bytes, format).isTransposed
    width = Int(isTransposed ? header.height : header.width)
    height = Int(isTransposed ? header.width : header.height)
    channels = Int(header.channels)
  }
}

extension DecodedImage {
  /// Decodes a whole file.
  package init(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
    let format = try ImageFormat(bytes)
    let header = try format.header(bytes)
    width = Int(header.width)
    height = Int(header.height)
    channels = Int(header.channels)
    orientation = Orientation(bytes, format)
    // The header function has bounded the pixels.
    let count = width * height * channels
    var problem: ImageProblem?
    func decode(_ output: UnsafeMutableRawBufferPointer) {
      do throws(ImageProblem) {
        try format.decode(bytes, header, into: output)
      } catch {
        problem = error
      }
    }
    if header.bits == 16 {
      samples = .words(
        [UInt16](unsafeUninitializedCapacity: count) { output, initialized in
          output.initialize(repeating: 0)
          decode(UnsafeMutableRawBufferPointer(output))
          initialized = count
        })
    } else {
      samples = .bytes(
        [UInt8](unsafeUninitializedCapacity: count) { output, initialized in
          output.initialize(repeating: 0)
          decode(UnsafeMutableRawBufferPointer(output))
          initialized = count
        })
    }
    if let problem { throw problem }
  }
}
