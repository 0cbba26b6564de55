package import NNModel

package struct Normalise: FixedTransform {
  package static let word = "normalise"
  package static let summary = """
    Takes a mean away from each channel and divides it by a deviation; \
    one number is for all channels. Without it values are from 0 to 1.
    """
  package static let example =
    "normalise: {mean: [0.485, 0.456, 0.406], deviation: [0.229, 0.224, 0.225]}"

  @Field("What is taken away, a number for each channel, or one.")
  package var mean: [Double]

  @Field("What is divided by, a number for each channel, or one.", range: .positive)
  package var deviation: [Double]

  package init() {}

  package func size(of input: ImageSize) throws(TransformProblem) -> ImageSize {
    for (name, numbers) in [("mean", mean), ("deviation", deviation)]
    where numbers.count != 1 && numbers.count != input.channels {
      let has = numbers.count == 1 ? "1 number" : "\(numbers.count) numbers"
      throw TransformProblem(
        "'\(name)' has \(has), the images have \(input.channels) channels",
        help: "Give one for each channel, or one for all.")
    }
    guard mean.allSatisfy({ Float($0).isFinite }),
      deviation.allSatisfy({ Float(1 / $0).isFinite })
    else {
      throw TransformProblem("the numbers of 'normalise' are beyond what a 32-bit float holds")
    }
    return input
  }

  package func apply(
    _ image: ImageView, into output: UnsafeMutablePointer<Float>, _ draws: Draws
  ) {
    let mean = mean
    let deviation = deviation
    for channel in 0..<image.size.channels {
      let offset = Float(mean[mean.count == 1 ? 0 : channel])
      let factor = Float(1 / deviation[deviation.count == 1 ? 0 : channel])
      let source = image.channel(channel)
      let result = output + channel * image.size.area
      for index in 0..<image.size.area { result[index] = (source[index] - offset) * factor }
    }
  }
}
