import NNDiagnostics
package import NNModel
package import NNTensor

/// How raw columns become tensors, with the statistics and vocabularies of the training rows.
///
/// It is all that `predict` and `evaluate` need to prepare a new table, and is written into the
/// checkpoint; see ``json``.
package struct Preprocessing: Sendable, Equatable {
  /// How the training table was written, so that new files are read the same way.
  package let format: TableFormat
  package let inputs: [FittedFeature]
  package let targets: [FittedFeature]
  /// How much each row's loss counts: one number, none below zero.
  package let weight: FittedFeature?
  /// How samples are made of several rows; nil where each row is one.
  package let windows: SeriesWindows?

  init(
    format: TableFormat, inputs: [FittedFeature], targets: [FittedFeature],
    weight: FittedFeature? = nil, windows: SeriesWindows? = nil
  ) {
    self.windows = windows
    self.format = format
    self.inputs = inputs
    self.targets = targets
    self.weight = weight
  }

  /// All that training reads, in the order of ``DataSpec/features``.
  var features: [FittedFeature] { inputs + targets + (weight.map { [$0] } ?? []) }

  /// The schema without places in a model file, which a checkpoint does not have.
  package var schema: DataSchema {
    DataSchema(
      inputs: inputs.map {
        DataSchema.Input(
          name: $0.name, shape: $0.shape, dataType: $0.dataType,
          classes: $0.dataType == .int32 ? $0.classes?.count : nil, range: .beginning)
      },
      targets: targets.map {
        DataSchema.Target(name: $0.name, type: $0.targetType, range: .beginning)
      }, hasWeights: weight != nil)
  }

  package func target(_ name: String) -> FittedFeature? { targets.first { $0.name == name } }
}

/// One input or target after fitting.
package struct FittedFeature: Sendable, Equatable {
  package enum Content: Sendable, Equatable {
    case number(Scaling)
    /// One float per class, of which one is 1, or the index of the class.
    case category(classes: [String], encoding: Encoding)
    /// Zero for one word and one for the other.
    case binary(negative: String, positive: String)
    /// The index of each character of a window; the last class is every other character.
    case characters(classes: [String])
    /// Floats of pixels, after what is done to images.
    case image(ImagePipeline)
    /// Indices of the pieces of a text, or counts of them.
    case text(TextReading, TextVocabulary)
  }

  /// The class of words that have too few training rows to be classes of their own.
  package static let rareWord = "<rare>"
  /// The class of words that no training row has.
  package static let unknownWord = "<unknown>"

  /// The class of characters that the training rows do not have; no character is called so.
  package static let unknownCharacter = "<unknown>"

  package let name: String
  /// The columns it is made of, by name, patterns resolved.
  package let columns: [String]
  /// The shape of one sample.
  package let shape: Shape
  package let content: Content
  package let missing: FittedMissing
  /// Whether each number is followed, behind all of them, by one that tells whether it is missing.
  package let hasIndicator: Bool
  /// What becomes of dates before they are numbers.
  package let date: DateReading?
  /// The words that are the class ``rareWord`` together.
  package let rare: [String]
  /// Whether words that no training row has are the class ``unknownWord``.
  package let hasUnknown: Bool
  /// Which rows of a window it is made of; nil where a sample is one row.
  package let window: WindowUse?

  package init(
    name: String, columns: [String], shape: Shape, content: Content, missing: FittedMissing,
    hasIndicator: Bool = false, date: DateReading? = nil, rare: [String] = [],
    hasUnknown: Bool = false, window: WindowUse? = nil
  ) {
    self.window = window
    self.name = name
    self.columns = columns
    self.shape = shape
    self.content = content
    self.missing = missing
    self.hasIndicator = hasIndicator
    self.date = date
    self.rare = rare
    self.hasUnknown = hasUnknown
  }

  /// How many values a row of its columns holds.
  var valueCount: Int {
    if date != nil { return columns.count }
    return shape.count / rowCount / (hasIndicator ? 2 : 1)
  }

  package var dataType: DataType {
    switch content {
    case .category(_, .index), .characters: .int32
    case .text(let text, _): text.isSequence ? .int32 : .float32
    case .number, .category, .binary, .image: .float32
    }
  }

  package var targetType: TargetType {
    switch content {
    case .number, .image: .number(shape)
    case .category(let classes, _): .category(classes: classes, shape: shape)
    case .binary(_, let positive): .binary(positive: positive)
    case .characters(let classes): .category(classes: classes, shape: shape)
    case .text(_, let vocabulary): .category(classes: vocabulary.classes, shape: shape)
    }
  }

  /// The names of the classes by index; of a binary, what zero and one mean; of numbers, nil.
  package var classes: [String]? {
    switch content {
    case .number, .image: nil
    case .category(let classes, _): classes
    case .binary(let negative, let positive): [negative, positive]
    case .characters(let classes): classes
    case .text(_, let vocabulary): vocabulary.classes
    }
  }

  /// The number in the data's unit that a scaled number stands for; `element` is its position in
  /// a sample, `reference` what it is told from, where that is the last row of a window.
  package func unscaled(_ value: Float, element: Int = 0, reference: Double = 0) -> Double {
    guard case .number(let scaling) = content else { return Double(value) }
    return scaling.inverse(Double(value), column: rowElement(element), reference: reference)
  }

  /// The place in its row of a number at a place in a sample: rows of a window are scaled alike.
  package func rowElement(_ element: Int) -> Int {
    window == nil ? element : element % rowWidth
  }

  /// How many numbers a row gives a sample.
  package var rowWidth: Int { max(shape.count / rowCount, 1) }

  /// Whether a difference of scaled numbers stands for the same difference wherever it is.
  package var isLinear: Bool {
    if case .number(let scaling) = content { scaling.isLinear } else { true }
  }

  /// The difference in the data's unit that a difference of scaled numbers stands for.
  ///
  /// - centre: the scaled number it is about, which matters where the scaling is not linear: it
  ///   is half of what lies between the numbers so far on both sides.
  /// - reference: as of ``unscaled(_:element:reference:)``.
  package func unscaledDifference(
    _ value: Float, element: Int = 0, around centre: Float = 0, reference: Double = 0
  ) -> Double {
    guard case .number(let scaling) = content else { return Double(value) }
    let element = rowElement(element)
    if scaling.isLinear { return Double(value) / abs(scaling.factor(element)) }
    let above = scaling.inverse(
      Double(centre) + Double(value), column: element, reference: reference)
    let below = scaling.inverse(
      Double(centre) - Double(value), column: element, reference: reference)
    return abs(above - below) / 2
  }
}

/// What happens to missing values, with what is put in their place.
package enum FittedMissing: Sendable, Equatable {
  case error
  case drop
  /// A category that is missing has an index below zero.
  case ignore
  /// One number for each of a sample, or one for all: the mean, the median or a constant, as
  /// `policy` says.
  case numbers(policy: String, values: [Double])
  case word(String)
}
