import NNJSON

/// Takes an object apart, member by member, and minds what is left.
package struct JSONObject {
  private var rest: [JSONValue.Member]
  private let path: String

  init(_ json: JSONValue, path: String) throws(PreprocessingError) {
    guard let members = json.members else {
      throw PreprocessingError(path: path, reason: "expected an object")
    }
    rest = members
    self.path = path
  }

  static func array<Element>(
    _ json: JSONValue, path: String,
    _ element: (JSONValue, String) throws(PreprocessingError) -> Element
  ) throws(PreprocessingError) -> [Element] {
    guard let elements = json.elements else {
      throw PreprocessingError(path: path, reason: "expected an array")
    }
    var result: [Element] = []
    for (index, value) in elements.enumerated() {
      result.append(try element(value, "\(path)[\(index)]"))
    }
    return result
  }

  func wrong(_ name: String, _ expectation: String) -> PreprocessingError {
    PreprocessingError(
      path: path.isEmpty ? name : "\(path).\(name)", reason: "expected \(expectation)")
  }

  mutating func takeOptionalText(_ name: String) throws(PreprocessingError) -> String? {
    guard let index = rest.firstIndex(where: { $0.name == name }) else { return nil }
    guard let text = rest.remove(at: index).value.stringValue else { throw wrong(name, "a text") }
    return text
  }

  func has(_ name: String) -> Bool { rest.contains { $0.name == name } }

  mutating func takeOptionalTexts(_ name: String) throws(PreprocessingError) -> [String]? {
    guard has(name) else { return nil }
    return try takeTexts(name)
  }

  mutating func takeOptional(_ name: String) -> JSONValue? {
    rest.firstIndex { $0.name == name }.map { rest.remove(at: $0).value }
  }

  mutating func take(_ name: String) throws(PreprocessingError) -> JSONValue {
    guard let index = rest.firstIndex(where: { $0.name == name }) else {
      throw PreprocessingError(path: path, reason: "'\(name)' is missing")
    }
    return rest.remove(at: index).value
  }

  mutating func takeText(_ name: String) throws(PreprocessingError) -> String {
    guard let text = try take(name).stringValue else { throw wrong(name, "a text") }
    return text
  }

  mutating func takeBool(_ name: String) throws(PreprocessingError) -> Bool {
    guard let value = try take(name).boolValue else { throw wrong(name, "true or false") }
    return value
  }

  mutating func takeTexts(_ name: String) throws(PreprocessingError) -> [String] {
    guard let elements = try take(name).elements else { throw wrong(name, "an array") }
    let texts = elements.compactMap(\.stringValue)
    guard texts.count == elements.count else { throw wrong(name, "texts") }
    return texts
  }

  mutating func takeNumber(_ name: String) throws(PreprocessingError) -> Double {
    guard let number = try take(name).doubleValue, number.isFinite else {
      throw wrong(name, "a number")
    }
    return number
  }

  mutating func takeNumbers(_ name: String) throws(PreprocessingError) -> [Double] {
    guard let elements = try take(name).elements else { throw wrong(name, "an array") }
    let numbers = elements.compactMap(\.doubleValue)
    guard numbers.count == elements.count, numbers.allSatisfy(\.isFinite) else {
      throw wrong(name, "numbers")
    }
    return numbers
  }

  /// A whole number from 1 to 2³¹.
  mutating func takeCount(_ name: String) throws(PreprocessingError) -> Int {
    guard let number = try take(name).integerValue, (1...1 << 31).contains(number) else {
      throw wrong(name, "a whole number above 0")
    }
    return Int(number)
  }

  /// Sizes of axes, whose product fits.
  mutating func takeSizes(_ name: String) throws(PreprocessingError) -> [Int] {
    var product = 1
    var sizes: [Int] = []
    for number in try take(name).elements ?? [nil] {
      guard let size = number.integerValue, size > 0, size < 1 << 32, product < 1 << 31 else {
        throw wrong(name, "sizes")
      }
      product *= Int(size)
      sizes.append(Int(size))
    }
    return sizes
  }

  /// Nothing unknown is ignored.
  func finish() throws(PreprocessingError) {
    if let member = rest.first {
      throw PreprocessingError(path: path, reason: "nothing is known of '\(member.name)'")
    }
  }
}
