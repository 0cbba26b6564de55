@testable import NNData
import NNDiagnostics
import NNJSON
import NNTensor
import Testing

private let yaml = """
  source: data.csv
  split: {train: 0.6, test: 0.4, seed: 1}
  inputs:
    numbers: {columns: [a, b], scale: standard, missing: mean}
    small: {column: a, scale: min_max, missing: median}
    colour: {column: colour, type: category, missing: {constant: grey}}
    index: {column: colour, type: category, encode: index, missing: drop}
  targets:
    price: {column: price, scale: standard}
    sold: {column: sold, type: binary}
    kind: {column: kind, type: category}
  """

private let csv = """
  a,b,colour,price,sold,kind
  0.1,1e3,red,10,no,2
  0.7,,blue,20.5,yes,10
  1.3,3e3,red,31,no,2
  2.2,4e3,blue,39,yes,10
  ,5e3,red,50,no,2
  3.3,6e3,blue,61,yes,10
  4.1,7e3,,61,yes,10
  1.7,8e3,red,77,no,2
  3.9,2e3,blue,81,no,10
  2.4,1e3,red,99,yes,2

  """

@Suite struct PreprocessingTests {
  private func loaded() throws -> PreparedData {
    let (data, diagnostics) = load(yaml, csv: csv)
    #expect(places(diagnostics) == [])
    return try #require(data)
  }

  @Test func `JSON holds all of it, exactly`() throws {
    let preprocessing = try loaded().preprocessing
    let text = preprocessing.json.serialized()
    let again = try Preprocessing(json: JSONValue.parse(text))
    #expect(again == preprocessing)
    #expect(again.json.serialized() == text)
  }

  @Test func `JSON is refused unless every member is right`() throws {
    let json = try loaded().preprocessing.json
    var count = 0
    func visit(_ value: JSONValue, _ rebuild: (JSONValue) -> JSONValue) {
      func refuse(_ changed: JSONValue) {
        count += 1
        #expect(throws: PreprocessingError.self) { try Preprocessing(json: rebuild(changed)) }
      }
      refuse(nil)
      switch value {
      case .object(let members):
        refuse(.object(members + [.init("extra", 1)]))
        for (index, member) in members.enumerated() {
          var fewer = members
          fewer.remove(at: index)
          refuse(.object(fewer))
          visit(member.value) { changed in
            var other = members
            other[index].value = changed
            return rebuild(.object(other))
          }
        }
      case .array(let elements):
        for (index, element) in elements.enumerated() {
          visit(element) { changed in
            var other = elements
            other[index] = changed
            return rebuild(.array(other))
          }
        }
      default: break
      }
    }
    visit(json) { $0 }
    #expect(count > 100)
  }

  @Test func `preparing the same rows gives the same tensors`() throws {
    let data = try loaded()
    let preprocessing = try Preprocessing(json: data.preprocessing.json)
    let (table, _) = Table.parse(Array(csv.utf8), name: "new.csv", format: preprocessing.format)
    let (prepared, diagnostics) = preprocessing.prepare(try #require(table), needTargets: true)
    #expect(places(diagnostics) == [])
    let all = try #require(prepared)
    #expect(all.droppedRows == 1)
    #expect(all.rowNumbers == [1, 2, 3, 4, 5, 6, 8, 9, 10])
    for (name, samples) in data.splits {
      let places = (data.rowNumbers[name] ?? []).compactMap { all.rowNumbers.firstIndex(of: $0) }
      #expect(places.count == samples.count)
      for (whole, part) in zip(
        all.samples.inputs + all.samples.targets, samples.inputs + samples.targets)
      {
        let width = whole.sampleShape.count
        switch (whole.storage, part.storage) {
        case (.float(let values), .float(let expected)):
          #expect(places.flatMap { Array(values[$0 * width..<($0 + 1) * width]) } == expected)
        case (.index(let values), .index(let expected)):
          #expect(places.map { values[$0] } == expected)
        default: Issue.record("'\(whole.name)' changed its type")
        }
      }
    }
  }

  @Test func `loading with what was fitted gives the same data`() throws {
    let data = try loaded()
    let folder = TestFolder(["data.csv": csv])
    var reading = Reading(yaml)
    let reloaded = reading.load(in: folder.path, using: data.preprocessing)
    let again = try #require(reloaded)
    #expect(again.splits == data.splits)
    #expect(again.rowNumbers == data.rowNumbers)
  }

  @Test func `targets may be missing where nobody asks for them`() throws {
    let preprocessing = try loaded().preprocessing
    let text = "colour,extra,b,a\nblue,?,2e3,1\n"
    let (table, _) = Table.parse(Array(text.utf8), name: "new.csv", format: CSVFormat())
    let (prepared, diagnostics) = preprocessing.prepare(try #require(table), needTargets: false)
    #expect(places(diagnostics) == [])
    #expect(prepared?.samples.targets == [])
    #expect(indices(prepared?.samples.inputs.last) == [0])
    let (none, refused) = preprocessing.prepare(try #require(table), needTargets: true)
    #expect(none == nil)
    #expect(places(refused) == ["new.csv:1:1 missing-column"])
  }

  @Test func `a category nobody learnt is an error with row and column`() throws {
    let preprocessing = try loaded().preprocessing
    let text = "a,b,colour\n1,2,red\n1,2,blu\n"
    let (table, _) = Table.parse(Array(text.utf8), name: "new.csv", format: CSVFormat())
    let (prepared, diagnostics) = preprocessing.prepare(try #require(table), needTargets: false)
    #expect(prepared == nil)
    #expect(
      places(diagnostics) == [
        "new.csv:3:5 unknown-category", "new.csv:3:5 unknown-category",
      ])
    #expect(diagnostics.first?.label == "did you mean 'blue'?")
  }

  @Test func `targets know their classes and scale back`() throws {
    let data = try loaded()
    let price = try #require(data.preprocessing.target("price"))
    let scaled = try #require(floats(data.splits[.train]?.targets[0]))
    let rows = try #require(data.rowNumbers[.train])
    let prices = [10, 20.5, 31, 39, 50, 61, 61, 77, 81, 99]
    for (value, row) in zip(scaled, rows) {
      #expect(abs(price.unscaled(value) - prices[row - 1]) < 1e-4)
    }
    #expect(data.preprocessing.target("sold")?.classes == ["no", "yes"])
    #expect(data.preprocessing.target("kind")?.classes == ["2", "10"])
  }

  @Test func `the same file gives the same bytes`() throws {
    #expect(
      try loaded().preprocessing.json.serialized() == loaded().preprocessing.json.serialized())
  }
}
