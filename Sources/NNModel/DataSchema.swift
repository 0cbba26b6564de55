package import NNDiagnostics
package import NNTensor

/// What the data section gives to the model: named inputs and targets with their shapes.
package struct DataSchema: Sendable {
  package struct Input: Sendable {
    package let name: String
    /// The shape of one sample; nil where it depends on data that was not read.
    package let shape: Shape?
    package let dataType: DataType
    /// Of indices how many different ones there are; nil where the data has not been read.
    package let classes: Int?
    /// Where the file declares it.
    package let range: SourceRange

    package init(
      name: String, shape: Shape?, dataType: DataType, classes: Int? = nil, range: SourceRange
    ) {
      self.name = name
      self.shape = shape
      self.dataType = dataType
      self.classes = classes
      self.range = range
    }
  }

  package struct Target: Sendable {
    package let name: String
    package let type: TargetType
    package let range: SourceRange

    package init(name: String, type: TargetType, range: SourceRange) {
      self.name = name
      self.type = type
      self.range = range
    }
  }

  package var inputs: [Input]
  package var targets: [Target]
  /// Whether each sample has a weight, by which its loss counts.
  package var hasWeights: Bool

  package init(inputs: [Input], targets: [Target], hasWeights: Bool = false) {
    self.inputs = inputs
    self.targets = targets
    self.hasWeights = hasWeights
  }

  /// What a graph calls the weights of samples; no name in a file has a blank in front.
  package static let weightInput = " weight"

  /// What a graph calls the share of a mixed sample's own part in its loss, times its weight, and that
  /// of the sample it is mixed with.
  package static let shareInput = " share"
  package static let partnerShareInput = " partner share"

  /// What a graph calls the truths of the samples that others are mixed with.
  package static func partnerTarget(_ name: String) -> String { "partner.target.\(name)" }
}

/// What a target is made of.
package enum TargetType: Sendable, Equatable {
  /// One of several classes, an index, or several such in a shape, as the characters of a text;
  /// the classes are nil where the data has not been read.
  case category(classes: [String]?, shape: Shape = .scalar)
  /// Zero or one; the word that counts as one.
  case binary(positive: String)
  /// Numbers of a shape.
  case number(Shape)

  /// How many outputs a layer needs that predicts this target, along the last axis of sequences;
  /// nil where it is not known yet.
  package var width: Int? {
    switch self {
    case .category(let classes, _): classes?.count
    case .binary: 1
    case .number(let shape): shape.count
    }
  }

  /// In words: `a category of 3 classes`.
  package var described: String {
    switch self {
    case .category(let classes?, .scalar): "a category of \(classes.count) classes"
    case .category(nil, .scalar): "a category"
    case .category(let classes?, let shape): "\(shape) categories of \(classes.count) classes"
    case .category(nil, let shape): "\(shape) categories"
    case .binary: "a binary"
    case .number(let shape): shape.count == 1 ? "a number" : "\(shape.count) numbers"
    }
  }

  /// The shape of one sample of the target: a class is one index.
  package var shape: Shape {
    switch self {
    case .category(_, let shape): shape
    case .binary: [1]
    case .number(let shape): shape
    }
  }

  package var dataType: DataType {
    if case .category = self { .int32 } else { .float32 }
  }
}
