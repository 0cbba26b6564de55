import NNEngine
import NNTensor
import Testing

/// What is drawn for the samples of a batch; that the rows become the right ones, the comparison with
/// PyTorch in FixtureTests shows.
@Suite struct SampleMixingTests {
  private func mixing(
    mixup: Double? = nil, cutmix: Double? = nil, frame: (height: Int, width: Int) = (1, 1)
  ) -> SampleMixing {
    SampleMixing(
      mixup: mixup.map { BetaDistribution(alpha: $0) },
      cutmix: cutmix.map { BetaDistribution(alpha: $0) }, frame: frame, parts: [],
      weightPlace: nil, seed: 5)
  }

  private func draws(_ mixing: SampleMixing, count: Int, steps: Int) -> [SampleMixing.Draw] {
    (0..<steps).flatMap { step in
      (0..<count).map {
        mixing.draw(step: UInt64(step), sample: UInt64($0), place: $0, count: count)
      }
    }
  }

  @Test func `a partner is any of the others, each as often`() {
    var counts = [[Int]](repeating: [Int](repeating: 0, count: 5), count: 5)
    for (place, draw) in draws(mixing(mixup: 1), count: 5, steps: 4000).enumerated() {
      counts[place % 5][draw.partner] += 1
    }
    for (own, partners) in counts.enumerated() {
      for (partner, count) in partners.enumerated() {
        #expect(own == partner ? count == 0 : (850...1150).contains(count))
      }
    }
  }

  @Test func `a batch of one is not mixed`() {
    let draw = mixing(mixup: 1).draw(step: 3, sample: 7, place: 0, count: 1)
    #expect(draw.partner == 0 && draw.share == 1 && draw.window == nil)
  }

  @Test func `what is cut is as large as the share that is not the sample's own`() throws {
    var (atEdge, total) = (0, 0.0)
    for draw in draws(mixing(cutmix: 1, frame: (12, 20)), count: 8, steps: 500) {
      let window = try #require(draw.window)
      #expect(window.rows.lowerBound >= 0 && window.rows.upperBound <= 12)
      #expect(window.columns.lowerBound >= 0 && window.columns.upperBound <= 20)
      let area = window.rows.count * window.columns.count
      #expect(draw.share == 1 - Double(area) / 240)
      if window.rows.lowerBound == 0 || window.columns.upperBound == 20 { atEdge += 1 }
      total += draw.share
    }
    // The middle is any pixel, so many windows are cut off, and more than half is left on average.
    #expect(atEdge > 1000)
    #expect((0.6...0.8).contains(total / 4000))
  }

  @Test func `where both are asked for either is as likely`() {
    let all = draws(mixing(mixup: 0.4, cutmix: 1, frame: (8, 8)), count: 10, steps: 400)
    #expect((1860...2140).contains(all.filter { $0.window != nil }.count))
  }
}
