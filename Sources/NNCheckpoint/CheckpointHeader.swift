internal import NNJSON
package import NNTensor

/// What a checkpoint holds and where, checked in full against the size of its file.
package struct CheckpointHeader: Sendable, Equatable {
  /// Where one tensor's elements are, row major.
  package struct Entry: Sendable, Equatable {
    package let name: String
    package let type: StoredType
    package let shape: Shape
    /// Counted from the first byte of the data.
    package let bytes: Range<Int>
  }

  /// The most bytes that the reference implementation takes, too.
  package static let maximumByteCount = 100_000_000
  static let metadataName = "__metadata__"
  static let fields = ["dtype", "shape", "data_offsets"]
  /// The bytes before the header, which name its length.
  static let prefixByteCount = 8

  package internal(set) var metadata: [String: String]
  /// In the order of their bytes.
  package let entries: [Entry]
}

// MARK: - Writing

extension CheckpointHeader {
  /// The text of the header, and spaces that align the data for readers that map the file.
  var bytes: [UInt8] {
    var bytes = Array(text.utf8)
    while !bytes.count.isMultiple(of: 8) { bytes.append(UInt8(ascii: " ")) }
    return bytes
  }

  /// The JSON of the header.
  var text: String {
    var members: [JSONValue.Member] = []
    members.reserveCapacity(entries.count + 1)
    if !metadata.isEmpty {
      let sorted = metadata.sorted { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
      members.append(
        JSONValue.Member(
          Self.metadataName, .object(sorted.map { JSONValue.Member($0.key, .string($0.value)) })))
    }
    for entry in entries {
      members.append(
        JSONValue.Member(
          entry.name,
          [
            "dtype": .string(entry.type.rawValue),
            "shape": .array(entry.shape.sizes.map { JSONValue($0) }),
            "data_offsets": [
              JSONValue(entry.bytes.lowerBound), JSONValue(entry.bytes.upperBound),
            ],
          ]))
    }
    return JSONValue.object(members).serialized()
  }
}

// MARK: - Reading

extension CheckpointHeader {
  /// How many bytes the header has, by the file's first eight bytes, or all if there are fewer.
  static func byteCount(
    prefix: [UInt8], fileByteCount: Int
  ) throws(CheckpointFlaw) -> Int {
    guard prefix.count == prefixByteCount, fileByteCount >= prefixByteCount else {
      throw .tooShort(byteCount: fileByteCount)
    }
    let length = prefix.reversed().reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
    guard length <= UInt64(maximumByteCount) else { throw .headerTooLong(byteCount: length) }
    let present = fileByteCount - prefixByteCount
    guard length <= UInt64(present) else {
      throw .headerBeyondEnd(byteCount: length, present: present)
    }
    return Int(length)
  }

  /// Reads a header and checks that its tensors cover the bytes behind it, each once.
  init(parsing bytes: [UInt8], dataByteCount: Int) throws(CheckpointFlaw) {
    // The format wants the brace first, so that a file is told from others by its ninth byte.
    guard bytes.first == UInt8(ascii: "{") else { throw .headerNotObject }
    let members = try Self.members(of: bytes)

    var metadata: [String: String] = [:]
    var entries: [Entry] = []
    entries.reserveCapacity(members.count)
    for member in members {
      if member.name == Self.metadataName {
        metadata = try Self.metadata(member.value)
      } else {
        entries.append(try Self.entry(member.name, member.value))
      }
    }
    // Empty tensors come before the one that begins at the same byte.
    entries.sort {
      ($0.bytes.lowerBound, $0.bytes.upperBound) < ($1.bytes.lowerBound, $1.bytes.upperBound)
    }
    try Self.checkCover(entries, dataByteCount: dataByteCount)
    self.metadata = metadata
    self.entries = entries
  }

  private static func members(of bytes: [UInt8]) throws(CheckpointFlaw) -> [JSONValue.Member] {
    // The deepest thing in a header is a shape: an array in an entry in the header.
    let limits = JSONLimits(depth: 3, byteCount: maximumByteCount)
    let value: JSONValue
    do throws(JSONError) {
      value = try JSONValue.parse(bytes, limits: limits)
    } catch {
      let offset = prefixByteCount + error.offset
      switch error.problem {
      case .badUTF8: throw .headerNotUTF8(offset: offset)
      case .duplicateName(let name): throw .duplicateName(name)
      default: throw .headerNotJSON(reason: error.reason, offset: offset)
      }
    }
    guard let members = value.members else { throw .headerNotObject }
    return members
  }

  private static func metadata(_ value: JSONValue) throws(CheckpointFlaw) -> [String: String] {
    guard let members = value.members else { throw .metadataNotObject }
    var metadata: [String: String] = [:]
    for member in members {
      guard let text = member.value.stringValue else { throw .metadataNotText(key: member.name) }
      metadata[member.name] = text
    }
    return metadata
  }

  private static func entry(
    _ name: String, _ value: JSONValue
  ) throws(CheckpointFlaw) -> Entry {
    guard let members = value.members else { throw .entryNotObject(tensor: name) }
    for member in members where !fields.contains(member.name) {
      throw .unknownField(tensor: name, field: member.name)
    }
    func field(_ field: String) throws(CheckpointFlaw) -> JSONValue {
      guard let value = value[field] else { throw .missingField(tensor: name, field: field) }
      return value
    }

    let typeName = try field("dtype")
    guard let type = typeName.stringValue.flatMap(StoredType.init) else {
      throw .unknownType(tensor: name, type: typeName.stringValue ?? typeName.serialized())
    }
    guard let sizes = wholeNumbers(try field("shape")) else { throw .badShape(tensor: name) }
    guard let offsets = wholeNumbers(try field("data_offsets")), offsets.count == 2 else {
      throw .badOffsets(tensor: name)
    }
    guard offsets[0] <= offsets[1] else {
      throw .reversedOffsets(tensor: name, begin: offsets[0], end: offsets[1])
    }
    guard let expected = byteCount(sizes, type) else { throw .tooManyElements(tensor: name) }
    guard expected == offsets[1] - offsets[0] else {
      throw .sizeMismatch(tensor: name, expected: expected, named: offsets[1] - offsets[0])
    }
    return Entry(
      name: name, type: type, shape: Shape(sizes), bytes: offsets[0]..<offsets[1])
  }

  /// The elements of an array of whole numbers from zero on, or nil.
  private static func wholeNumbers(_ value: JSONValue) -> [Int]? {
    guard let elements = value.elements else { return nil }
    var numbers: [Int] = []
    numbers.reserveCapacity(elements.count)
    for element in elements {
      guard let number = element.integerValue.flatMap({ Int(exactly: $0) }), number >= 0 else {
        return nil
      }
      numbers.append(number)
    }
    return numbers
  }

  /// The bytes of a tensor, or nil if they or its strides cannot be counted.
  private static func byteCount(_ sizes: [Int], _ type: StoredType) -> Int? {
    // Zeros count as ones here: `[0, 2^62, 4]` is empty, but its strides would overflow.
    var product = type.byteCount
    for size in sizes {
      let (next, overflows) = product.multipliedReportingOverflow(by: max(size, 1))
      guard !overflows else { return nil }
      product = next
    }
    return sizes.contains(0) ? 0 : product
  }

  /// Checks that entries in the order of their bytes leave none over and share none.
  private static func checkCover(
    _ entries: [Entry], dataByteCount: Int
  ) throws(CheckpointFlaw) {
    var end = 0
    var last = ""
    for entry in entries {
      guard entry.bytes.lowerBound >= end else { throw .overlap(tensor: entry.name, with: last) }
      guard entry.bytes.lowerBound == end else {
        throw .hole(before: entry.name, byteCount: entry.bytes.lowerBound - end)
      }
      guard entry.bytes.upperBound <= dataByteCount else {
        throw .truncated(
          tensor: entry.name, named: entry.bytes.count, present: dataByteCount - end)
      }
      end = entry.bytes.upperBound
      last = entry.name
    }
    guard end == dataByteCount else { throw .trailingBytes(dataByteCount - end) }
  }
}
