package import NNDiagnostics
package import NNModel
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

  /// What is done to images that usually have so many channels.
  func pipeline(usualChannels: Int) -> ImagePipeline {
    ImagePipeline(
      PixelRule(channels: channels ?? usualChannels, background: background),
      transforms.map(\.transform))
  }
}

extension ImagePipeline {
  /// Reads what a checkpoint keeps; nil where it is none.
  init?(_ rule: PixelRule, written: [String]) {
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
    self.init(rule, transforms)
  }
}
