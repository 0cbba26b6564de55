import NNDiagnostics
import NNYAML

/// What may stand beside a metric's word.
private let metricNeighbours: Set = ["target", "id"]

extension Reader {
  /// Reads the list of metrics, or a single one, and reports those that would share a name.
  mutating func readMetrics(_ node: YAMLNode) -> [MetricSpec] {
    var metrics: [MetricSpec] = []
    for entry in node.sequence ?? [node] {
      // The loss is always reported.
      if entry.scalar?.text == "loss" { continue }
      guard let read = readKind(entry, catalogue.metrics, neighbours: metricNeighbours) else {
        continue
      }
      let id = read.neighbours["id"].map { readMetricName($0) }
      let usual = Reference(name: read.word, range: read.wordRange)
      let metric = MetricSpec(
        metric: read.instance, word: read.word, name: (id ?? usual) ?? usual,
        target: read.neighbours["target"].flatMap { readReference($0) }, range: read.wordRange)
      checkName(of: metric, among: metrics)
      metrics.append(metric)
    }
    return metrics
  }

  private mutating func readMetricName(_ node: YAMLNode) -> Reference? {
    guard let reference = readReference(node) else { return nil }
    let isPlain = reference.name.unicodeScalars.allSatisfy {
      $0.properties.isAlphabetic || ("0"..."9").contains($0) || $0 == "_" || $0 == "-"
    }
    guard isPlain, !reference.name.isEmpty, reference.name != "loss" else {
      error(
        "bad-name", "'\(reference.name)' cannot be the name of a metric", at: node.range,
        help: "Use letters, digits, '_' and '-'; 'loss' is the name of the loss.")
      return nil
    }
    return reference
  }

  /// Two metrics of one name are two figures only if they are about different targets.
  private mutating func checkName(of metric: MetricSpec, among others: [MetricSpec]) {
    let other = others.first { other in
      other.name.name == metric.name.name
        && (other.target == nil || metric.target == nil
          || other.target?.name == metric.target?.name)
    }
    guard let other else { return }
    error(
      "duplicate-name", "two metrics are called '\(metric.name.name)'", at: metric.name.range,
      help: "Give one a name of its own: write id: and the name beside '\(metric.word)'.",
      notes: [.init("the first one", at: other.name.range)])
  }
}
