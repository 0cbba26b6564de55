@testable import NNData
import Testing

@Suite struct SplitTests {
  private func shares(_ train: Double, _ validation: Double, _ test: Double) -> Splitting {
    Splitting(shares: [train, validation, test], seed: 3, shuffles: true)
  }

  @Test(arguments: [
    (150, [0.7, 0.15, 0.15], [105, 23, 22]), (10, [0.8, 0.1, 0.1], [8, 1, 1]),
    (3, [0.5, 0.5, 0], [2, 1, 0]), (7, [1, 0, 0], [7, 0, 0]),
    (1_000_003, [0.6, 0.2, 0.2], [600_002, 200_001, 200_000]), (0, [0.5, 0.25, 0.25], [0, 0, 0]),
  ])
  func `sizes are cut by largest remainder`(_ count: Int, _ shares: [Double], _ sizes: [Int]) {
    let splitting = Splitting(shares: shares, seed: 1, shuffles: true)
    #expect(splitting.sizes(count) == sizes)
  }

  @Test(arguments: [1, 2, 5, 37, 150, 1001])
  func `parts are disjoint, complete and ascending`(_ count: Int) {
    let parts = shares(0.7, 0.2, 0.1).divide(Array(0..<count))
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<count))
    for part in parts { #expect(part == part.sorted()) }
  }

  @Test(arguments: [
    [50, 50, 50], [1, 1, 148], [3, 5, 7, 11], [1000, 10, 1], [2, 2], [1, 1, 1, 1, 1],
  ])
  func `stratified parts keep proportions and the whole sizes`(_ classes: [Int]) {
    let splitting = shares(0.7, 0.15, 0.15)
    var next = 0
    let groups = classes.enumerated().map { index, size in
      defer { next += size }
      return (name: "class \(index)", rows: Array(next..<next + size))
    }
    let parts = splitting.divide(stratified: groups)
    let total = classes.reduce(0, +)
    #expect(parts.flatMap { $0 }.sorted() == Array(0..<total))
    let sizes = splitting.sizes(total)
    #expect(parts.map(\.count) == sizes)
    for group in groups {
      for (part, size) in zip(parts, sizes) {
        let found = Set(group.rows).intersection(part).count
        let exact = Double(group.rows.count * size) / Double(total)
        #expect(abs(Double(found) - exact) <= 2)
      }
    }
    if sizes[0] >= classes.count {
      for group in groups { #expect(!Set(group.rows).isDisjoint(with: parts[0])) }
    }
  }

  @Test func `the same seed divides the same way, another one does not`() {
    let rows = Array(0..<100)
    let first = shares(0.5, 0.3, 0.2).divide(rows)
    #expect(first == shares(0.5, 0.3, 0.2).divide(rows))
    #expect(first != Splitting(shares: [0.5, 0.3, 0.2], seed: 4, shuffles: true).divide(rows))
  }

  @Test func `without shuffling the parts follow each other`() {
    let parts = Splitting(shares: [0.5, 0.3, 0.2], seed: 1, shuffles: false)
      .divide(Array(0..<10))
    #expect(parts == [[0, 1, 2, 3, 4], [5, 6, 7], [8, 9]])
  }

  @Test func `these rows are drawn forever`() {
    // Recorded: a change of these breaks everyone's reproducibility.
    let parts = shares(0.6, 0.2, 0.2).divide(Array(0..<10))
    #expect(parts == goldenParts)
  }
}

private let goldenParts = [[2, 3, 4, 7, 8, 9], [0, 1], [5, 6]]
