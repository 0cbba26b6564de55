package import NNJSON
import NNTensor

extension DataLook {
  /// The look as one document.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("sources", .array(sources.map(\.json))), .init("splits", .array(parts.map(\.json))),
      .init("features", .array(features.map(\.json))), .init("texts", .array(texts.map(\.json))),
      .init("dropped_rows", JSONValue(droppedRows)),
    ]
    if let oversampled {
      members.append(
        .init(
          "epoch",
          ["rows": JSONValue(oversampled.rows), "oversample": JSONValue(oversampled.target)]))
    }
    if let windows { members.append(.init("windows", windows.json)) }
    members.append(
      .init(
        "concerns",
        .array(
          concerns.map {
            [
              "code": JSONValue($0.code), "message": JSONValue($0.message),
              "help": JSONValue($0.help),
            ]
          })))
    return .object(members)
  }
}

extension TextLook {
  fileprivate var json: JSONValue {
    [
      "name": JSONValue(feature), "role": JSONValue(role.rawValue),
      "split": JSONValue(pieces.rawValue), "least": JSONValue(least),
      "median": JSONValue(median), "most": JSONValue(most), "cut_rows": JSONValue(cutRows),
      "indices": JSONValue(indices), "unknown": unknown.map { .number($0) } ?? .null,
      "sample": .array(sample.map { .string($0) }),
    ]
  }
}

extension DataLook.Source {
  fileprivate var json: JSONValue {
    [
      "name": JSONValue(name), "split": part.map { JSONValue($0.rawValue) } ?? .null,
      "rows": JSONValue(allRows), "rows_looked_at": JSONValue(rows),
      "columns": .array(columns.map(\.json)),
    ]
  }
}

extension ColumnLook {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", JSONValue(name)), .init("missing", JSONValue(missing)),
      .init(
        "uses",
        .array(
          uses.map { ["role": JSONValue($0.role.rawValue), "feature": JSONValue($0.feature)] })),
    ]
    func add(_ name: String, _ value: JSONValue) { members.append(.init(name, value)) }
    switch content {
    case .numbers(let statistics, let distinct):
      add("type", "number")
      add("distinct", JSONValue(distinct))
      if let statistics {
        add("minimum", .number(statistics.minimum))
        add("maximum", .number(statistics.maximum))
        add("mean", .number(statistics.mean))
        add("deviation", .number(statistics.deviation))
      }
    case .words(let frequent, let distinct):
      add("type", "word")
      add("distinct", JSONValue(distinct))
      add("frequent", frequent.json)
    case .tensors(let shape, let range):
      add("type", "tensor")
      add("shape", .array(shape.sizes.map { JSONValue($0) }))
      if let range {
        add("minimum", .number(range.lowerBound))
        add("maximum", .number(range.upperBound))
      }
    case .characters(let alphabet, let length):
      add("type", "characters")
      add("alphabet", JSONValue(alphabet))
      add("length", JSONValue(length))
    }
    return .object(members)
  }
}

extension [ColumnLook.WordCount] {
  fileprivate var json: JSONValue {
    .array(map { ["word": JSONValue($0.word), "count": JSONValue($0.count)] })
  }
}

extension PartLook {
  fileprivate var json: JSONValue {
    let members: [JSONValue.Member] = [
      .init("name", JSONValue(name.rawValue)), .init("rows", JSONValue(rows)),
      .init(
        "classes",
        .array(classes.map { ["target": JSONValue($0.name), "counts": $0.counts.json] })),
    ]
    return .object(members + (windows.map { [.init("windows", $0.json)] } ?? []))
  }
}

extension FeatureLook {
  fileprivate var json: JSONValue {
    [
      "name": JSONValue(name), "role": JSONValue(role.rawValue),
      "columns": .array(columns.map { JSONValue($0) }),
      "shape": .array(shape.map { JSONValue($0) }),
      "examples": .array(
        zip(rows, examples).map { row, numbers in
          ["row": JSONValue(row), "numbers": .array(numbers.map { .number($0) })]
        }),
    ]
  }
}

extension PartWindows {
  fileprivate var json: JSONValue {
    [
      "covered_rows": JSONValue(rows), "series": JSONValue(series),
      "span": span.map { .array($0.map { JSONValue($0) }) } ?? .null,
    ]
  }
}

extension WindowLook {
  fileprivate var json: JSONValue {
    [
      "length": JSONValue(length), "horizon": JSONValue(horizon), "stride": JSONValue(stride),
      "short_series": JSONValue(short), "dropped_windows": JSONValue(dropped),
      "series": .array(
        series.map { one in
          [
            "name": one.name.map { JSONValue($0) } ?? .null, "rows": JSONValue(one.rows),
            "span": one.span.map { .array($0.map { JSONValue($0) }) } ?? .null,
          ]
        }),
    ]
  }
}
