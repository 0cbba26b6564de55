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

  init(
    format: TableFormat, inputs: [FittedFeature], targets: [FittedFeature],
    weight: FittedFeature? = nil
  ) {
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
  }

  /// The class of characters that the training rows do not have; no character is called so.
  package static let unknownCharacter = "<unknown>"

  package let name: String
  /// The columns it is made of, by name, patterns resolved.
  package let columns: [String]
  /// The shape of one sample.
  package let shape: Shape
  package let content: Content
  package let missing: FittedMissing

  package var dataType: DataType {
    switch content {
    case .category(_, .index), .characters: .int32
    case .number, .category, .binary, .image: .float32
    }
  }

  package var targetType: TargetType {
    switch content {
    case .number, .image: .number(shape)
    case .category(let classes, _): .category(classes: classes, shape: shape)
    case .binary(_, let positive): .binary(positive: positive)
    case .characters(let classes): .category(classes: classes, shape: shape)
    }
  }

  /// The names of the classes by index; of a binary, what zero and one mean; of numbers, nil.
  package var classes: [String]? {
    switch content {
    case .number, .image: nil
    case .category(let classes, _): classes
    case .binary(let negative, let positive): [negative, positive]
    case .characters(let classes): classes
    }
  }

  /// The number in the data's unit that a scaled number stands for; `element` is its position in
  /// a sample.
  package func unscaled(_ value: Float, element: Int = 0) -> Double {
    guard case .number(let scaling) = content else { return Double(value) }
    return scaling.inverse(Double(value), column: element)
  }

  /// The difference in the data's unit that a difference of scaled numbers stands for.
  package func unscaledDifference(_ value: Float, element: Int = 0) -> Double {
    guard case .number(let scaling) = content else { return Double(value) }
    return Double(value) / abs(scaling.factor(element))
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

/// A linear scaling: `(x − offset) · factor`, one for each number of a sample, or one for all.
package struct Scaling: Sendable, Equatable {
  /// The kind it was fitted by, such as `standard`.
  package let word: String
  /// As many as a sample has numbers, or one.
  package let offsets: [Double]
  /// As many as offsets.
  package let factors: [Double]

  package init(word: String, offsets: [Double], factors: [Double]) {
    self.word = word
    self.offsets = offsets
    self.factors = factors
  }

  /// Numbers stay what they are.
  static let identity = Scaling(word: NoScale.word, offsets: [0], factors: [1])

  /// Whether numbers stay what they are.
  var isIdentity: Bool {
    offsets.allSatisfy { $0 == 0 } && factors.allSatisfy { $0 == 1 }
  }

  func offset(_ element: Int) -> Double { offsets[offsets.count == 1 ? 0 : element] }
  func factor(_ element: Int) -> Double { factors[factors.count == 1 ? 0 : element] }

  package func apply(_ value: Double, column: Int) -> Double {
    (value - offset(column)) * factor(column)
  }

  package func inverse(_ value: Double, column: Int) -> Double {
    value / factor(column) + offset(column)
  }
}
