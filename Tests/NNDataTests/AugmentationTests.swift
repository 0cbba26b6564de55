@testable import NNData
import NNModel
import NNTensor
import Testing

/// Transforms that draw random numbers: what they may do, and that only the position decides.
@Suite struct AugmentationTests {
  private static let size = ImageSize(channels: 3, height: 6, width: 8)
  private static let image = (0..<size.count).map { Float($0 * 37 % 101) / 101 }

  private func draws(_ sample: Int, step: Int = 0, seed: UInt64 = 1) -> Draws {
    Draws(
      RandomStream(seed: seed, purpose: "augment", name: "test"), step: UInt64(step),
      sample: UInt64(sample))
  }

  private static func all() -> [any RandomTransform] {
    var shift = Shift()
    shift.by = 0.3
    var crop = RandomCrop()
    crop.padding = 2
    var rotate = Rotate()
    rotate.degrees = 30
    var jitter = ColorJitter()
    (jitter.brightness, jitter.contrast, jitter.saturation, jitter.hue) = (0.4, 0.4, 0.4, 0.1)
    var cutout = Cutout()
    cutout.size = Pair(3, 4)
    return [Flip(), shift, crop, rotate, jitter, cutout]
  }

  @Test(arguments: all())
  func `a transform is a function of seed, step and sample`(
    _ transform: any RandomTransform
  ) throws {
    func result(_ draws: Draws) throws -> [Float] {
      try applied(transform, Self.image, Self.size, draws)
    }
    for sample in 0..<20 {
      #expect(try result(draws(sample)) == result(draws(sample)))
    }
    func several(_ draws: (Int) -> Draws) throws -> [[Float]] {
      try (0..<20).map { try result(draws($0)) }
    }
    let first = try several { draws($0) }
    #expect(Set(first).count > 1)
    #expect(try several { draws($0, step: 1) } != first)
    #expect(try several { draws($0, seed: 2) } != first)
    for values in first { #expect(values.allSatisfy { $0 >= 0 && $0 <= 1 }) }
  }

  @Test func `every registered transform that draws is tried`() {
    let tried = Set(Self.all().map { type(of: $0).word })
    let registered = DataCatalogue.transforms.entries.filter {
      ($0.type as? any ImageTransform.Type)?.isRandom ?? false
    }
    #expect(Set(registered.map(\.word)) == tried)
  }

  @Test func `half of the images are mirrored, and mirrored exactly`() throws {
    let mirrored = (0..<3 * 6).flatMap { row in
      Self.image[row * 8..<(row + 1) * 8].reversed()
    }
    var count = 0
    for sample in 0..<1000 {
      let result = try applied(Flip(), Self.image, Self.size, draws(sample))
      #expect(result == Self.image || result == mirrored)
      count += result == mirrored ? 1 : 0
    }
    #expect((430...570).contains(count), "\(count)")
    var never = Flip()
    (never.probability, never.axis) = (0, .both)
    #expect(try applied(never, Self.image, Self.size, draws(3)) == Self.image)
    var vertical = Flip()
    (vertical.probability, vertical.axis) = (1, .vertical)
    let result = try applied(vertical, Self.image, Self.size, draws(3))
    #expect(Array(result[..<8]) == Array(Self.image[40..<48]))
  }

  @Test func `a random crop is a window of the padded image, and all windows come`() throws {
    var crop = RandomCrop()
    (crop.padding, crop.fill) = (1, 0.25)
    var pad = Pad()
    (pad.by, pad.fill) = (Pair(1, 1), 0.25)
    let padded = try applied(pad, Self.image, Self.size)
    let paddedSize = try pad.size(of: Self.size)
    var seen: Set<Int> = []
    for sample in 0..<200 {
      let result = try applied(crop, Self.image, Self.size, draws(sample))
      let window = (0..<9).first { place in
        result
          == made(Self.image, Self.size) { _, output in
            padded.withUnsafeBufferPointer { padded in
              guard let base = padded.baseAddress else { return }
              moved(
                ImageView(base, paddedSize), into: output, height: 6, width: 8, up: place / 3,
                left: place % 3, fill: -1)
            }
          }
      }
      seen.insert(try #require(window))
    }
    #expect(seen.count == 9)
  }

  @Test func `a shift far beyond the image leaves only what fills it`() {
    for (up, left) in [(100, 0), (-100, 0), (0, 100), (0, -100), (Int.max / 4, Int.min / 4)] {
      let result = made(Self.image, Self.size) { image, output in
        moved(image, into: output, height: 6, width: 8, up: up, left: left, fill: 0.5)
      }
      #expect(result.allSatisfy { $0 == 0.5 })
    }
  }

  @Test func `cutout covers no more than its rectangle, and the middle may be anywhere`() throws {
    var cutout = Cutout()
    (cutout.size, cutout.fill) = (Pair(2, 2), 1)
    var covered: Set<Int> = []
    for sample in 0..<400 {
      let result = try applied(cutout, Self.image, Self.size, draws(sample))
      let places = (0..<48).filter { result[$0] != Self.image[$0] }
      #expect(!places.isEmpty && places.count <= 4)
      covered.formUnion(places)
    }
    #expect(covered.count == 48)
  }

  @Test func `crop takes the middle, and refuses what is not there`() throws {
    var crop = Crop()
    crop.size = Pair(2, 4)
    let result = try applied(crop, Self.image, Self.size)
    #expect(Array(result[..<4]) == Array(Self.image[18..<22]))
    crop.size = Pair(7, 4)
    #expect(throws: TransformProblem.self) { try crop.size(of: Self.size) }
  }

  @Test func `normalise takes one number or one for each channel`() throws {
    var normalise = Normalise()
    (normalise.mean, normalise.deviation) = ([0.5, 0.25, 0], [0.5])
    let result = try applied(normalise, Self.image, Self.size)
    #expect(result[0] == (Self.image[0] - 0.5) * 2)
    #expect(result[48] == (Self.image[48] - 0.25) * 2)
    normalise.mean = [1, 2]
    #expect(throws: TransformProblem.self) { try normalise.size(of: Self.size) }
  }
}
