package import NNModel
package import NNYAML

/// A text as the model file declares it.
package struct TextSpec: Sendable {
  package let reading: TextReading
  /// How many indices there may be: the most of texts, exactly so many of tokens.
  package let vocabulary: Int?

  /// The indices, where the file tells them.
  var knownVocabulary: TextVocabulary? {
    reading.pieces == .tokens ? vocabulary.map { .tokens($0) } : nil
  }
}

/// What inputs and targets alike say of texts.
protocol SharedTextFields {
  var split: TextSplit? { get }
  var lower: Bool? { get }
  var length: Int? { get }
  var vocabulary: Int? { get }
  var cut: TextEnd? { get }
  var pad: TextEnd? { get }
}

extension InputFields: SharedTextFields {}
extension TargetFields: SharedTextFields {}

/// The fields of texts and tokens of an input or a target.
struct TextFields {
  var split: TextSplit?
  var lower: Bool?
  var length: Int?
  var vocabulary: Int?
  var cut: TextEnd?
  var pad: TextEnd?
  var padding: Int?
  var ngrams: NgramSizes?
  var buckets: Int?
  var shift: Int?

  init() {}

  init(_ fields: InputFields) {
    self.init(shared: fields)
    padding = fields.padding
    ngrams = fields.ngrams
    buckets = fields.buckets
  }

  init(_ fields: TargetFields) {
    self.init(shared: fields)
    shift = fields.shift
  }

  private init(shared fields: some SharedTextFields) {
    split = fields.split
    lower = fields.lower
    length = fields.length
    vocabulary = fields.vocabulary
    cut = fields.cut
    pad = fields.pad
  }

  /// Those that are written, by name.
  var written: Set<String> {
    let all: [(String, Bool)] = [
      ("split", split != nil), ("lower", lower != nil), ("length", length != nil),
      ("vocabulary", vocabulary != nil), ("cut", cut != nil), ("pad", pad != nil),
      ("padding", padding != nil), ("ngrams", ngrams != nil), ("buckets", buckets != nil),
      ("shift", shift != nil),
    ]
    return Set(all.filter(\.1).map(\.0))
  }

  /// In the order of the manual.
  static let names = [
    "split", "lower", "length", "vocabulary", "cut", "pad", "padding", "ngrams", "buckets", "shift",
  ]
  static let ofTokens: Set = ["length", "vocabulary", "cut", "pad", "padding", "shift"]
  static let ofTexts: Set = [
    "split", "lower", "length", "vocabulary", "cut", "pad", "ngrams", "buckets", "shift",
  ]
  /// Those of texts that become indices alone.
  static let ofSequences: Set = ["vocabulary", "cut", "pad", "shift"]
}

/// Of how many pieces n-grams are.
package struct NgramSizes: FieldValue, Equatable {
  package let sizes: ClosedRange<Int>

  package static let most = 16
  package static let expectation =
    "a number from 1 to \(most), or the least and the most such as [3, 5]"
  package static let counts = true
  package var numbers: [Double] { [Double(sizes.lowerBound), Double(sizes.upperBound)] }
  package var shownInManual: String {
    sizes.lowerBound == 1 ? "\(sizes.upperBound)" : "[\(sizes.lowerBound), \(sizes.upperBound)]"
  }
  package static func sample(within range: Bounds?) -> String { "2" }
  package static func text(of number: Double) -> String? { shown(number) }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> NgramSizes? {
    if case .int(let most)? = node.scalar?.value, (1...Self.most).contains(most) {
      return NgramSizes(sizes: 1...most)
    }
    guard let nodes = node.sequence, nodes.count == 2,
      case .int(let least)? = nodes[0].scalar?.value, case .int(let most)? = nodes[1].scalar?.value,
      least >= 1, least <= most, most <= Self.most
    else { return reader.wrongType(node, expectation) }
    return NgramSizes(sizes: least...most)
  }
}
