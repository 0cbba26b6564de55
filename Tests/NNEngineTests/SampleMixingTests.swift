import NNEngine
import NNGraph
import NNPlan
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

  /// Makes rows that tell whose place in the step they were made for.
  private struct Stamp: RowMaker {
    var scratchBytes: Int { 8 }

    func make(
      _ row: UnsafeRawPointer, into output: UnsafeMutableRawPointer,
      scratch: UnsafeMutableRawPointer, step: UInt64, sample: UInt64
    ) {
      scratch.storeBytes(of: Float(sample), as: Float.self)
      output.storeBytes(of: row.load(as: Float.self), as: Float.self)
      output.storeBytes(of: scratch.load(as: Float.self), toByteOffset: 4, as: Float.self)
    }
  }

  @Test(arguments: [(13, 1), (4, 2), (3, 3)])
  func `a partner is made as it is made for itself, in whichever shard`(
    _ shardRows: Int, _ threads: Int
  ) throws {
    var g = GraphBuilder(isTraining: true)
    let x = g.input("x", .batched([2]))
    let label = g.input("partner", .batched(.scalar))
    let share = g.input("share", .batched(.scalar))
    let rest = g.input("rest", .batched(.scalar))
    // Twice the inputs, since an input itself is no result that is kept.
    let outputs = [x, label, share, rest].map { g.elementwise(.value($0) * 2) }
    for (place, output) in outputs.enumerated() { g.output("out\(place)", output) }
    let values: [Float] = (0..<40).map { $0 % 2 == 0 ? Float($0 / 2) * 100 : 0 }
    let labels = (0..<20).map { Float($0) }
    let weights = (0..<20).map { Float($0 % 3) }
    let mixing = SampleMixing(
      mixup: BetaDistribution(alpha: 0.7), cutmix: nil, frame: (1, 1),
      parts: [.mixed, .partner, .share, .partnerShare], weightPlace: 2, seed: 5)
    let plan = Plan(g.graph)
    let executor = Executor(
      plan, parameters: ParameterStore(plan.parameters), shardRows: shardRows,
      pool: WorkerPool(threads: threads))
    // Rows of the table in some order; the batch begins at the seventh sample of its step.
    let rows = (0..<13).map { $0 * 7 % 20 }
    var found = outputs.map { _ in [Float]() }
    try values.withUnsafeBytes { values in
      try labels.withUnsafeBytes { labels in
        try weights.withUnsafeBytes { weights in
          let columns = try [values, labels, weights, weights].map { try #require($0.baseAddress) }
          let table = BatchTable(
            columns: columns, makers: [Stamp(), nil, nil, nil], mixing: mixing)
          try rows.withUnsafeBufferPointer {
            try executor.run(table, rows: $0, step: 9, firstRow: 6)
          }
          for (place, output) in outputs.enumerated() {
            executor.forEachPart(output) { _, part in found[place] += Array(part) }
          }
        }
      }
    }
    found = found.map { $0.map { $0 / 2 } }
    for place in 0..<13 {
      let draw = mixing.draw(step: 9, sample: UInt64(6 + place), place: place, count: 13)
      let (own, other) = (Float(draw.share), 1 - Float(draw.share))
      let row = [Float(rows[place]) * 100, Float(6 + place)]
      let partner = [Float(rows[draw.partner]) * 100, Float(6 + draw.partner)]
      for element in 0..<2 {
        #expect(
          found[0][2 * place + element] == own * row[element] + other * partner[element])
      }
      #expect(found[1][place] == Float(rows[draw.partner]))
      #expect(found[2][place] == Float(draw.share) * Float(rows[place] % 3))
      #expect(found[3][place] == Float(1 - draw.share) * Float(rows[draw.partner] % 3))
    }
  }

  @Test func `where both are asked for either is as likely`() {
    let all = draws(mixing(mixup: 0.4, cutmix: 1, frame: (8, 8)), count: 10, steps: 400)
    #expect((1860...2140).contains(all.filter { $0.window != nil }.count))
  }
}
