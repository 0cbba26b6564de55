// The form of the preprocessing in a checkpoint. Members stand in one fixed order and reading
// accepts nothing else, so equal preprocessing is equal bytes.
package import NNJSON
import NNModel
import NNTensor

/// Why a JSON value is no preprocessing, and where in it.
package struct PreprocessingError: Error, Equatable, CustomStringConvertible {
  /// The members on the way, such as `inputs[0].scale`.
  package let path: String
  package let reason: String

  package var description: String { path.isEmpty ? reason : "\(path): \(reason)" }
}

extension Preprocessing {
  package var json: JSONValue {
    .object(
      [
        .init("format", format.json), .init("inputs", .array(inputs.map(\.json))),
        .init("targets", .array(targets.map(\.json))),
      ] + (weight.map { [.init("weight", $0.json)] } ?? [])
        + (windows.map { [.init("windows", $0.json)] } ?? []))
  }

  package init(json: JSONValue) throws(PreprocessingError) {
    var object = try JSONObject(json, path: "")
    format = try TableFormat(json: object.take("format"), "format")
    inputs = try JSONObject.array(object.take("inputs"), path: "inputs", FittedFeature.init)
    targets = try JSONObject.array(object.take("targets"), path: "targets", FittedFeature.init)
    weight = try object.takeOptional("weight").map { value throws(PreprocessingError) in
      try FittedFeature(value, "weight")
    }
    if let weight {
      guard case .number = weight.content, weight.shape == .scalar, weight.missing == .error else {
        throw PreprocessingError(path: "weight", reason: "expected one number")
      }
    }
    windows = try object.takeOptional("windows").map { value throws(PreprocessingError) in
      try SeriesWindows(value, "windows")
    }
    try object.finish()
    for feature in features {
      let fits =
        windows.map { feature.window?.fits($0) ?? false } ?? (feature.window == nil)
      guard fits, weight == nil || windows == nil else {
        throw PreprocessingError(
          path: "windows", reason: "expected those that '\(feature.name)' is of")
      }
    }
    for feature in features where !format.fits(feature) {
      throw PreprocessingError(path: "format", reason: "expected one that fits '\(feature.name)'")
    }
  }
}

extension TableFormat {
  /// Whether a feature can be made of such a table.
  fileprivate func fits(_ feature: FittedFeature) -> Bool {
    switch (self, feature.content) {
    case (.windows(let format), .characters): feature.shape == [format.length]
    case (.windows, _), (_, .characters): false
    case (.cells, _), (.typed, _): true
    }
  }

  fileprivate var json: JSONValue {
    switch self {
    case .cells(let format):
      var members = [JSONValue.Member("header", JSONValue(format.hasHeader))]
      if let delimiter = format.delimiter {
        let text = String(Character(Unicode.Scalar(delimiter)))
        members.insert(JSONValue.Member("delimiter", JSONValue(text)), at: 0)
      }
      return .object(members)
    case .windows(let format):
      return ["length": JSONValue(format.length), "stride": JSONValue(format.stride)]
    case .typed(let format):
      return TableFormat.json(format)
    }
  }

  fileprivate init(json: JSONValue, _ path: String) throws(PreprocessingError) {
    if json["kind"] != nil {
      self = try .typed(json, path)
      return
    }
    var object = try JSONObject(json, path: path)
    if json["length"] != nil {
      self = .windows(
        WindowFormat(
          length: try object.takeCount("length"), stride: try object.takeCount("stride")))
    } else {
      var delimiter: UInt8?
      if let text = try object.takeOptionalText("delimiter") {
        guard text.utf8.count == 1 else { throw object.wrong("delimiter", "one character") }
        delimiter = text.utf8.first
      }
      self = .cells(CSVFormat(delimiter: delimiter, hasHeader: try object.takeBool("header")))
    }
    try object.finish()
  }
}

extension FittedFeature {
  fileprivate var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("name", JSONValue(name)),
      .init("columns", .array(columns.map { .string($0) })),
      .init("shape", .array(shape.sizes.map { .integer(Int64($0)) })),
    ]
    switch content {
    case .number(let scaling):
      members.append(.init("type", "number"))
      if let date { members.append(.init("date", date.json)) }
      members.append(.init("scale", scaling.json))
    case .category(let classes, let encoding):
      members.append(.init("type", "category"))
      members.append(.init("encode", JSONValue(encoding.rawValue)))
      members.append(.init("classes", .array(classes.map { .string($0) })))
    case .binary(let negative, let positive):
      members.append(.init("type", "binary"))
      members.append(.init("negative", JSONValue(negative)))
      members.append(.init("positive", JSONValue(positive)))
    case .characters(let classes):
      members.append(.init("type", "characters"))
      members.append(.init("classes", .array(classes.map { .string($0) })))
    case .image(let pipeline):
      members.append(.init("type", "image"))
      members += pipeline.members
    case .text(let text, let vocabulary):
      members.append(.init("type", "text"))
      members += text.members(vocabulary)
    }
    if !rare.isEmpty { members.append(.init("rare", .array(rare.map { .string($0) }))) }
    if hasUnknown { members.append(.init("unknown", JSONValue(true))) }
    members.append(.init("missing", missing.json))
    if hasIndicator { members.append(.init("indicator", JSONValue(true))) }
    if let window { members.append(.init("window", window.json)) }
    return .object(members)
  }

  fileprivate init(_ json: JSONValue, _ path: String) throws(PreprocessingError) {
    var object = try JSONObject(json, path: path)
    name = try object.takeText("name")
    columns = try object.takeTexts("columns")
    shape = Shape(try object.takeSizes("shape"))
    guard !columns.isEmpty else { throw object.wrong("columns", "at least one column") }
    let width = columns.count
    date = try object.takeOptional("date").map { value throws(PreprocessingError) in
      try DateReading(value, "\(path).date")
    }
    hasIndicator = object.has("indicator")
    if hasIndicator, try !object.takeBool("indicator") || !shape.count.isMultiple(of: 2) {
      throw object.wrong("indicator", "true, and as many numbers more")
    }
    let window = try object.takeOptional("window").map { value throws(PreprocessingError) in
      try WindowUse(value, "\(path).window")
    }
    self.window = window
    let rows = window?.count ?? 1
    guard shape.count.isMultiple(of: rows) else {
      throw object.wrong("shape", "as many numbers for each of \(rows) rows")
    }
    let isShape = { [shape] (row: Shape) in shape == window?.shape(ofRow: row) ?? row }
    // A column of tensors is several numbers.
    let numbers = shape.count / rows / (hasIndicator ? 2 : 1)
    switch try object.takeText("type") {
    case "number":
      guard numbers >= width else { throw object.wrong("shape", "at least \(width) numbers") }
      content = .number(try Scaling(object.take("scale"), "\(path).scale", width: numbers))
    case "category":
      guard let encoding = Encoding(rawValue: try object.takeText("encode")) else {
        throw object.wrong("encode", "one_hot, index or ordinal")
      }
      let classes = try object.takeTexts("classes")
      let fits =
        switch encoding {
        case .index: numbers >= width
        case .oneHot: width == 1 && isShape([classes.count])
        case .ordinal: width == 1 && isShape([1]) && classes.count > 1
        }
      guard !classes.isEmpty, Set(classes).count == classes.count, fits else {
        throw object.wrong("classes", "different classes that fit the shape")
      }
      content = .category(classes: classes, encoding: encoding)
    case "binary":
      guard isShape([1]), width == 1 else { throw object.wrong("shape", "[1]") }
      content = .binary(
        negative: try object.takeText("negative"), positive: try object.takeText("positive"))
    case "characters":
      let classes = try object.takeTexts("classes")
      guard classes.last == FittedFeature.unknownCharacter, Set(classes).count == classes.count,
        classes.dropLast().allSatisfy({ $0.unicodeScalars.count == 1 })
      else { throw object.wrong("classes", "different characters, then the unknown ones") }
      guard shape.rank == 1, width == 1 else { throw object.wrong("shape", "one axis") }
      content = .characters(classes: classes)
    case "image":
      let pipeline = try ImagePipeline(&object, shape, "\(path).pixels")
      guard width == 1 || pipeline.pixels != nil else {
        throw object.wrong("columns", "one column")
      }
      content = .image(pipeline)
    case "text":
      let (text, vocabulary) = try TextReading.take(&object, shape)
      guard width == 1 || text.pieces == .tokens else {
        throw object.wrong("columns", "one column")
      }
      content = .text(text, vocabulary)
    default:
      throw object.wrong("type", "number, category, binary, characters, image or text")
    }
    rare = try object.takeOptionalTexts("rare") ?? []
    hasUnknown = object.has("unknown")
    if hasUnknown {
      guard try object.takeBool("unknown"), case .category(let classes, _) = content,
        classes.contains(FittedFeature.unknownWord)
      else { throw object.wrong("unknown", "a category with a class of unknown words") }
    }
    if !rare.isEmpty {
      guard case .category(let classes, _) = content, classes.contains(FittedFeature.rareWord)
      else {
        throw object.wrong("rare", "a category with a class of rare words")
      }
    }
    missing = try FittedMissing(object.take("missing"), "\(path).missing", content, numbers)
    if hasIndicator || date != nil || window?.isRelative == true {
      guard case .number = content else { throw object.wrong("type", "number") }
    }
    if let date, numbers != width * date.width {
      throw object.wrong("shape", "\(date.width) numbers for each column of dates")
    }
    try object.finish()
  }
}

extension FittedMissing {
  fileprivate var json: JSONValue {
    switch self {
    case .error: "error"
    case .drop: "drop"
    case .ignore: "ignore"
    case .numbers(let policy, let values):
      ["fill": JSONValue(policy), "values": .array(values.map { .number($0) })]
    case .word(let word): ["fill": "constant", "word": JSONValue(word)]
    }
  }

  fileprivate init(
    _ json: JSONValue, _ path: String, _ content: FittedFeature.Content, _ width: Int
  ) throws(PreprocessingError) {
    switch json.stringValue {
    case "error": self = .error
    case "drop": self = .drop
    case "ignore":
      guard case .category(_, .index) = content else {
        throw PreprocessingError(path: path, reason: "expected a category to ignore")
      }
      self = .ignore
    case _?:
      throw PreprocessingError(path: path, reason: "expected error, drop, ignore or a filling")
    case nil:
      var object = try JSONObject(json, path: path)
      let policy = try object.takeText("fill")
      if case .number = content {
        let values = try object.takeNumbers("values")
        guard values.count == width || values.count == 1 else {
          throw object.wrong("values", "\(width) numbers, or one for all")
        }
        self = .numbers(policy: policy, values: values)
      } else {
        self = .word(try object.takeText("word"))
      }
      try object.finish()
    }
  }
}
