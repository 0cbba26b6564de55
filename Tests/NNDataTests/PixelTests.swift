@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// Arrays, and columns of numbers, that are the pixels of images.
@Suite struct PixelTests {
  private static let targets = "targets: {label: {column: label, type: category}}"

  private func reading(_ input: String, source: String) -> Reading {
    Reading("source: \(source)\ninputs: {photo: \(input)}\n\(Self.targets)\n")
  }

  @Test func `arrays of bytes are images from zero to one`() throws {
    let folder = TestFolder()
    let pixels = (0..<24).map { UInt8($0 * 10) }
    folder.write([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 4] + pixels, to: "x.idx")
    folder.write([0, 0, 8, 1, 0, 0, 0, 2, 1, 2], to: "y.idx")
    let source = "{idx: {columns: {x: x.idx, label: y.idx}}}"
    var reading = Reading(
      "source: \(source)\ninputs: {photo: {column: x, transforms: [{pad: 1}]}}\n\(Self.targets)\n")
    let data = try loaded(&reading, folder)
    let input = try #require(data.splits[.train]?.inputs[0])
    #expect(input.sampleShape == [1, 5, 6])
    let values = try #require(floats(input))
    #expect(Array(values[6..<12]) == [0, 0, 10, 20, 30, 0].map { $0 / 255 })
    var colored = Reading(
      "source: \(source)\ninputs: {photo: {column: x, channels: 3}}\n\(Self.targets)\n")
    let none = colored.load(in: folder.path)
    #expect(none == nil)
    #expect(colored.reader.diagnostics.map(\.code) == ["no-images"])
  }

  @Test func `columns of numbers are the pixels of images of a shape`() throws {
    let names = (1...6).map { "p\($0)" }.joined(separator: ",")
    let csv = "\(names),label\n0,1,2,3,4,5,a\n10,9,8,7,6,5,b\n"
    let folder = TestFolder(["data.csv": csv])
    let input = "{columns: p*, shape: [2, 3], scale: {factor: 0.1}, transforms: [{pad: [0, 1]}]}"
    var reading = reading(input, source: "data.csv")
    let data = try loaded(&reading, folder)
    let prepared = try #require(data.splits[.train]?.inputs[0])
    #expect(prepared.sampleShape == [1, 2, 5])
    let tenth = Float(0.1)
    #expect(
      floats(prepared)
        == [0, 0, 1, 2, 0, 0, 3, 4, 5, 0, 0, 10, 9, 8, 0, 0, 7, 6, 5, 0].map { $0 * tenth })
    #expect(reading.spec?.schemaWithoutData() == nil)
    let json = data.preprocessing.json
    let again = try Preprocessing(json: JSONValue.parse(Array(json.serialized().utf8)))
    #expect(again == data.preprocessing)
    let table = try #require(again.readTable(path: folder.path + "/data.csv").0)
    #expect(again.prepare(table, needTargets: false).0?.samples.inputs[0] == prepared)

    folder.write(Array("\(names),label\n0,1,,3,x,5,a\n1,2,3,4,5,6,b\n".utf8), to: "bad.csv")
    var bad = self.reading(input, source: "bad.csv")
    let none = bad.load(in: folder.path)
    #expect(none == nil)
    #expect(
      places(bad.reader.diagnostics) == ["bad.csv:2:5 missing-value", "bad.csv:2:8 bad-number"])
  }

  @Test(arguments: [
    ("{columns: p*, type: image}", "one-column"),
    ("{columns: p*, type: image, shape: [6]}", "shape-mismatch"),
    ("{columns: p*, type: image, shape: [2, 2]}", "shape-mismatch"),
    ("{columns: p*, type: image, shape: [2, 3], scale: standard}", "field-not-for-type"),
    ("{columns: p*, type: image, shape: [2, 3], channels: 3}", "no-images"),
    ("{columns: p*, shape: [2, 3], transforms: [{crop: 3}]}", "transform-size"),
  ])
  func `what columns of pixels cannot be is told`(_ input: String, _ code: String) {
    let names = (1...6).map { "p\($0)" }.joined(separator: ",")
    let folder = TestFolder(["data.csv": "\(names),label\n0,1,2,3,4,5,a\n1,9,8,7,6,5,b\n"])
    var reading = reading(input, source: "data.csv")
    let none = reading.load(in: folder.path)
    #expect(none == nil)
    #expect(reading.reader.diagnostics.map(\.code) == [code])
  }
}
