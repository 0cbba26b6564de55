import CLibYAML

/// An event of libyaml's parser as a Swift value. Places are libyaml's: counted in code points.
struct YAMLEvent {
  enum Kind {
    case streamStart
    case streamEnd
    case documentStart
    case documentEnd
    case alias(String)
    case scalar(String, YAMLScalarStyle)
    case sequenceStart(isFlow: Bool)
    case sequenceEnd
    case mappingStart(isFlow: Bool)
    case mappingEnd
  }

  let kind: Kind
  let start: Int
  let end: Int
  var anchor: String?
  var tag: String?
}

enum YAMLScalarStyle {
  case plain
  case singleQuoted
  case doubleQuoted
  case block
}

/// What libyaml says when a text is not YAML. Places count code points.
struct LibYAMLProblem: Error {
  let problem: String
  let place: Int
  let context: String
  let contextPlace: Int
  let isOutOfMemory: Bool

  static let outOfMemory = LibYAMLProblem(
    problem: "", place: 0, context: "", contextPlace: 0, isOutOfMemory: true)
}

/// libyaml's event parser over bytes that outlive it.
struct LibYAMLEvents: ~Copyable {
  private let parser: UnsafeMutablePointer<yaml_parser_t>
  private let isReady: Bool

  /// - Parameter bytes: UTF-8 that stays in place as long as this value lives.
  init(_ bytes: UnsafeBufferPointer<UInt8>) {
    parser = .allocate(capacity: 1)
    parser.initialize(to: yaml_parser_t())
    isReady = yaml_parser_initialize(parser) == 1
    guard isReady else { return }
    yaml_parser_set_encoding(parser, YAML_UTF8_ENCODING)
    yaml_parser_set_input_string(parser, bytes.baseAddress, bytes.count)
  }

  deinit {
    if isReady { yaml_parser_delete(parser) }
    parser.deinitialize(count: 1)
    parser.deallocate()
  }

  mutating func next() -> Result<YAMLEvent, LibYAMLProblem> {
    guard isReady else { return .failure(.outOfMemory) }
    var event = yaml_event_t()
    guard yaml_parser_parse(parser, &event) == 1 else { return .failure(problem()) }
    defer { yaml_event_delete(&event) }
    return .success(Self.converted(event))
  }

  private func problem() -> LibYAMLProblem {
    let parser = parser.pointee
    return LibYAMLProblem(
      problem: parser.problem.map { String(cString: $0) } ?? "",
      place: Int(parser.problem_mark.index),
      context: parser.context.map { String(cString: $0) } ?? "",
      contextPlace: Int(parser.context_mark.index),
      isOutOfMemory: parser.error == YAML_MEMORY_ERROR)
  }

  private static func converted(_ event: yaml_event_t) -> YAMLEvent {
    let kind: YAMLEvent.Kind
    var anchor: UnsafeMutablePointer<yaml_char_t>?
    var tag: UnsafeMutablePointer<yaml_char_t>?
    switch event.type {
    case YAML_STREAM_START_EVENT: kind = .streamStart
    case YAML_DOCUMENT_START_EVENT: kind = .documentStart
    case YAML_DOCUMENT_END_EVENT: kind = .documentEnd
    case YAML_ALIAS_EVENT: kind = .alias(string(event.data.alias.anchor) ?? "")
    case YAML_SCALAR_EVENT:
      let scalar = event.data.scalar
      let bytes = UnsafeBufferPointer(start: scalar.value, count: scalar.length)
      kind = .scalar(String(decoding: bytes, as: UTF8.self), style(scalar.style))
      (anchor, tag) = (scalar.anchor, scalar.tag)
    case YAML_SEQUENCE_START_EVENT:
      let sequence = event.data.sequence_start
      kind = .sequenceStart(isFlow: sequence.style == YAML_FLOW_SEQUENCE_STYLE)
      (anchor, tag) = (sequence.anchor, sequence.tag)
    case YAML_SEQUENCE_END_EVENT: kind = .sequenceEnd
    case YAML_MAPPING_START_EVENT:
      let mapping = event.data.mapping_start
      kind = .mappingStart(isFlow: mapping.style == YAML_FLOW_MAPPING_STYLE)
      (anchor, tag) = (mapping.anchor, mapping.tag)
    case YAML_MAPPING_END_EVENT: kind = .mappingEnd
    default: kind = .streamEnd
    }
    return YAMLEvent(
      kind: kind, start: Int(event.start_mark.index), end: Int(event.end_mark.index),
      anchor: string(anchor), tag: string(tag))
  }

  private static func style(_ style: yaml_scalar_style_t) -> YAMLScalarStyle {
    switch style {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE: .singleQuoted
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE: .doubleQuoted
    case YAML_LITERAL_SCALAR_STYLE, YAML_FOLDED_SCALAR_STYLE: .block
    default: .plain
    }
  }

  private static func string(_ pointer: UnsafeMutablePointer<yaml_char_t>?) -> String? {
    pointer.map { String(cString: $0) }
  }
}
