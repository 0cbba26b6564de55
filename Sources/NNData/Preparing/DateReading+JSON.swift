import NNJSON
import NNModel

extension DateReading {
  var json: JSONValue {
    [
      "format": JSONValue(format.text), "parts": .array(parts.map { .string($0.rawValue) }),
      "cyclic": JSONValue(isCyclic),
    ]
  }

  init(_ json: JSONValue, _ path: String) throws(PreprocessingError) {
    var object = try JSONObject(json, path: path)
    guard let format = DateFormat(try object.takeText("format")) else {
      throw object.wrong("format", DateFormat.expectation)
    }
    let words = try object.takeTexts("parts")
    parts = words.compactMap { DatePart(rawValue: $0) }
    guard parts.count == words.count, !parts.isEmpty else {
      throw object.wrong("parts", DatePart.expectation)
    }
    self.format = format
    isCyclic = try object.takeBool("cyclic")
    try object.finish()
  }
}
