package import NNDiagnostics
package import NNModel
import NNTensor
package import NNYAML

/// The transforms of an input as they are written.
package struct TransformList: FieldValue {
  package struct Entry: Sendable {
    package let transform: any ImageTransform
    package let range: SourceRange
  }

  package let entries: [Entry]

  package static let expectation = "a list of transforms such as [{resize: 32}, flip]"
  package static func sample(within range: Bounds?) -> String { "[flip]" }
  package var shownInManual: String { "…" }
  package var written: String {
    "[" + entries.map(\.transform.written).joined(separator: ", ") + "]"
  }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> TransformList? {
    guard let nodes = node.sequence else { return reader.wrongType(node, expectation) }
    let entries = nodes.compactMap { node in
      reader.readKind(node, DataCatalogue.transforms).map {
        Entry(transform: $0.instance, range: $0.wordRange)
      }
    }
    return entries.count == nodes.count ? TransformList(entries: entries) : nil
  }
}

/// What an image input says of its images.
package struct ImageSpec: Sendable {
  /// Nil: as many as the first image has, without alpha.
  package let channels: Int?
  package let background: Double
  package let transforms: [TransformList.Entry]
  /// How numbers make images; nil where the column holds images already.
  package let pixels: PixelColumns?

  /// What is done to images that usually have so many channels.
  func pipeline(usualChannels: Int) -> ImagePipeline {
    ImagePipeline(
      PixelRule(channels: channels ?? usualChannels, background: background),
      transforms.map(\.transform), pixels: pixels)
  }
}

extension ImageSpec {
  /// What is done to the rows of a column, and what becomes of the first; nil where they are no
  /// images.
  ///
  /// - shape: of a row as it is, [height, width] or [channels, height, width].
  func size(of shape: Shape) -> ImageSize? {
    guard let own = ImageSize(rowShape: pixels?.shape ?? shape) else { return nil }
    let pipeline = pipeline(usualChannels: own.channels)
    let start = ImageSize(
      channels: pipeline.rule.channels, height: own.height, width: own.width)
    do throws(TransformProblem) {
      return try pipeline.size(of: start)
    } catch {
      return nil
    }
  }

  /// Reports at its place a transform that cannot be done to images of a size.
  func check(_ start: ImageSize, _ reader: inout Reader) {
    var size = start
    var random: String?
    for entry in transforms {
      do throws(TransformProblem) {
        let next = try entry.transform.bounded(size)
        if let random, next != size {
          reader.error(
            "transform-order",
            "'\(type(of: entry.transform).word)' changes the size of images after '\(random)', "
              + "which is for training alone",
            at: entry.range, help: "Put what is done to every image first.")
          return
        }
        size = next
      } catch {
        reader.error("transform-size", error.message, at: entry.range, help: error.help)
        return
      }
      if type(of: entry.transform).isRandom { random = random ?? type(of: entry.transform).word }
    }
  }
}

extension ImagePipeline {
  /// Reads what a checkpoint keeps; nil where it is none.
  init?(_ rule: PixelRule, written: [String], pixels: PixelColumns?) {
    var transforms: [any ImageTransform] = []
    for text in written {
      let (node, diagnostics) = parseYAML(SourceText(name: "transform", text: text))
      var reader = Reader(file: "transform", catalogue: Catalogue())
      guard let node, diagnostics.isEmpty,
        let read = reader.readKind(node, DataCatalogue.transforms), reader.diagnostics.isEmpty,
        !type(of: read.instance).isRandom
      else { return nil }
      transforms.append(read.instance)
    }
    self.init(rule, transforms, pixels: pixels)
  }
}
