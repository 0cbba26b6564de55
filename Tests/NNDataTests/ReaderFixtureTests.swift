@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import NNYAML
import Testing

/// Every reader finds in a file what a reference reader finds in it.
@Suite struct ReaderFixtureTests {
  @Test(arguments: try ReaderFixture.all())
  func `a file holds what a reference reader finds in it`(_ fixture: ReaderFixture) throws {
    let (table, diagnostics) = try fixture.read(.everything)
    #expect(places(diagnostics) == [])
    let read = try #require(table)
    #expect(read.columnNames == fixture.columns.map(\.name))
    for column in fixture.columns { try compare(read, column) }
  }

  @Test(arguments: try ReaderFixture.all())
  func `a header has the columns and shapes of the whole file`(_ fixture: ReaderFixture) throws {
    let (table, diagnostics) = try fixture.read(.header)
    #expect(places(diagnostics) == [])
    #expect(table?.columnNames == fixture.columns.map(\.name))
    for column in fixture.columns {
      #expect(table?.shape(ofColumn: column.name)?.sizes == column.shape)
    }
  }

  private func compare(_ table: Table, _ expected: ReaderFixture.Column) throws {
    let position = try #require(table.column(expected.name))
    let column = try #require(table.typed?.columns[position])
    #expect(column.shape?.sizes == expected.shape, "\(expected.name)")
    switch column.values {
    case .words(let codes, let distinct):
      let words = codes.map { $0 < 0 ? nil : distinct[Int($0)] }
      #expect(words == expected.words, "\(expected.name)")
    case .numbers(let numbers):
      #expect(numbers.map { $0.isNaN ? nil : $0 } == expected.numbers, "\(expected.name)")
    case .tensors(let tensors):
      var numbers: [Double] = []
      var floats: [Float] = []
      for row in 0..<tensors.rowCount {
        numbers += try doublesOfRow(tensors, row)
        floats += try floatsOfRow(tensors, row)
      }
      #expect(numbers.map { $0.isNaN ? nil : $0 } == expected.numbers, "\(expected.name)")
      #expect(floats.map { $0.isNaN ? nil : $0 } == expected.numbers?.map { $0.map(Float.init) })
      for (place, value) in numbers.enumerated() where !value.isNaN {
        let width = tensors.shape.count
        #expect(try tensors.number(place / width, element: place % width) == value)
      }
    }
  }
}

func doublesOfRow(_ tensors: any TensorColumn, _ row: Int) throws -> [Double] {
  var result = [Double](repeating: 0, count: tensors.shape.count)
  try result.withUnsafeMutableBufferPointer { try tensors.read(row, into: $0) }
  return result
}

func floatsOfRow(_ tensors: any TensorColumn, _ row: Int) throws -> [Float] {
  var result = [Float](repeating: 0, count: tensors.shape.count)
  try result.withUnsafeMutableBufferPointer { try tensors.read(row, into: $0) }
  return result
}

/// An entry of `Tests/Fixtures/readers/expected.json`.
struct ReaderFixture: Sendable, CustomTestStringConvertible {
  struct Column: Sendable {
    let name: String
    let shape: [Int]?
    let numbers: [Double?]?
    let words: [String?]?
  }

  /// As it stands in a model file.
  let source: String
  let columns: [Column]

  var testDescription: String { source }

  static let folder: String = {
    let parts = #filePath.split(separator: "/").dropLast(2)
    return "/" + parts.joined(separator: "/") + "/Fixtures/readers"
  }()

  static func all() throws -> [ReaderFixture] {
    let text = try FileBytes(mapping: folder + "/expected.json")
    let json = try JSONValue.parse(text.copy(0..<text.count) ?? [])
    return (json.elements ?? []).map { entry in
      ReaderFixture(
        source: entry["source"]?.stringValue ?? "",
        columns: (entry["columns"]?.elements ?? []).map { column in
          Column(
            name: column["name"]?.stringValue ?? "",
            shape: column["shape"]?.elements?.map { Int($0.integerValue ?? 0) },
            numbers: column["numbers"]?.elements?.map(\.doubleValue),
            words: column["words"]?.elements?.map(\.stringValue))
        })
    }
  }

  func read(_ amount: ReadAmount) throws -> (Table?, [Diagnostic]) {
    try readSource(source, in: ReaderFixture.folder, amount)
  }
}

/// Reads a source that is written as it stands in a model file.
func readSource(
  _ text: String, in folder: String, _ amount: ReadAmount = .everything
) throws -> (Table?, [Diagnostic]) {
  let parsed = parseYAML(SourceText(name: "model.yaml", text: text))
  #expect(parsed.diagnostics.map(\.message) == [])
  var reader = Reader(file: "model.yaml", catalogue: Catalogue())
  let reference = SourceReference.read(try #require(parsed.node), &reader)
  let table = reference?.source.read(amount, baseDirectory: folder, &reader)
  return (table, reader.diagnostics)
}
