package import NNJSON

extension ManualEntry {
  package var json: JSONValue {
    [
      "word": .string(word), "category": .string(category.noun), "place": .string(category.place),
      "summary": .string(summary), "fields": .array(fields.map(\.json)),
      "example": .string(example),
    ]
  }
}

extension ManualField {
  fileprivate var json: JSONValue {
    [
      "name": .string(name), "type": .string(expectation),
      "default": defaultText.map { .string($0) } ?? .null, "required": .bool(isRequired),
      "principal": .bool(isPrincipal), "help": .string(help),
    ]
  }
}

extension FindingCode {
  package var json: JSONValue {
    [
      "code": .string(code), "rule": .string(rule), "help": .string(wayOut),
      "wrong": example.map { .string($0.wrong) } ?? .null,
      "right": example.map { .string($0.right) } ?? .null,
    ]
  }
}
