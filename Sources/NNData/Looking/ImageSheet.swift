import NNModel
import NNTensor

/// Pictures of samples to train on, for each input that is an image: what evaluation sees of them, and
/// what training may.
package struct ImageSheet: Sendable {
  /// The pictures of an input.
  struct Section: Sendable {
    let title: String
    let size: ImageSize
    /// What stands above the pictures of a row; empty where nothing is drawn at random.
    let headings: [String]
    let rows: [Row]
    /// What is not shown; nil where everything is.
    let rest: String?
  }

  struct Row: Sendable {
    let caption: [String]
    /// Floats [channels, height, width], 0 dark and 1 light.
    let pictures: [[Float]]
  }

  let sections: [Section]

  /// Pictures in a row.
  static let pictures = 8
  /// Rows of samples that are wanted, of each class two at least and six at most.
  private static let wantedRows = 12
  private static let mostRows = 40

  /// Nil where no input is an image.
  ///
  /// - samples: those to train on.
  /// - rows: the rows they were made of, counted from zero.
  /// - seed: what random transforms draw from.
  init?(_ preprocessing: Preprocessing, _ samples: Samples, rows: [Int], seed: UInt64) {
    let groups = ImageSheet.groups(preprocessing, samples)
    sections = zip(preprocessing.inputs, samples.inputs).compactMap { feature, array in
      guard case .image(let pipeline) = feature.content else { return nil }
      return Section(feature.name, pipeline, array, groups, rows, seed) {
        samples.floats(of: array, sample: $0)
      }
    }
    if sections.isEmpty { return nil }
  }

  /// Samples by the class of the first target that has classes.
  private static func groups(
    _ preprocessing: Preprocessing, _ samples: Samples
  ) -> [(name: String?, samples: [Int])] {
    for (target, array) in zip(preprocessing.targets, samples.targets) {
      guard let classes = target.classes, array.sampleShape.count == 1 else { continue }
      var members = classes.map { _ in [Int]() }
      var sample = 0
      try? samples.forEachIndex(ofTarget: target.name) { label in
        if members.indices.contains(Int(label)) { members[Int(label)].append(sample) }
        sample += 1
      }
      return zip(classes, members).filter { !$1.isEmpty }.map { ($0, $1) }
    }
    return [(nil, Array(0..<samples.count))]
  }

  /// The samples that make a row each, or several side by side, from all over their class.
  fileprivate static func chosen(
    _ groups: [(name: String?, samples: [Int])], each count: Int
  ) -> [(name: String?, samples: [Int])] {
    // Without classes there is room for more of the only group.
    let most = groups.count == 1 ? 8 : min(max(wantedRows / groups.count, 2), 6)
    let perGroup = groups.count * most > mostRows ? 1 : most
    return groups.prefix(mostRows).flatMap { group in
      if count > 1 { return [(group.name, spread(group.samples, count))] }
      return spread(group.samples, perGroup).map { (group.name, [$0]) }
    }
  }

  /// So many of a list at even distances, or all.
  private static func spread(_ list: [Int], _ count: Int) -> [Int] {
    list.count <= count ? list : (0..<count).map { list[$0 * list.count / count] }
  }
}

extension ImageSheet.Section {
  fileprivate init(
    _ name: String, _ pipeline: ImagePipeline, _ array: FeatureArray,
    _ groups: [(name: String?, samples: [Int])], _ rows: [Int], _ seed: UInt64,
    floats: (_ sample: Int) -> [Float]?
  ) {
    let (late, size) = (array.late, array.late?.size ?? ImageSize(array.sampleShape))
    self.size = size
    // What is fitted leaves out what is random.
    let transforms =
      late.map { pipeline.transforms.prefix($0.places.first ?? 0) + $0.transforms }
      ?? pipeline.transforms[...]
    title =
      "\(name): \(size.shown), \(size.channels) channel\(size.channels == 1 ? "" : "s")"
      + (transforms.isEmpty
        ? "" : "; \(transforms.map { type(of: $0).word }.joined(separator: ", "))")
    let isRandom = late != nil
    headings = isRandom ? ["evaluated"] + (1..<ImageSheet.pictures).map { "draw \($0)" } : []
    let chosen = ImageSheet.chosen(groups, each: isRandom ? 1 : ImageSheet.pictures)
    self.rows = chosen.map { group, samples in
      let numbers = samples.compactMap { $0 < rows.count ? String(rows[$0] + 1) : nil }
      let places =
        numbers.count > 1
        ? "rows \(numbers[0])…\(numbers[numbers.count - 1])"
        : numbers.first.map { "row \($0)" } ?? ""
      return ImageSheet.Row(
        caption: (group.map { [$0] } ?? []) + [places],
        pictures: samples.flatMap { sample in
          floats(sample).map { own in
            ImageSheet.Section.pictures(own, sample, late, seed).map(pipeline.lightened(size))
          } ?? []
        })
    }
    let left = groups.count - Set(chosen.map(\.name)).count
    rest = left > 0 ? "and \(left) classes more" : nil
  }

  /// A sample as an evaluation sees it, and then as training does in different steps.
  private static func pictures(
    _ own: [Float], _ sample: Int, _ late: LateTransforms?, _ seed: UInt64
  ) -> [[Float]] {
    guard let late else { return [own] }
    let drawn = late.streams(seed: seed)
    return (0..<ImageSheet.pictures).map { draw in
      var picture = own
      var scratch = [Float](repeating: 0, count: late.scratchCount)
      late.make(
        own, into: &picture, scratch: &scratch, streams: draw == 0 ? [] : drawn,
        step: UInt64(draw), sample: UInt64(sample))
      return picture
    }
  }
}

extension Samples {
  /// The numbers of an input of a sample, wherever they are; nil where they cannot be read.
  fileprivate func floats(of input: FeatureArray, sample: Int) -> [Float]? {
    let count = input.sampleShape.count
    switch input.storage {
    case .float(let values): return Array(values[sample * count..<(sample + 1) * count])
    case .index: return nil
    case .filed:
      guard let file,
        let field = file.layout.fields.first(where: { $0.role == .input && $0.name == input.name })
      else { return nil }
      var record = [Float](repeating: 0, count: file.layout.width)
      let isRead = record.withUnsafeMutableBytes { bytes in
        (try? file.read(sample..<sample + 1, into: bytes)) != nil
      }
      return isRead ? Array(record[field.offset..<field.offset + count]) : nil
    }
  }
}

extension ImageSize {
  /// Of rows [channels, height, width].
  fileprivate init(_ shape: Shape) {
    self.init(
      channels: shape.rank == 3 ? shape[0] : 1, height: shape.sizes[max(shape.rank - 2, 0)],
      width: shape.sizes[max(shape.rank - 1, 0)])
  }
}

extension ImagePipeline {
  /// Takes back what `normalise` does, so that a picture has its own colours.
  fileprivate func lightened(_ size: ImageSize) -> ([Float]) -> [Float] {
    { picture in
      var picture = picture
      for case let normalise as Normalise in transforms.reversed() {
        let (mean, deviation) = (normalise.mean, normalise.deviation)
        for channel in 0..<size.channels {
          let offset = Float(mean[mean.count == 1 ? 0 : channel])
          let factor = Float(deviation[deviation.count == 1 ? 0 : channel])
          for index in channel * size.area..<(channel + 1) * size.area {
            picture[index] = picture[index] * factor + offset
          }
        }
      }
      return picture
    }
  }
}
