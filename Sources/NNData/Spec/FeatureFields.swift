package import NNDiagnostics
package import NNModel
package import NNYAML

/// What the values of a column are.
package enum ColumnType: String, WordChoice {
  case number
  case binary
  case category
  case date
  case ordinal
  case vector
  case image
  case text
  case tokens

  /// With its article.
  var described: String {
    switch self {
    case .image, .ordinal: "an \(rawValue)"
    case .tokens: rawValue
    default: "a \(rawValue)"
    }
  }
}

/// How a category enters the network.
package enum Encoding: String, WordChoice {
  /// One float per class: 1 for the class of the sample, else 0.
  case oneHot = "one_hot"
  /// The index of the class, for an embedding.
  case index
  /// The place of the class among all, from 0 to 1; it is written as a type.
  case ordinal

  package static let allCases: [Encoding] = [.oneHot, .index]

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Encoding? {
    guard let encoding = allCases.first(where: { $0.rawValue == node.scalar?.text }) else {
      return reader.wrongType(
        node, expectation, help: node.scalar?.text == "ordinal" ? "Say type: ordinal." : nil,
        among: allCases.map(\.rawValue))
    }
    return encoding
  }
}

/// The fields of an input.
package struct InputFields: Section {
  @Field("The columns it is made of; by default the column of its own name.", principal: true)
  package var columns: ColumnNames? = nil

  @Field("The column it is made of, where it is one.")
  package var column: Located<String>? = nil

  @Field("What the values are; by default one column is a number, several are a vector.")
  package var type: ColumnType? = nil

  @Field("How a category enters the network.")
  package var encode: Encoding? = nil

  @Field(
    "The shape of one sample, such as [1, 8, 8], before transforms; by default one axis.",
    range: .atLeast(1))
  package var shape: Located<[Int]>? = nil

  @Field("How dates are written: by default 2024-12-31, maybe with a time behind it.")
  package var format: DateFormat? = nil

  @Field("The numbers that a date gives; by default year, month, day and weekday.")
  package var parts: [DatePart]? = nil

  @Field(
    "Whether parts that come again are a sine and a cosine each, so that December meets January.")
  package var cyclic: Bool = false

  @Field("The limits that numbers are kept within, before anything else is done to them.")
  package var clip: ClipRange? = nil

  @Field("Whether the logarithm of one more than a number is scaled in its place.")
  package var log1p: Bool = false

  @Field("How numbers are scaled, fitted on the training rows.")
  package var scale: ScaleReference? = nil

  @Field("What to do where a value is missing.")
  package var missing: MissingPolicy = .error

  @Field("Whether each column tells, in one more number of 0 or 1, whether its value is missing.")
  package var indicator: Bool = false

  @Field("All classes in their order; by default those of the training rows, sorted.")
  package var classes: [Located<String>]? = nil

  @Field("Words of fewer training rows than this are one class, <rare>.", range: .atLeast(2))
  package var rare: Int? = nil

  @Field("Whether words that no training row has are one class, <unknown>, instead of an error.")
  package var unknown: Bool = false

  @Field("The word of a binary that counts as one; by default the greater one.")
  package var positive: Located<String>? = nil

  @Field(
    "Of images, what is done to them, in this order; random ones are left out but in training.")
  package var transforms: TransformList? = nil

  @Field(
    "Of images 1 (grey), 3 (red, green, blue) or 4 (and alpha); by default 1 or 3 as the first has.",
    range: .between(1, 4))
  package var channels: Int? = nil

  @Field(
    "What shows where an image is transparent, from 0, black, to 1, white; black by default.",
    range: .between(0, 1))
  package var background: Double? = nil

  @Field(
    "With windows, whether it is the rows that are known, as by default, the horizon's, or both.")
  package var over: WindowSide? = nil

  @Field("With windows, that numbers are told from the last row of the window.")
  package var relative: RelativeTo? = nil
  @Field("Of a text what its pieces are: words, by default, or characters.")
  package var split: TextSplit? = nil

  @Field("Of a text whether letters are lowered: by default those of words, not characters.")
  package var lower: Bool? = nil

  @Field(
    "Of a text or tokens how many indices a sample is, for an embedding.",
    range: .between(1, 1_048_576))
  package var length: Int? = nil

  @Field(
    "How many indices there are: of a text at most, <pad> and <unknown> too; of tokens exactly.",
    range: .between(2, 1_048_576))
  package var vocabulary: Int? = nil

  @Field("The end at which what is longer than the length is cut off, instead of an error.")
  package var cut: TextEnd? = nil

  @Field("The end at which what is shorter than the length is filled up; by default the end.")
  package var pad: TextEnd? = nil

  @Field(
    "The token that fills up what is shorter than the length, instead of an error.",
    range: .between(0, 1_048_576))
  package var padding: Int? = nil

  @Field(
    "Of a text how many neighbouring pieces are counted together; 2 is one and two, 1 the default.")
  package var ngrams: NgramSizes? = nil

  @Field(
    "Of a text how many numbers, 4 bytes each in every row, count its hashed n-grams.",
    range: .between(2, 1_048_576))
  package var buckets: Int? = nil

  package init() {}
}

/// The fields of a target.
package struct TargetFields: Section {
  @Field("The columns it is made of; by default the column of its own name.", principal: true)
  package var columns: ColumnNames? = nil

  @Field("The column it is made of, where it is one.")
  package var column: Located<String>? = nil

  @Field("What the values are; by default one column is a number, several are a vector.")
  package var type: ColumnType? = nil

  @Field("The shape of one sample, such as [24]; by default one axis.", range: .atLeast(1))
  package var shape: Located<[Int]>? = nil

  @Field("Whether the logarithm of one more than a number is learnt; predictions are undone.")
  package var log1p: Bool = false

  @Field("How numbers are scaled, fitted on the training rows; predictions are scaled back.")
  package var scale: ScaleReference? = nil

  @Field("What to do where a value is missing; with ignore a category counts for nothing there.")
  package var missing: TargetMissing = .error

  @Field("All classes in their order; by default those of the training rows, sorted.")
  package var classes: [Located<String>]? = nil

  @Field("The word of a binary that counts as one; by default the greater one.")
  package var positive: Located<String>? = nil

  @Field(
    "With windows, that numbers are told from the last row of the window; predictions are undone.")
  package var relative: RelativeTo? = nil

  @Field("Of a text what its pieces are: words, by default, or characters.")
  package var split: TextSplit? = nil

  @Field("Of a text whether letters are lowered: by default those of words, not characters.")
  package var lower: Bool? = nil

  @Field("Of a text or tokens how many of them are told.", range: .between(1, 1_048_576))
  package var length: Int? = nil

  @Field(
    "How many classes there are: of a text at most, <pad> and <unknown> too; of tokens exactly.",
    range: .between(2, 1_048_576))
  package var vocabulary: Int? = nil

  @Field("The end at which what is longer than the length is cut off, instead of an error.")
  package var cut: TextEnd? = nil

  @Field("The end at which what is shorter is filled up, with what counts for nothing.")
  package var pad: TextEnd? = nil

  @Field(
    "How much further each place of a text, or each of a window's own rows, looks: 1 is what follows.",
    range: .between(0, 1_048_576))
  package var shift: Int? = nil

  package init() {}
}

/// What to do where a target's value is missing.
package enum TargetMissing: String, WordChoice {
  case error
  case drop
  /// A category that is not known, or not there, counts for nothing.
  case ignore

  var policy: MissingPolicy {
    switch self {
    case .error: .error
    case .drop: .drop
    case .ignore: .ignore
    }
  }
}

/// Named features as written under `inputs` or `targets`.
package struct Features<Fields: Section>: FieldValue {
  package struct Entry: Sendable {
    package let name: String
    package let nameRange: SourceRange
    package let fields: Fields
    package let node: YAMLNode
  }

  package let entries: [Entry]

  package static var expectation: String { "names, each with its columns" }
  package var shownInManual: String { "…" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Features? {
    guard let mapping = node.mapping, !mapping.entries.isEmpty else {
      return reader.wrongType(
        node, expectation, help: "Such as measurements: {columns: [length, width]}.")
    }
    let entries = mapping.entries.compactMap { entry -> Entry? in
      let owner = "'\(entry.key)'"
      let fields: Fields? =
        if let fields = entry.value.mapping {
          reader.readSection(Fields.self, fields, owner: owner, at: entry.keyRange)
        } else {
          reader.readPrincipal(Fields.self, entry.value, owner: owner)
        }
      return fields.map {
        Entry(name: entry.key, nameRange: entry.keyRange, fields: $0, node: entry.value)
      }
    }
    return entries.count == mapping.entries.count ? Features(entries: entries) : nil
  }
}
