package import NNModel
package import NNTensor

/// What is done to the images of an input, one after the other: a kind under `transforms`.
package protocol ImageTransform: Kind {
  /// Whether it draws random numbers: then it is for training alone, and keeps an image's size.
  static var isRandom: Bool { get }
  /// The size of what it makes of an image.
  func size(of input: ImageSize) throws(TransformProblem) -> ImageSize
  /// Makes it, a function of the image and the draws alone.
  ///
  /// - output: as many floats as ``size(of:)`` tells, not where the image lies.
  func apply(_ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws)
}

extension ImageTransform {
  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize { input }
}

/// A transform that draws random numbers.
package protocol RandomTransform: ImageTransform {}

extension RandomTransform {
  package static var isRandom: Bool { true }
  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize { input }
}

/// A transform that does the same to every image.
package protocol FixedTransform: ImageTransform {}

extension FixedTransform {
  package static var isRandom: Bool { false }
}

/// Why a transform cannot be done to images of a size.
package struct TransformProblem: Error, Sendable, Equatable {
  package let message: String
  package let help: String?

  init(_ message: String, help: String? = nil) {
    self.message = message
    self.help = help
  }
}

/// The random numbers of one transform of one sample: a function of the stream, the step and the
/// sample, so that it does not matter which thread asks, or when.
package struct Draws: Sendable {
  private let stream: RandomStream
  private let step: UInt64
  private let sample: UInt64

  /// - Parameters:
  ///   - stream: of seed, purpose `augment` and the transform's name.
  ///   - step: counts from zero.
  ///   - sample: its place in the step.
  package init(_ stream: RandomStream, step: UInt64, sample: UInt64) {
    self.stream = stream
    self.step = step
    self.sample = sample
  }

  /// A number in [0, 1); which of a sample's 64 is asked for.
  func uniform(_ index: Int) -> Float {
    stream.uniform(at: sample << 6 | UInt64(index & 63), step: step)
  }

  /// A number in [−1, 1).
  func balanced(_ index: Int) -> Double { Double(uniform(index)) * 2 - 1 }

  /// A whole number from 0 to below a bound.
  func integer(below bound: Int, _ index: Int) -> Int {
    min(Int(Double(uniform(index)) * Double(bound)), bound - 1)
  }

  /// True as often as the probability says.
  func isTrue(_ probability: Double, _ index: Int) -> Bool {
    Double(uniform(index)) < probability
  }
}

extension DataCatalogue {
  package static let transforms: Registry<any ImageTransform> = {
    var registry = Registry<any ImageTransform>("transform")
    registry.add(Resize.self) { $0 }
    registry.add(Crop.self) { $0 }
    registry.add(Pad.self) { $0 }
    registry.add(Normalise.self) { $0 }
    registry.add(Flip.self) { $0 }
    registry.add(Rotate.self) { $0 }
    registry.add(Shift.self) { $0 }
    registry.add(RandomCrop.self) { $0 }
    registry.add(ColorJitter.self) { $0 }
    registry.add(Cutout.self) { $0 }
    return registry
  }()
}
