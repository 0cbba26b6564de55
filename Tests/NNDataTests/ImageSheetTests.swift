@testable import NNData
import NNDiagnostics
import NNModel
import NNTensor
import Testing

/// Pictures that are drawn: the samples of each class, and what random transforms make of them.
@Suite struct ImageSheetTests {
  @Test func `a canvas comes back out of its file`() throws {
    var canvas = Canvas(width: 37, height: 11, Canvas.Colour(250, 250, 250))
    canvas.write("Ay,9\u{E4}", x: 2, y: 2, Canvas.Colour(0, 90, 200))
    for x in 0..<37 { canvas.set(x: x, y: 10, Canvas.Colour(UInt8(x * 6), 7, UInt8(255 - x))) }
    canvas.set(x: -1, y: 3, Canvas.Colour(0, 0, 0))
    canvas.set(x: 37, y: 3, Canvas.Colour(0, 0, 0))
    let file = try canvas.png()
    #expect(try canvas.png() == file)
    let image = try file.withUnsafeBytes { try DecodedImage($0) }
    #expect((image.width, image.height, image.channels) == (37, 11, 3))
    #expect(image.samples == .bytes(canvas.samples))
  }

  @Test func `letters are what they look like, and what is unknown is a box`() {
    var canvas = Canvas(width: 12, height: 7, Canvas.Colour(255, 255, 255))
    canvas.write("T\u{4E00}", x: 0, y: 0, Canvas.Colour(0, 0, 0))
    let dots = (0..<7).map { y in
      String((0..<12).map { canvas[$0, y].red == 0 ? Character("#") : Character(".") })
    }
    #expect(
      dots == [
        "#####.#####.", "..#...#...#.", "..#...#...#.", "..#...#...#.", "..#...#...#.",
        "..#...#...#.", "..#...#####.",
      ])
  }

  @Test func `every letter that can be typed is drawn, and no two alike`() {
    let typed = (33...126).compactMap { Unicode.Scalar($0) }
    let drawn = typed.filter { PixelFont.rows(of: $0) != PixelFont.rows(of: "\u{4E00}") }
    for own in "ABCXYZabcxyz0123456789-_.,:/()+%#" {
      #expect(drawn.contains { $0 == own.unicodeScalars.first })
    }
    let rows = drawn.map { PixelFont.rows(of: $0) }
    #expect(Set(rows).count == rows.count)
    #expect(rows.allSatisfy { $0.count == PixelFont.height && $0.allSatisfy { $0 < 32 } })
  }

  private func look(
    _ input: String, target: String = "targets: {label: {type: category}}"
  ) throws -> DataLook {
    var reading = Reading(
      "source: \(datasets)/photos/test/\ninputs: {image: \(input)}\n\(target)\n")
    let spec = try #require(reading.spec)
    return try #require(
      spec.look(baseDirectory: "", modelSeed: 3, drawsImages: true, &reading.reader),
      "\(reading.reader.diagnostics.map(\.message))")
  }

  @Test func `a row is a sample as it is evaluated and as training draws it`() throws {
    let input =
      "{transforms: [{resize: 12}, {rotate: 40}, {normalise: {mean: [0.3], deviation: [0.2]}}]}"
    let sheet = try #require(try look(input).sheet)
    let section = try #require(sheet.sections.first)
    #expect(sheet.sections.count == 1 && section.rows.count == 12)
    let names = [String](repeating: "china", count: 6) + [String](repeating: "flower", count: 6)
    #expect(section.rows.map { $0.caption[0] } == names)
    let places = [1, 9, 18, 27, 35, 44, 53, 61, 70, 79, 87, 96]
    #expect(section.rows.map { $0.caption[1] } == places.map { "row \($0)" })
    #expect(section.title == "image: 12 \u{D7} 12, 3 channels; resize, rotate, normalise")
    #expect(section.headings.count == 8)
    for row in section.rows {
      #expect(row.pictures.count == 8)
      #expect(Set(row.pictures).count == 8)
      // What normalise does is taken back.
      #expect(row.pictures.joined().allSatisfy { $0 > -0.01 && $0 < 1.01 })
    }
    let plain = try #require(try look("{transforms: [{resize: 12}]}").sheet?.sections.first)
    for (row, other) in [(0, 0), (6, 1)] {
      let expected = plain.rows[other].pictures[0]
      #expect(zip(section.rows[row].pictures[0], expected).allSatisfy { abs($0 - $1) < 1e-5 })
    }
    #expect(sheet.pictureCount == 96)
  }

  @Test func `without anything random a row is samples of a class`() throws {
    let section = try #require(try look("{type: image}").sheet?.sections.first)
    #expect(section.headings == [] && section.rows.count == 2)
    #expect(section.rows.allSatisfy { $0.pictures.count == 8 })
    #expect(section.rows[1].caption == ["flower", "rows 53\u{2026}98"])
  }

  @Test func `the picture has every picture where it belongs`() throws {
    let sheet = try #require(try look("{transforms: [{resize: 12}, flip]}").sheet)
    let canvas = sheet.canvas
    #expect(try sheet.canvas.png() == canvas.png())
    // Pictures of 12 pixels are six times as large.
    let colours = Set(
      stride(from: 0, to: canvas.samples.count, by: 3).map { canvas.samples[$0..<$0 + 3] })
    #expect(colours.count > 500)
    #expect((600..<900).contains(canvas.width) && (900..<1100).contains(canvas.height))
  }

  @Test func `nothing is drawn where no input is an image, or nobody asks`() throws {
    var reading = Reading("source: data.csv\ninputs: {x: x}\ntargets: {y: y}\n")
    let folder = TestFolder(["data.csv": "x,y\n1,2\n2,3\n"])
    let spec = try #require(reading.spec)
    let look = spec.look(
      baseDirectory: folder.path, modelSeed: 3, drawsImages: true, &reading.reader)
    #expect(look?.sheet == nil && look?.hasImages == false)
  }
}
