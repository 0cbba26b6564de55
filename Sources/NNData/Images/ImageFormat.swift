// Knows files of images by their first bytes, whatever their names say.
import CImages

/// A format of images in files.
enum ImageFormat: String, Sendable {
  case png = "PNG"
  case jpeg = "JPEG"

  /// The ends of names that such files have.
  static let extensions = [".png", ".jpg", ".jpeg"]
  /// The most pixels of an image: a small file can claim to hold any number.
  static let pixelLimit: Int64 = 1 << 28

  init(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) {
    if bytes.starts(with: [0x89, 0x50, 0x4E, 0x47, 0x0D, 0x0A, 0x1A, 0x0A]) {
      self = .png
    } else if bytes.starts(with: [0xFF, 0xD8, 0xFF]) {
      self = .jpeg
    } else if bytes.isEmpty {
      throw .damaged("it is empty")
    } else {
      throw .unsupported(ImageFormat.name(of: bytes).map { "it is \($0)" } ?? "it is no image")
    }
  }

  /// What else a file may be that people take for an image that can be read.
  private static func name(of bytes: UnsafeRawBufferPointer) -> String? {
    let start = Array(bytes.prefix(12))
    func begins(_ text: String, at place: Int = 0) -> Bool {
      start.dropFirst(place).starts(with: text.utf8)
    }
    if begins("GIF8") { return "a GIF" }
    if begins("BM") { return "a BMP" }
    if begins("RIFF"), begins("WEBP", at: 8) { return "a WebP" }
    if begins("II*\0") || begins("MM\0*") { return "a TIFF" }
    if begins("ftyp", at: 4) { return "a HEIF or AVIF" }
    return nil
  }

  func header(_ bytes: UnsafeRawBufferPointer) throws(ImageProblem) -> cimages_header {
    var header = cimages_header()
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    try call { message in
      switch self {
      case .png:
        cimages_png_header(start, bytes.count, ImageFormat.pixelLimit, &header, message)
      case .jpeg:
        cimages_jpeg_header(start, bytes.count, ImageFormat.pixelLimit, &header, message)
      }
    }
    return header
  }

  /// Decodes all samples, [height, width, channels] of bytes or words.
  func decode(
    _ bytes: UnsafeRawBufferPointer, _ header: cimages_header,
    into samples: UnsafeMutableRawBufferPointer
  ) throws(ImageProblem) {
    var header = header
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    let output = samples.baseAddress
    try call { message in
      switch self {
      case .png:
        cimages_png_decode(start, bytes.count, &header, output, samples.count, message)
      case .jpeg:
        cimages_jpeg_decode(start, bytes.count, &header, output, samples.count, message)
      }
    }
  }

  private func call(
    _ body: (_ message: UnsafeMutablePointer<CChar>?) -> cimages_status
  ) throws(ImageProblem) {
    var status = CIMAGES_OK
    let message = String(unsafeUninitializedCapacity: Int(CIMAGES_MESSAGE)) { buffer in
      buffer.initialize(repeating: 0)
      status = buffer.withMemoryRebound(to: CChar.self) { body($0.baseAddress) }
      return buffer.firstIndex(of: 0) ?? 0
    }
    switch status {
    case CIMAGES_OK: return
    case CIMAGES_UNSUPPORTED: throw .unsupported(message)
    case CIMAGES_TOO_LARGE: throw .tooLarge(message)
    default: throw .damaged(shortened(message))
    }
  }
}

/// Why an image cannot be read.
package enum ImageProblem: Error, Sendable, Equatable {
  case damaged(String)
  case unsupported(String)
  case tooLarge(String)
  /// The file itself cannot be read.
  case file(FileProblem)
}

extension ImageProblem {
  /// What a finding says of the image of a path.
  func row(path: String) -> RowProblem {
    switch self {
    case .damaged(let reason):
      RowProblem(
        "damaged-image", "the image '\(path)' is damaged: \(reason)",
        help: "Copy or download it again, or take it out.")
    case .unsupported(let reason):
      RowProblem(
        "unsupported-image", "the image '\(path)' cannot be read: \(reason)",
        help: "PNG and JPEG are read, grey or red, green and blue; convert it.")
    case .tooLarge(let reason):
      RowProblem(
        "image-too-large", "the image '\(path)' is too large: \(reason)",
        help: "Images of up to \(ImageFormat.pixelLimit) pixels are read; make it smaller.")
    case .file(let problem):
      RowProblem(problem.code, problem.message(path: path), help: problem.help)
    }
  }
}
