@testable import NNData
import NNJSON
import NNModel
import NNTensor
import Testing

/// Images and what is made of them are what Pillow, SciPy and formulas in double precision say.
@Suite struct ImageFixtureTests {
  @Test(arguments: try ImageFixture.decoded())
  func `a file decodes to the pixels that Pillow finds`(_ fixture: ImageFixture.File) throws {
    let image = try ImageFixture.decode(fixture.name)
    #expect(image.bits == fixture.bits)
    let height = fixture.shape[0]
    let width = fixture.shape[1]
    let channels = fixture.shape[2]
    #expect(image.channels == channels)
    // Upright, as Pillow has turned them.
    let steps = PixelSteps(image.orientation, height: image.height, width: image.width)
    #expect(image.orientation.isTransposed ? image.width == height : image.height == height)
    var pixels: [Int] = []
    for y in 0..<height {
      for x in 0..<width {
        let place = (steps.start + y * steps.down + x * steps.right) * channels
        switch image.samples {
        case .bytes(let bytes): pixels += bytes[place..<place + channels].map { Int($0) }
        case .words(let words): pixels += words[place..<place + channels].map { Int($0) }
        }
      }
    }
    #expect(pixels == fixture.pixels)
    let header = try ImageFixture.withFile(fixture.name) { try ImageHeader($0) }
    #expect([header.height, header.width, header.channels] == fixture.shape)
  }

  @Test(arguments: try ImageFixture.floats())
  func `colours, grey and alpha become floats as Pillow converts them`(
    _ fixture: ImageFixture.Floats
  ) throws {
    let rule = PixelRule(channels: fixture.channels, background: fixture.background)
    let (values, _) = floatsOfImage(try ImageFixture.decode(fixture.name), rule)
    #expect(values == fixture.values.map { Float($0) / 255 })
  }

  @Test func `sixteen bits keep their precision`() throws {
    let (values, size) = floatsOfImage(try ImageFixture.decode("rgb16.png"), PixelRule(channels: 3))
    let file = try #require(try ImageFixture.decoded().first { $0.name == "rgb16.png" })
    for channel in 0..<3 {
      let plane = stride(from: channel, to: file.pixels.count, by: 3).map { file.pixels[$0] }
      let from = channel * size.area
      #expect(Array(values[from..<from + size.area]) == plane.map { Float($0) / 65535 })
    }
  }

  @Test(arguments: try ImageFixture.transforms())
  func `a transform does what its formula does in double precision`(
    _ fixture: ImageFixture.Transform
  ) throws {
    let n = fixture.numbers
    let result: [Float]
    switch fixture.kind {
    case "bilinear", "area", "cover":
      var resize = Resize()
      resize.size = .init(Int(n[0]), Int(n[1]))
      resize.method = fixture.kind == "area" ? .area : .bilinear
      resize.fit = fixture.kind == "cover" ? .cover : .stretch
      result = try applied(resize, fixture.image, fixture.size)
    case "rotate":
      result = made(fixture.image, fixture.size) { image, output in
        rotated(image, by: n[0], fill: Float(n[1]), into: output)
      }
    default:
      result = made(fixture.image, fixture.size) { image, output in
        output.update(from: image.values, count: image.size.count)
        let jitter = Jitter(
          brightness: Float(n[0]), contrast: Float(n[1]), saturation: Float(n[2]),
          hue: Float(n[3]))
        jitter.apply(output, image.size)
      }
    }
    #expect(result.count == fixture.values.count)
    let distance = zip(result, fixture.values).map { abs(Double($0) - $1) }.max() ?? 1
    // Hue has sixths of a circle to cross in floats; the rest are sums.
    #expect(distance < 5e-6, "\(fixture.kind) \(n) is off by \(distance)")
  }

  @Test(arguments: [("cmyk.jpg", "inks"), ("other.gif", "a GIF")])
  func `what is not read is refused by its name`(_ name: String, _ word: String) throws {
    let problem = #expect(throws: ImageProblem.self) { try ImageFixture.decode(name) }
    guard case .unsupported(let reason) = problem else {
      Issue.record("\(String(describing: problem))")
      return
    }
    #expect(reason.contains(word))
  }
}

/// An image in floats.
func floatsOfImage(_ image: DecodedImage, _ rule: PixelRule) -> ([Float], ImageSize) {
  let size = image.size(rule)
  var values = [Float](repeating: -1, count: size.count)
  values.withUnsafeMutableBufferPointer { image.write(rule, into: $0) }
  return (values, size)
}

/// What is made of an image, in as many floats as it has.
func made(
  _ values: [Float], _ size: ImageSize,
  _ body: (ImageView, UnsafeMutablePointer<Float>) -> Void
) -> [Float] {
  var result = [Float](repeating: .nan, count: values.count)
  values.withUnsafeBufferPointer { values in
    result.withUnsafeMutableBufferPointer { result in
      guard let from = values.baseAddress, let to = result.baseAddress else { return }
      body(ImageView(from, size), to)
    }
  }
  return result
}

/// What a transform makes of an image.
func applied(
  _ transform: some ImageTransform, _ values: [Float], _ size: ImageSize,
  _ draws: Draws = Draws(RandomStream(seed: 0, purpose: "test"), step: 0, sample: 0)
) throws -> [Float] {
  var result = [Float](repeating: .nan, count: try transform.size(of: size).count)
  values.withUnsafeBufferPointer { values in
    result.withUnsafeMutableBufferPointer { result in
      guard let from = values.baseAddress, let to = result.baseAddress else { return }
      transform.apply(ImageView(from, size), into: to, draws)
    }
  }
  return result
}

/// The images and the expectations that `Scripts/fixtures/images.py` writes.
enum ImageFixture {
  struct File: Sendable, CustomTestStringConvertible {
    let name: String
    let shape: [Int]
    let bits: Int
    let pixels: [Int]
    var testDescription: String { name }
  }

  struct Floats: Sendable, CustomTestStringConvertible {
    let name: String
    let channels: Int
    let background: Double
    let values: [Int]
    var testDescription: String { "\(name) as \(channels) over \(background)" }
  }

  struct Transform: Sendable, CustomTestStringConvertible {
    let kind: String
    let numbers: [Double]
    let image: [Float]
    let size: ImageSize
    let values: [Double]
    var testDescription: String { "\(kind) \(numbers) of \(size.channels) channels" }
  }

  static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Fixtures/images"
  }()

  static func withFile<Result>(
    _ name: String, _ body: (UnsafeRawBufferPointer) throws -> Result
  ) throws -> Result {
    try FileBytes(mapping: folder + "/" + name).withBytes(body)
  }

  static func bytes(_ name: String) throws -> [UInt8] { try withFile(name) { Array($0) } }

  static func decode(_ name: String) throws -> DecodedImage {
    try withFile(name) { try DecodedImage($0) }
  }

  private static func expected() throws -> JSONValue {
    try JSONValue.parse(bytes("expected.json"))
  }

  private static func integers(_ json: JSONValue?) -> [Int] {
    (json?.elements ?? []).map { Int($0.integerValue ?? -1) }
  }

  private static func numbers(_ json: JSONValue?) -> [Double] {
    (json?.elements ?? []).map { $0.doubleValue ?? .nan }
  }

  static func decoded() throws -> [File] {
    (try expected()["files"]?.elements ?? []).map {
      File(
        name: $0["file"]?.stringValue ?? "", shape: integers($0["shape"]),
        bits: Int($0["bits"]?.integerValue ?? 0), pixels: integers($0["pixels"]))
    }
  }

  static func floats() throws -> [Floats] {
    (try expected()["floats"]?.elements ?? []).map {
      Floats(
        name: $0["file"]?.stringValue ?? "", channels: Int($0["channels"]?.integerValue ?? 0),
        background: $0["background"]?.doubleValue ?? 0, values: integers($0["values"]))
    }
  }

  static func transforms() throws -> [Transform] {
    let json = try expected()
    return (json["transforms"]?.elements ?? []).map { entry in
      let image = json["images"]?.elements?.first { $0["name"] == entry["image"] }
      let shape = integers(image?["shape"])
      return Transform(
        kind: entry["kind"]?.stringValue ?? "", numbers: numbers(entry["numbers"]),
        image: numbers(image?["values"]).map { Float($0) },
        size: ImageSize(channels: shape[0], height: shape[1], width: shape[2]),
        values: numbers(entry["values"]))
    }
  }
}
