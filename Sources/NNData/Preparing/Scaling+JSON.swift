import NNJSON

extension Scaling {
  /// Members that a linear scaling does not have are left out, so that its bytes stay what they were.
  var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("kind", JSONValue(word)),
      .init("offset", .array(offsets.map { .number($0) })),
      .init("factor", .array(factors.map { .number($0) })),
    ]
    if let clip = steps.clip {
      members.append(.init("clip", .array([.number(clip.low), .number(clip.high)])))
    }
    if steps.log1p { members.append(.init("log1p", JSONValue(true))) }
    if !curves.isEmpty { members.append(.init("curves", .array(curves.map(\.json)))) }
    return .object(members)
  }

  init(_ json: JSONValue, _ path: String, width: Int) throws(PreprocessingError) {
    var object = try JSONObject(json, path: path)
    word = try object.takeText("kind")
    offsets = try object.takeNumbers("offset")
    factors = try object.takeNumbers("factor")
    guard offsets.count == width || offsets.count == 1 else {
      throw object.wrong("offset", "\(width) numbers, or one for all")
    }
    guard factors.count == offsets.count, factors.allSatisfy({ $0 != 0 }) else {
      throw object.wrong("factor", "\(offsets.count) numbers other than zero")
    }
    var steps = ScaleSteps.none
    if object.has("clip") {
      let limits = try object.takeNumbers("clip")
      guard limits.count == 2, limits[0] < limits[1] else {
        throw object.wrong("clip", "two numbers, the lower one first")
      }
      steps.clip = ClipRange(low: limits[0], high: limits[1])
    }
    if object.has("log1p") {
      guard try object.takeBool("log1p") else { throw object.wrong("log1p", "true") }
      steps.log1p = true
    }
    self.steps = steps
    if let curves = object.takeOptional("curves") {
      self.curves = try JSONObject.array(curves, path: "\(path).curves", Curve.init)
      guard self.curves.count == offsets.count else {
        throw object.wrong("curves", "\(offsets.count) curves")
      }
    } else {
      curves = []
    }
    try object.finish()
  }
}

extension Curve {
  var json: JSONValue {
    switch self {
    case .power(let curve):
      ["power": .number(curve.lambda)]
    case .quantiles(let curve):
      [
        "quantiles": .array(curve.values.map { .number($0) }),
        "normal": JSONValue(curve.toNormal),
      ]
    }
  }

  init(_ json: JSONValue, _ path: String) throws(PreprocessingError) {
    var object = try JSONObject(json, path: path)
    if object.has("power") {
      guard let lambda = try object.take("power").doubleValue, lambda.isFinite else {
        throw object.wrong("power", "a number")
      }
      self = .power(PowerCurve(lambda: lambda))
    } else {
      let values = try object.takeNumbers("quantiles")
      guard !values.isEmpty, zip(values, values.dropFirst()).allSatisfy({ $0 <= $1 }) else {
        throw object.wrong("quantiles", "numbers in ascending order")
      }
      self = .quantiles(
        QuantileCurve(values: values, toNormal: try object.takeBool("normal")))
    }
    try object.finish()
  }
}
