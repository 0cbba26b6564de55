import NNData
import NNModel
import NNTensor
import NNTraining
import Testing

/// The rows of an epoch in which all classes are seen equally often.
@Suite struct EpochRowsTests {
  private func samples(_ labels: [Int32]) -> Samples {
    Samples(
      count: labels.count, inputs: [],
      targets: [FeatureArray(name: "y", sampleShape: .scalar, storage: .index(labels))])
  }

  private func spec(_ target: String?, shuffle: Bool = true) -> TrainSpec {
    var spec = TrainSpec()
    spec.oversample = target
    spec.shuffle = shuffle
    return spec
  }

  /// Classes of 7, 3 and 2 rows, and two rows without one.
  private let labels: [Int32] = [0, 1, 0, 2, 0, 0, -1, 1, 0, 2, 0, 1, 0, -1]

  @Test func `every class has as many rows as the largest, each as often as can be`() throws {
    let rows = try EpochRows(spec("y"), samples(labels), seed: 3)
    #expect(rows.count == 23)
    var drawn: Set<[Int]> = []
    for epoch in 0..<20 {
      let order = rows.order(epoch: epoch)
      #expect(order == rows.order(epoch: epoch))
      #expect(order.count == 23)
      var counts = [Int](repeating: 0, count: labels.count)
      for row in order { counts[row] += 1 }
      let ofClass = (0..<3).map { own in labels.indices.filter { labels[$0] == own } }
      for members in ofClass { #expect(members.reduce(0) { $0 + counts[$1] } == 7) }
      #expect(ofClass[0].allSatisfy { counts[$0] == 1 })
      #expect(ofClass[1].allSatisfy { (2...3).contains(counts[$0]) })
      #expect(ofClass[2].allSatisfy { (3...4).contains(counts[$0]) })
      #expect(counts[6] == 1 && counts[13] == 1)
      drawn.insert(counts)
    }
    // Which rows are taken once more differs from epoch to epoch.
    #expect(drawn.count > 3)
    #expect(
      try EpochRows(spec("y"), samples(labels), seed: 4).order(epoch: 0) != rows.order(epoch: 0))
  }

  @Test func `without shuffling the rows ascend`() throws {
    let rows = try EpochRows(spec("y", shuffle: false), samples(labels), seed: 3)
    let order = rows.order(epoch: 2)
    #expect(order == order.sorted() && order.count == 23)
  }

  @Test func `without oversampling an epoch is the permutation that it always was`() throws {
    let rows = try EpochRows(spec(nil), samples(labels), seed: 3)
    #expect(rows.count == labels.count)
    let stream = RandomStream(seed: 3, purpose: "shuffle")
    #expect(rows.order(epoch: 5) == stream.permutation(of: labels.count, step: 5))
    let plain = try EpochRows(spec(nil, shuffle: false), samples(labels), seed: 3)
    #expect(plain.order(epoch: 5) == Array(labels.indices))
  }

  @Test func `yes and no are classes too`() throws {
    let yes: [Float] = [0, 0, 0, 0, 1]
    let samples = Samples(
      count: 5, inputs: [],
      targets: [FeatureArray(name: "y", sampleShape: [1], storage: .float(yes))])
    let rows = try EpochRows(spec("y", shuffle: false), samples, seed: 1)
    #expect(rows.order(epoch: 0) == [0, 1, 2, 3, 4, 4, 4, 4])
  }
}
