import CKernels
import NNGraph
package import NNTensor

/// What becomes of the samples of a batch that are mixed two by two in training, each with another
/// of the same batch: a function of the seed, the step and the sample's place in it alone.
///
/// Mixup (Zhang et al., "mixup: Beyond Empirical Risk Minimization", 2018) takes λ x + (1 − λ) x′ with
/// λ of Beta(α, α). Cutmix (Yun et al., "CutMix", 2019) puts a rectangle of x′ into x, with sides of
/// √(1 − λ) of the image's about a middle that is any pixel, and takes for λ what is left of x. Every
/// sample has a λ and a partner of its own. Where a model asks for both, either is as likely.
package struct SampleMixing: Sendable {
  /// What a graph input is made of, in the order of the graph's inputs.
  package enum Part: Sendable, Equatable {
    /// The sample's own row.
    case own
    /// Both rows, mixed as the samples are.
    case mixed
    /// Both rows in their shares, whichever way the samples are mixed.
    case blended
    /// The partner's row.
    case partner
    /// λ times the sample's weight.
    case share
    /// 1 − λ times the partner's weight.
    case partnerShare
  }

  package let mixup: BetaDistribution?
  package let cutmix: BetaDistribution?
  /// Height and width of the images that are cut.
  let frame: (height: Int, width: Int)
  package let parts: [Part]
  /// The place of the samples' weights among the inputs.
  let weightPlace: Int?
  private let stream: RandomStream

  package init(
    mixup: BetaDistribution?, cutmix: BetaDistribution?, frame: (height: Int, width: Int),
    parts: [Part], weightPlace: Int?, seed: UInt64
  ) {
    self.mixup = mixup
    self.cutmix = cutmix
    self.frame = frame
    self.parts = parts
    self.weightPlace = weightPlace
    stream = RandomStream(seed: seed, purpose: "mix")
  }

  /// How one sample is mixed.
  package struct Draw: Sendable, Equatable {
    /// The partner's place among the rows of the batch.
    package let partner: Int
    /// λ, the share of the sample's own.
    package let share: Double
    /// The rows and columns of pixels that are the partner's; nil where all are mixed.
    package let window: Window?
  }

  /// A rectangle of pixels.
  package struct Window: Sendable, Equatable {
    package let rows: Range<Int>
    package let columns: Range<Int>
  }

  /// Counters of the stream that are a sample's own.
  private static let counterBits: UInt64 = 13

  /// What is done to a sample.
  ///
  /// - sample: the place in the step.
  /// - place: the place in the batch.
  /// - count: rows of the batch.
  package func draw(step: UInt64, sample: UInt64, place: Int, count: Int) -> Draw {
    guard count > 1 else { return Draw(partner: place, share: 1, window: nil) }
    let first = sample << SampleMixing.counterBits
    // Any of the others: what is behind the sample itself moves up by one.
    let other = stream.integer(below: count - 1, at: first, step: step)
    let partner = other < place ? other : other + 1
    let isCut: Bool
    switch (mixup, cutmix) {
    case (nil, _): isCut = true
    case (_, nil): isCut = false
    case (_, _): isCut = stream.openUniform(at: first + 1, step: step) < 0.5
    }
    let share =
      (isCut ? cutmix : mixup)?.draw(
        stream, at: first + BetaDistribution.counters, step: step) ?? 1
    guard isCut else { return Draw(partner: partner, share: share, window: nil) }
    let side = (1 - share).squareRoot()
    let rows = cut(
      frame.height, by: side, about: stream.integer(below: frame.height, at: first + 2, step: step))
    let columns = cut(
      frame.width, by: side, about: stream.integer(below: frame.width, at: first + 3, step: step))
    let area = Double(rows.count * columns.count)
    return Draw(
      partner: partner, share: 1 - area / Double(frame.height * frame.width),
      window: Window(rows: rows, columns: columns))
  }

  /// A share of a side about a pixel, as far as it lies on the side.
  private func cut(_ side: Int, by share: Double, about middle: Int) -> Range<Int> {
    let half = Int(Double(side) * share) / 2
    return max(middle - half, 0)..<min(middle + half, side)
  }
}

extension BatchTable {
  /// Puts the mixed rows of a shard where its graph reads them; it allocates nothing.
  ///
  /// - first: the place of the shard's first row among the rows of the batch.
  func gatherMixed(
    _ mixing: SampleMixing, _ rows: UnsafeBufferPointer<Int>, from first: Int,
    _ position: RunPosition, into shard: Shard
  ) {
    // The place in the step of the batch's first row.
    let batchStart = position.first_row - UInt64(first)
    for row in 0..<shard.rows {
      let place = first + row
      let draw = mixing.draw(
        step: position.step, sample: position.first_row + UInt64(row), place: place,
        count: rows.count)
      for (input, target) in shard.inputs.enumerated() {
        let source = RowSource(
          table: self, input: input, rows: rows, batchStart: batchStart, step: position.step,
          byteCount: target.rowBytes)
        let output = target.pointer + row * target.rowBytes
        switch mixing.parts[input] {
        case .own: source.put(place, into: output, shard)
        case .partner: source.put(draw.partner, into: output, shard)
        case .share, .partnerShare:
          let isOwn = mixing.parts[input] == .share
          let weight =
            mixing.weightPlace.map {
              columns[$0].load(
                fromByteOffset: rows[isOwn ? place : draw.partner] * 4, as: Float.self)
            } ?? 1
          output.storeBytes(
            of: Float(isOwn ? draw.share : 1 - draw.share) * weight, as: Float.self)
        case .mixed, .blended:
          source.put(place, into: output, shard)
          let partner = source.row(draw.partner, shard)
          let own = output.assumingMemoryBound(to: Float.self)
          let other = partner.assumingMemoryBound(to: Float.self)
          if mixing.parts[input] == .mixed, let window = draw.window {
            mixing.paste(window, of: other, into: own, count: target.rowBytes / 4)
          } else {
            blend(own, other, share: Float(draw.share), count: target.rowBytes / 4)
          }
        }
      }
    }
  }
}

extension SampleMixing {
  /// Puts a window of another image into one, both [channels, height, width].
  fileprivate func paste(
    _ window: Window, of other: UnsafePointer<Float>, into own: UnsafeMutablePointer<Float>,
    count: Int
  ) {
    let area = frame.height * frame.width
    for channel in 0..<(count / area) {
      for y in window.rows {
        let start = channel * area + y * frame.width + window.columns.lowerBound
        (own + start).update(from: other + start, count: window.columns.count)
      }
    }
  }
}

/// λ x + (1 − λ) x′, into x.
private func blend(
  _ own: UnsafeMutablePointer<Float>, _ other: UnsafePointer<Float>, share: Float, count: Int
) {
  let rest = 1 - share
  for index in 0..<count { own[index] = share * own[index] + rest * other[index] }
}

/// The rows of one input of a batch, as they are without any mixing.
private struct RowSource {
  let table: BatchTable
  let input: Int
  let rows: UnsafeBufferPointer<Int>
  let batchStart: UInt64
  let step: UInt64
  let byteCount: Int

  private var maker: (any RowMaker)? { table.makers.isEmpty ? nil : table.makers[input] }

  /// Copies or makes the row at a place of the batch.
  func put(_ place: Int, into output: UnsafeMutableRawPointer, _ shard: Shard) {
    let source = table.columns[input] + rows[place] * byteCount
    guard let maker else { return output.copyMemory(from: source, byteCount: byteCount) }
    maker.make(
      source, into: output, scratch: shard.scratch(byteCount: maker.scratchBytes + byteCount),
      step: step, sample: batchStart + UInt64(place))
  }

  /// The row at a place of the batch, to be read before the next is asked for; the same that the
  /// sample there has itself.
  func row(_ place: Int, _ shard: Shard) -> UnsafeRawPointer {
    guard let maker else { return table.columns[input] + rows[place] * byteCount }
    let scratch = shard.scratch(byteCount: maker.scratchBytes + byteCount)
    let made = scratch + maker.scratchBytes
    put(place, into: made, shard)
    return UnsafeRawPointer(made)
  }
}
