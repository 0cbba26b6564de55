package import NNDiagnostics
package import NNJSON

/// Tensors by their names, those of the same first axis being columns: a length, a JSON header, then
/// the numbers, little-endian.
package struct SafetensorsFormat: TypedFormat {
  package static let word = SafetensorsSource.word

  /// The columns that tensors become; nil of all under their own names.
  let arrays: [(column: String, array: String)]?

  package var members: [JSONValue.Member] { arrayMembers(arrays) }

  init(arrays: [(column: String, array: String)]? = nil) { self.arrays = arrays }

  package init(_ object: inout JSONObject) throws(PreprocessingError) {
    arrays = try object.takeArrays()
  }

  package func read(
    _ file: DataFile, _ amount: ReadAmount
  ) throws(FileProblem) -> (Table?, [Diagnostic]) {
    parse(try file.bytes(), name: file.path, isHeader: amount == .header)
  }

  package func parse(_ bytes: FileBytes, name: String) -> (Table?, [Diagnostic]) {
    parse(bytes, name: name, isHeader: false)
  }

  private func parse(
    _ bytes: FileBytes, name: String, isHeader: Bool
  ) -> (Table?, [Diagnostic]) {
    do throws(FormatProblem) {
      let tensors = try StoredTensors(bytes)
      let chosen = try NamedArrays(all: tensors.all).chosen(by: arrays)
      try checkEvenRows(chosen.map { ($0.column, $0.array.sizes.first) })
      var columns: [TypedColumn] = []
      for (column, tensor) in chosen {
        columns.append(try tensors.column(column, tensor, isEmpty: isHeader))
      }
      return (Table(name: name, columns: columns, format: .typed(self)), [])
    } catch {
      return (nil, [error.diagnostic(of: name, a: "a safetensors file")])
    }
  }
}

private struct StoredTensors {
  struct Tensor {
    let element: ElementType
    let sizes: [Int]
    /// Where its numbers begin in the file.
    let start: Int
  }

  private let bytes: FileBytes
  private(set) var all: [(name: String, array: Tensor)] = []

  init(_ bytes: FileBytes) throws(FormatProblem) {
    self.bytes = bytes
    let length = bytes.copy(0..<8).flatMap { littleEndian(UInt64.self, $0, at: 0) }
    guard let length, let count = Int(exactly: length), count <= bytes.count - 8,
      let header = bytes.copy(8..<8 + count)
    else { throw .malformed("its header lies outside of it") }
    let json: JSONValue
    do throws(JSONError) {
      json = try JSONValue.parse(header)
    } catch {
      throw .malformed("its header is not JSON: \(error.reason)")
    }
    guard let members = json.members else { throw .malformed("its header is no object") }
    var left = bytes.count - 8 - count
    for member in members where member.name != "__metadata__" {
      let tensor = try StoredTensors.tensor(member, from: 8 + count, bytes.count)
      // Each byte is of one tensor, else a small file could hold any number of large ones.
      left -= byteCount(of: tensor.sizes, tensor.element) ?? 0
      guard left >= 0 else { throw .malformed("its tensors share bytes") }
      all.append((member.name, tensor))
    }
  }

  private static func tensor(
    _ member: JSONValue.Member, from start: Int, _ end: Int
  ) throws(FormatProblem) -> Tensor {
    let name = "its tensor '\(shortened(member.name))'"
    guard let type = member.value["dtype"]?.stringValue,
      let shape = member.value["shape"]?.elements,
      let places = member.value["data_offsets"]?.elements
    else { throw .malformed("\(name) lacks its type, shape or place") }
    guard let element = element(type) else {
      throw .unsupported("\(name) is of the type '\(shortened(type))'", help: nil)
    }
    let sizes = shape.compactMap { $0.integerValue.flatMap(Int.init(exactly:)) }
    let offsets = places.compactMap { $0.integerValue.flatMap(Int.init(exactly:)) }
    guard sizes.count == shape.count, offsets.count == 2, offsets[0] >= 0,
      // Less than nothing minus something need not be a number.
      offsets[0] <= offsets[1], offsets[1] <= end - start,
      let wanted = byteCount(of: sizes, element),
      offsets[1] - offsets[0] == wanted
    else { throw .malformed("\(name) does not fit into the file") }
    return Tensor(element: element, sizes: sizes, start: start + offsets[0])
  }

  func column(
    _ name: String, _ tensor: Tensor, isEmpty: Bool
  ) throws(FormatProblem) -> TypedColumn {
    try checkRows(tensor.sizes)
    let sizes = isEmpty ? [0] + tensor.sizes.dropFirst() : tensor.sizes
    guard
      let array = ArrayColumn(
        bytes, at: tensor.start, sizes: sizes, element: tensor.element, isBigEndian: false)
    else { throw .malformed("its tensor '\(shortened(name))' lies outside of it") }
    return TypedColumn(name, array)
  }

  private static func element(_ type: String) -> ElementType? {
    switch type {
    case "BOOL": .bool
    case "U8": .uint8
    case "I8": .int8
    case "U16": .uint16
    case "I16": .int16
    case "U32": .uint32
    case "I32": .int32
    case "U64": .uint64
    case "I64": .int64
    case "F16": .float16
    case "BF16": .bfloat16
    case "F32": .float32
    case "F64": .float64
    default: nil
    }
  }
}
