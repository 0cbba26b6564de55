@testable import NNData
import NNTensor
import NNTestSupport
import Testing

/// Damaged images are images or problems, and never end the program.
@Suite struct ImageFuzzTests {
  private static let files = [
    "l1.png", "l16-interlaced.png", "p2.png", "p4-alpha.png", "rgb8.png", "rgb16.png",
    "rgba8-interlaced.png", "turned.png", "grey.jpg", "color-0.jpg", "color-2.jpg",
    "color-2-progressive.jpg", "orientation-6.jpg", "cmyk.jpg",
  ]

  @Test(arguments: files)
  func `a damaged image is an image or a problem`(_ name: String) throws {
    let whole = try ImageFixture.bytes(name)
    var failures = 0
    for seed in 0..<300 {
      let bytes = mutated(whole, seed: UInt64(seed))
      do throws(ImageProblem) {
        let image = try decode(bytes)
        #expect(floatsOfImage(image, PixelRule(channels: 3)).0.allSatisfy { $0 >= 0 && $0 <= 1 })
      } catch {
        failures += 1
      }
    }
    // Check sums find nearly all changes of a PNG.
    #expect(failures > (name.hasSuffix(".png") ? 200 : 20), "\(failures)")
  }

  @Test(arguments: files)
  func `no beginning of an image is taken for all of it`(_ name: String) throws {
    let whole = try ImageFixture.bytes(name)
    // The end marker of a JPEG says nothing more of its pixels.
    let needed = name.hasSuffix(".jpg") ? whole.count - 3 : whole.count
    for count in 0..<needed {
      #expect(throws: ImageProblem.self) { try decode(Array(whole[..<count])) }
    }
  }

  @Test func `an image that claims to be huge is refused before memory is asked for`() throws {
    var png = try ImageFixture.bytes("rgb8.png")
    func claim(_ width: UInt32, _ height: UInt32) {
      for place in 0..<4 {
        png[16 + place] = UInt8(truncatingIfNeeded: width >> UInt32(24 - 8 * place))
        png[20 + place] = UInt8(truncatingIfNeeded: height >> UInt32(24 - 8 * place))
      }
      var crc: UInt32 = .max
      for byte in png[12..<29] {
        crc ^= UInt32(byte)
        for _ in 0..<8 { crc = crc & 1 == 1 ? crc >> 1 ^ 0xEDB8_8320 : crc >> 1 }
      }
      for place in 0..<4 {
        png[29 + place] = UInt8(truncatingIfNeeded: ~crc >> UInt32(24 - 8 * place))
      }
    }
    claim(900_000, 900_000)
    guard case .tooLarge? = problem(png) else {
      Issue.record("\(String(describing: problem(png)))")
      return
    }
    // Below the limit, and more than such a file can hold.
    claim(16_000, 16_000)
    #expect(problem(png) == .damaged("it ends too early"))
    var jpeg = try ImageFixture.bytes("color-2.jpg")
    let frame = try #require(
      jpeg.indices.first { jpeg[$0] == 0xFF && $0 + 1 < jpeg.count && jpeg[$0 + 1] == 0xC0 })
    for place in 5..<9 { jpeg[frame + place] = 0xFD }
    guard case .tooLarge? = problem(jpeg) else {
      Issue.record("\(String(describing: problem(jpeg)))")
      return
    }
  }

  @Test func `hostile tags of a camera leave the image upright`() {
    for seed in 0..<2000 {
      let stream = RandomStream(seed: UInt64(seed), purpose: "exif")
      let heads: [[UInt8]] = [
        [0x49, 0x49, 42, 0, 8, 0, 0, 0], [0x4D, 0x4D, 0, 42, 0, 0, 0, 8], [0x49, 0x49, 42, 0],
      ]
      var tags = heads[seed % 3]
      tags += (0..<seed % 40).map { _ in 0 }
      for place in 0..<tags.count where stream.integer(below: 3, at: UInt64(place)) == 0 {
        tags[place] = UInt8(stream.integer(below: 256, at: UInt64(1000 + place)))
      }
      let length = stream.integer(below: 4, at: 5000) == 0 ? 0xFFFF : tags.count + 8
      let jpeg: [UInt8] =
        [0xFF, 0xD8, 0xFF, 0xE1, UInt8(length >> 8), UInt8(length & 255)]
        + Array("Exif\0\0".utf8) + tags
      let orientation = jpeg.withUnsafeBytes { Orientation($0, .jpeg) }
      #expect(Orientation.allCases.contains(orientation))
    }
  }

  private func decode(_ bytes: [UInt8]) throws(ImageProblem) -> DecodedImage {
    let result: Result<DecodedImage, ImageProblem> = bytes.withUnsafeBytes { bytes in
      do throws(ImageProblem) {
        return .success(try DecodedImage(bytes))
      } catch {
        return .failure(error)
      }
    }
    return try result.get()
  }

  private func problem(_ bytes: [UInt8]) -> ImageProblem? {
    do throws(ImageProblem) {
      _ = try decode(bytes)
      return nil
    } catch {
      return error
    }
  }
}
