import NNJSON

extension SeriesWindows {
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("length", JSONValue(length)), .init("horizon", JSONValue(horizon)),
      .init("stride", JSONValue(stride)),
    ]
    if let time { members.append(.init("time", JSONValue(time))) }
    if let series { members.append(.init("series", JSONValue(series))) }
    if let gap { members.append(.init("gap", .number(gap))) }
    return .object(members)
  }

  init(_ json: JSONValue, _ path: String) throws(PreprocessingError) {
    var object = try JSONObject(json, path: path)
    length = try object.takeCount("length")
    horizon = try object.takeCount("horizon")
    stride = try object.takeCount("stride")
    time = try object.takeOptionalText("time")
    series = try object.takeOptionalText("series")
    gap = object.has("gap") ? try object.takeNumber("gap") : nil
    if gap.map({ $0 <= 0 || time == nil }) ?? false {
      throw object.wrong("gap", "a number above 0, and a time")
    }
    try object.finish()
  }
}

extension WindowUse {
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("start", JSONValue(start)), .init("count", JSONValue(count)),
      .init("length", JSONValue(length)),
    ]
    if isRelative { members.append(.init("relative", JSONValue(RelativeTo.last.rawValue))) }
    return .object(members)
  }

  init(_ json: JSONValue, _ path: String) throws(PreprocessingError) {
    var object = try JSONObject(json, path: path)
    guard let first = try object.take("start").integerValue, (0...1 << 31).contains(first) else {
      throw object.wrong("start", "a whole number, at least 0")
    }
    self.init(
      start: Int(first), count: try object.takeCount("count"),
      length: try object.takeCount("length"))
    if let word = try object.takeOptionalText("relative") {
      guard word == RelativeTo.last.rawValue else { throw object.wrong("relative", "last") }
      isRelative = true
    }
    try object.finish()
  }

  /// Whether its rows are of such windows.
  func fits(_ windows: SeriesWindows) -> Bool {
    length == windows.length && start <= windows.span && count <= windows.span - start
  }
}
