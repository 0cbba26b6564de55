@testable import NNData
import NNDiagnostics
import NNJSON
import NNModel
import NNTensor
import Testing

/// What a data section prepares, or why it prepares nothing.
func loaded(_ reading: inout Reading, _ folder: TestFolder) throws -> PreparedData {
  let data = reading.load(in: folder.path)
  return try #require(data, "\(reading.reader.diagnostics.map(\.message))")
}

/// Folders and lists of images as inputs.
@Suite struct ImageSourceTests {
  /// Two labels, three images of two sizes, and what is none.
  private static func photos() throws -> TestFolder {
    let folder = TestFolder()
    folder.makeFolder("dogs")
    folder.makeFolder("cats")
    folder.makeFolder("cats/old")
    folder.write(try ImageFixture.bytes("rgb8.png"), to: "dogs/b.png")
    folder.write(try ImageFixture.bytes("l8.png"), to: "dogs/a.PNG")
    folder.write(try ImageFixture.bytes("color-0.jpg"), to: "cats/old/1.jpeg")
    folder.write(try ImageFixture.bytes("orientation-6.jpg"), to: "cats/2.jpg")
    folder.write(Array("no image".utf8), to: "cats/notes.txt")
    folder.write(Array("no image".utf8), to: "cats/.hidden.png")
    return folder
  }

  private static let targets = "targets: {label: {column: label, type: category}}"

  private func reading(_ input: String, source: String = "{image_folder: .}") -> Reading {
    Reading("source: \(source)\ninputs: {photo: \(input)}\n\(Self.targets)\n")
  }

  @Test func `a folder is a table of images, labels and paths`() throws {
    let folder = try Self.photos()
    let (table, diagnostics) = try readSource("{image_folder: .}", in: folder.path)
    #expect(places(diagnostics) == [])
    let read = try #require(table)
    #expect(read.columnNames == ["image", "label", "path"])
    let rows = (0..<read.rowCount).map { row in
      (1...2).map { read.text(row: row, column: $0) }
    }
    #expect(
      rows == [
        ["cats", "cats/2.jpg"], ["cats", "cats/old/1.jpeg"], ["dogs", "dogs/a.PNG"],
        ["dogs", "dogs/b.png"],
      ])
    let (header, _) = try readSource("./", in: folder.path, .header)
    #expect(header?.columnNames == read.columnNames)
    #expect(header?.shape(ofColumn: "image") == read.shape(ofColumn: "image"))
  }

  @Test func `images become floats by their transforms, rows in order`() throws {
    let folder = try Self.photos()
    var reading = reading("{column: image, transforms: [{resize: [4, 5]}]}")
    let data = try loaded(&reading, folder)
    let input = try #require(data.splits[.train]?.inputs[0])
    #expect(input.sampleShape == [3, 4, 5])
    #expect(data.schema.inputs[0].shape == [3, 4, 5])
    #expect(input.late == nil)
    #expect(indices(data.splits[.train]?.targets[0]) == [0, 0, 1, 1])
    var resize = Resize()
    resize.size = Pair(4, 5)
    let files = ["orientation-6.jpg", "color-0.jpg", "l8.png", "rgb8.png"]
    let expected = try files.flatMap { name in
      let (values, size) = floatsOfImage(
        try ImageFixture.decode(name), PixelRule(channels: 3))
      return try applied(resize, values, size)
    }
    #expect(floats(input) == expected)
  }

  @Test func `images of different sizes are told by two names`() throws {
    let folder = try Self.photos()
    for input in ["{column: image, type: image}", "{column: image, transforms: [flip]}", "image"] {
      var reading = reading(input)
      let data = reading.load(in: folder.path)
      #expect(data == nil)
      let found = try #require(reading.reader.diagnostics.first)
      #expect(found.code == "image-sizes")
      #expect(found.message.contains("'cats/old/1.jpeg' has 22 × 19 pixels"))
      #expect(found.message.contains("'cats/2.jpg' has 10 × 13"))
      #expect(found.help?.contains("resize") ?? false)
    }
  }

  @Test func `broken images are told before anything is decoded, each by its path`() throws {
    let folder = try Self.photos()
    folder.write(Array(try ImageFixture.bytes("rgb8.png")[..<20]), to: "dogs/c.png")
    folder.write(try ImageFixture.bytes("cmyk.jpg"), to: "dogs/d.jpg")
    folder.write([], to: "dogs/e.png")
    let (table, diagnostics) = try readSource("{image_folder: .}", in: folder.path)
    #expect(table == nil)
    #expect(diagnostics.map(\.code) == ["damaged-image", "unsupported-image", "damaged-image"])
    #expect(diagnostics[0].message.hasPrefix("row 5: the image 'dogs/c.png' is damaged"))
  }

  @Test func `a file whose pixels end early is told while it is decoded`() throws {
    let folder = try Self.photos()
    let whole = try ImageFixture.bytes("color-0.jpg")
    folder.write(Array(whole[..<(whole.count - 60)]), to: "dogs/c.jpg")
    var reading = reading("{column: image, transforms: [{resize: 4}]}")
    let data = reading.load(in: folder.path)
    #expect(data == nil)
    #expect(reading.reader.diagnostics.map(\.code) == ["damaged-image"])
    let message = reading.reader.diagnostics[0].message
    #expect(
      message == "row 5, column 'image': the image 'dogs/c.jpg' is damaged: it ends too early")
  }

  @Test(arguments: [
    ("{column: path, type: image}", "no-images"),
    ("{column: image, type: number, transforms: [flip]}", "field-not-for-type"),
    ("{column: image, type: image, scale: standard}", "field-not-for-type"),
    ("{column: image, type: image, channels: 2}", "wrong-type"),
    ("{column: image, transforms: [{flip: sideways}]}", "wrong-type"),
    ("{column: image, transforms: [{rotate: 200}]}", "out-of-range"),
    ("{column: image, transforms: [{crop: 900}]}", "transform-size"),
    ("{column: image, transforms: [{resize: 16384}, {pad: 16384}]}", "transform-size"),
    ("{column: image, transforms: [{resize: 100000}]}", "transform-size"),
    (
      "{column: image, transforms: [{resize: 4}, {normalise: {mean: [0], deviation: [1e-60]}}]}",
      "transform-size"
    ),
    ("{column: image, transforms: [flip, {resize: 4}]}", "transform-order"),
    (
      "{column: image, transforms: [{resize: 4}, {normalise: {mean: [0, 1], deviation: 1}}]}",
      "wrong-type"
    ),
    (
      "{column: image, transforms: [{resize: 4}, {normalise: {mean: [0, 1], deviation: [1]}}]}",
      "transform-size"
    ),
  ])
  func `what images cannot be is told at its place`(_ input: String, _ code: String) throws {
    let folder = try Self.photos()
    var reading = reading(input)
    let data = reading.load(in: folder.path)
    #expect(data == nil)
    #expect(reading.reader.diagnostics.map(\.code) == [code])
    #expect(reading.reader.diagnostics.first?.range.start.line == 2)
  }

  @Test func `a checkpoint's preprocessing makes the same floats of the same images`() throws {
    let folder = try Self.photos()
    var reading = reading(
      "{column: image, channels: 1, background: 0.5, transforms: "
        + "[{resize: {size: [6, 5], method: area, fit: cover}}, {rotate: 20}, "
        + "{normalise: {mean: [0.1], deviation: [0.3]}}, {pad: 0}, flip]}")
    let data = try loaded(&reading, folder)
    let json = data.preprocessing.json
    let read = try Preprocessing(json: JSONValue.parse(Array(json.serialized().utf8)))
    #expect(read == data.preprocessing)
    #expect(read.json == json)
    #expect(!json.serialized().contains("rotate"))
    let (table, diagnostics) = read.readTable(path: folder.path)
    #expect(places(diagnostics) == [])
    let (prepared, problems) = read.prepare(try #require(table), needTargets: false)
    #expect(places(problems) == [])
    let again = try #require(floats(prepared?.samples.inputs[0]))

    // What training keeps is what comes before the first random transform; the rest without the
    // random ones gives what predictions see.
    let kept = try #require(data.splits[.train]?.inputs[0])
    let late = try #require(kept.late)
    let stored = try #require(floats(kept))
    #expect(made(stored, late, streams: []) == again)
    let streams = late.streams(seed: 1)
    #expect(made(stored, late, streams: streams) != again)
    #expect(made(stored, late, streams: streams) == made(stored, late, streams: streams))
    var evaluation = self.reading("image")
    let evaluated = evaluation.load(in: folder.path, using: read)
    #expect(evaluated?.splits[.train]?.inputs[0].late == nil)
    #expect(floats(evaluated?.splits[.train]?.inputs[0]) == again)
  }

  /// What is made of all rows.
  private func made(
    _ stored: [Float], _ late: LateTransforms, streams: [RandomStream]
  ) -> [Float] {
    let width = late.size.count
    var result = [Float](repeating: .nan, count: stored.count)
    var scratch = [Float](repeating: .nan, count: late.scratchCount)
    for row in 0..<stored.count / width {
      stored.withUnsafeBufferPointer { stored in
        result.withUnsafeMutableBufferPointer { result in
          scratch.withUnsafeMutableBufferPointer { scratch in
            guard let from = stored.baseAddress, let to = result.baseAddress,
              let scratch = scratch.baseAddress
            else { return }
            late.make(
              from + row * width, into: to + row * width, scratch: scratch, streams: streams,
              step: 3, sample: UInt64(row))
          }
        }
      }
    }
    return result
  }

  @Test func `one image, or a folder without labels, can be predicted`() throws {
    let folder = try Self.photos()
    var reading = reading("{column: image, transforms: [{resize: 4}]}")
    let fitted = try loaded(&reading, folder).preprocessing
    for (path, count) in [("/dogs/b.png", 1), ("/dogs", 2)] {
      let (table, diagnostics) = fitted.readTable(path: folder.path + path)
      #expect(places(diagnostics) == [])
      let (prepared, problems) = fitted.prepare(try #require(table), needTargets: false)
      #expect(places(problems) == [])
      #expect(prepared?.samples.count == count)
    }
    folder.write(Array("a,b\n1,2\n".utf8), to: "data.csv")
    let (table, _) = fitted.readTable(path: folder.path + "/data.csv")
    let (none, problems) = fitted.prepare(try #require(table), needTargets: false)
    #expect(none == nil)
    #expect(problems.map(\.code) == ["missing-column"])
  }

  @Test func `a list has images and further columns, and findings stand at its lines`() throws {
    let folder = try Self.photos()
    let list = "file,label,age\ncats/2.jpg,cat,3\ndogs/b.png,dog,\n"
    folder.write(Array(list.utf8), to: "list.csv")
    let source = "{image_list: {path: list.csv, column: file}}"
    let (table, diagnostics) = try readSource(source, in: folder.path)
    #expect(places(diagnostics) == [])
    #expect(table?.columnNames == ["file", "label", "age"])
    #expect(table?.text(row: 1, column: 1) == "dog")
    var reading = Reading(
      "source: \(source)\ninputs: {photo: {column: file, transforms: [{resize: 3}]}, "
        + "age: {missing: mean}}\n\(Self.targets)\n")
    let data = try loaded(&reading, folder)
    #expect(floats(data.splits[.train]?.inputs[1]) == [3, 3])
    #expect(data.splits[.train]?.inputs[0].sampleShape == [3, 3, 3])
    // A list is read as one again, whatever else ends in .csv.
    let again = data.preprocessing.readTable(path: folder.path + "/list.csv").0
    #expect(again?.shape(ofColumn: "file")?.rank == 3)
    let images = data.preprocessing.readTable(path: folder.path + "/dogs").0
    #expect(images?.columnNames == ["file", "label", "path"])

    let broken = "file,label\ncats/2.jpg,cat\nnowhere.png,dog\ncats/notes.txt,dog\n"
    folder.write(Array(broken.utf8), to: "broken.csv")
    let (none, found) = try readSource(
      "{image_list: {path: broken.csv, column: file}}", in: folder.path)
    #expect(none == nil)
    #expect(
      places(found) == ["broken.csv:3:1 file-not-found", "broken.csv:4:1 unsupported-image"])
    let (_, missing) = try readSource("{image_list: list.csv}", in: folder.path)
    #expect(missing.map(\.code) == ["missing-column"])
  }

  @Test func `preprocessing that was tampered with is refused`() throws {
    let folder = try Self.photos()
    var reading = reading("{column: image, transforms: [{resize: 4}]}")
    let text = try loaded(&reading, folder).preprocessing.json.serialized()
    for (old, new) in [
      ("{resize:", "{flip:"), ("{resize:", "{shrink:"), ("[3,4,4]", "[2,4,4]"),
      ("[3,4,4]", "[48]"), ("\"background\":0", "\"background\":2"), ("{resize:", "[["),
    ] {
      #expect(text.contains(old), "\(text)")
      let json = try JSONValue.parse(Array(text.replacing(old, with: new).utf8))
      #expect(throws: PreprocessingError.self) { try Preprocessing(json: json) }
    }
  }
}
