import NNCatalogue
import NNModel
import NNTensor
import Testing

/// Metrics beside scikit-learn's; see Scripts/fixtures/README.md.
@Suite struct MetricFixtureTests {
  @Test(arguments: try MetricFixture.all())
  func `a metric gives scikit-learn's figure`(_ fixture: MetricFixture) throws {
    #expect(!fixture.observations.isEmpty)
    for figure in fixture.figures {
      let metric = try fixture.metric(figure.metric)
      #expect(metric.fits(fixture.target), "\(figure.metric)")
      let width = try #require(fixture.predictions.first).count
      try metric.check(fixture.target, prediction: [width])
      var accumulator = metric.accumulator(fixture.target)
      for observation in fixture.observations { accumulator.add(observation) }
      #expect(isClose(accumulator.result, figure.value), "\(figure.metric)")
    }
  }

  @Test func `every metric has a fixture, and some of its figures are neither 0 nor 1`() throws {
    var words: Set<String> = []
    var telling: Set<String> = []
    for figure in try MetricFixture.all().flatMap(\.figures) {
      let word = String(figure.metric.prefix { $0 != ":" })
      words.insert(word)
      if let number = figure.value.number, number.isNaN || number == 0 || number == 1 { continue }
      telling.insert(word)
    }
    #expect(words == Set(Catalogue.standard.metrics.words))
    #expect(telling == words)
  }

  private func isClose(_ found: MetricValue, _ expected: MetricValue) -> Bool {
    guard let found = found.number, let expected = expected.number else {
      return found == expected
    }
    if expected.isNaN { return found.isNaN }
    return abs(found - expected) <= 1e-9 * abs(expected)
  }
}
