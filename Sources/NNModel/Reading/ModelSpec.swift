package import NNDiagnostics
package import NNTensor
package import NNYAML

/// What a model file says, but for its data section, whose reader is NNData's.
package struct ModelSpec: Sendable {
  package let name: String
  package let description: String?
  package let seed: Int
  package let layers: [LayerSpec]
  package let losses: [LossSpec]
  package let optimizer: OptimizerSpec
  package let train: TrainSpec
  package let metrics: [MetricSpec]
  package let checkpoint: CheckpointSpec
  /// Where `model:` stands, for what concerns all layers.
  package let modelRange: SourceRange
  /// Whether parts could not be read. Something else stands in for them, so that the others are
  /// still checked; the errors keep anyone from using it.
  package let hasStandIns: Bool
}

extension ModelSpec {
  /// Whether a loss compares with a target; one that could not be read counts as one that does.
  package var needsTargets: Bool { !targetLosses.isEmpty }

  /// The losses that compare with a target.
  package var targetLosses: [LossSpec] { losses.filter { $0.loss?.takesTarget ?? true } }

  /// What figures call each loss: by its target, or by its word where it has none, with a number
  /// from the second of a word on; nil of the only target, which is not named.
  package var lossNames: [String?] {
    var counts: [String: Int] = [:]
    return losses.map { loss in
      guard let kind = loss.loss, !kind.takesTarget else { return loss.target?.name }
      let word = type(of: kind).word
      let number = counts[word, default: 0] + 1
      counts[word] = number
      return number == 1 ? word : "\(word)_\(number)"
    }
  }
}

/// A name that a file refers to, with its place.
package struct Reference: Sendable, Hashable {
  package let name: String
  package let range: SourceRange
}

/// One entry of a list of layers.
package struct LayerSpec: Sendable {
  package indirect enum Content: Sendable {
    case layer(any Layer)
    /// x + f(x), where `projects` through a learned matrix or 1×1 convolution of x.
    case residual([LayerSpec], projects: Bool)
    case repeated(Int, [LayerSpec])
    case branch([Path])
    /// Parts of one value along an axis; of an image its channels, of others the last, where nil.
    case split([Part], axis: Int?)
    /// Layers as one.
    ///
    /// - usedAt: where the block stands that they were put in for; nil where they stand there
    ///   themselves.
    case block([LayerSpec], usedAt: SourceRange?)
    /// A layer with mistakes in it.
    case unreadable
  }

  /// A named path of a branch.
  package struct Path: Sendable {
    package let name: Reference
    package let layers: [LayerSpec]
  }

  /// A named part of a split.
  package struct Part: Sendable {
    package let name: Reference
    /// Along the axis; an even share of what the others leave where nil.
    package let size: Int?
  }

  /// Unique in its list; given, or the kind with a number; empty where it could not be read.
  package let id: Reference
  /// The word of its kind.
  package let word: String
  package let content: Content
  /// What it takes instead of the layer before.
  package let from: [Reference]?
  /// What it takes besides, named by its own fields.
  package let further: [Reference]
  package let isFrozen: Bool
  /// The layer whose weights it shares.
  package let tie: Reference?
  package let normalisation: WeightNormalisation?
  /// Where its word stands.
  package let range: SourceRange
  /// Where its value stands, or its word where it has none.
  package let valueRange: SourceRange
}

package struct LossSpec: Sendable {
  /// Nil where it could not be read.
  package let loss: (any Loss)?
  package let target: Reference?
  /// What it takes, where the file says so.
  package let from: [Reference]?
  package let weight: Double
  package let range: SourceRange
}

package struct OptimizerSpec: Sendable {
  package let optimizer: any Optimizer
  package let schedules: OptimizerSchedules
  package let clipNorm: Double?
  package let clipValue: Double?
  package let l1: Double
  package let l2: Double
  package var groups: [ParameterGroup] = []
  package var clipAdaptive: AdaptiveClipping?
  package var lookahead: Lookahead?
  package var average: WeightAverage?
}

package struct MetricSpec: Sendable {
  package let metric: any Metric
  package let word: String
  /// What its figure is called: an id that is given, or the word.
  package let name: Reference
  package let target: Reference?
  package let range: SourceRange
}

/// How long and how to train.
package struct TrainSpec: Section {
  @Field("Passes over the training data.", range: .atLeast(1))
  package var epochs: Int? = nil
  @Field("Steps to take, instead of epochs or as their limit.", range: .atLeast(1))
  package var steps: Int? = nil
  @Field("Samples in a step, or in each of the batches it accumulates.", range: .atLeast(1))
  package var batch = 32
  @Field(
    "Batches in a step: their gradients are summed up before the parameters move, as one batch of "
      + "all their samples would have it. Memory is that of one; batch norm sees each by itself.",
    range: .atLeast(1))
  package var accumulate = 1
  @Field("Whether each epoch takes the samples in a new order.")
  package var shuffle = true
  @Field("Ends training when a figure no longer gets better.")
  package var earlyStopping: EarlyStopping? = nil
  @Field("Writes a line to metrics.jsonl every so many steps too.", range: .atLeast(1))
  package var logEvery: Int? = nil
  @Field(
    "Shards a batch is cut into; decided from the model and the batch where not given. Part of "
      + "what determines the bytes.", range: .atLeast(1))
  package var shards: Int? = nil
  @Field(
    "What matrix products, convolutions and recurrent layers compute on while training: f32, or "
      + "bf16 with sums in f32. Parameters, gradients, losses and the optimizer are f32 in any case, "
      + "and so is all of evaluation. bf16 needs a processor that has it (avx512_bf16 or amx).")
  package var precision = Precision.f32
  @Field(
    "The instruction set to train with, avx2 or avx512, on every processor that has it, so that they "
      + "give the same bytes; the best that there is where not given. With avx512 there is no bf16."
  )
  package var isa: InstructionSet? = nil
  @Field(
    "Whether to keep only some of what layers compute for the way back, and to compute the rest "
      + "again: less memory for deep stacks, about a third more arithmetic, the same bytes.")
  package var checkpointActivations = false
  @Field(
    "What is done where the loss or a gradient is NaN or infinite: stop ends training and says where "
      + "it came up; skip leaves the step out, weights and optimizer as before it; rollback goes back "
      + "to where the epoch began and halves the learning rate from there on, ten times at most.")
  package var onNan = OnNan.stop
  @Field(
    "Mixes each sample of a batch with another (Zhang et al., 2018): inputs and numbers that are "
      + "targets as λ and 1 − λ of the two, and of classes the losses of both. λ is drawn for each "
      + "sample from Beta(α, α) of this α; 0.2 is usual. Evaluation sees no mixed samples.",
    range: .positive)
  package var mixup: Double? = nil
  @Field(
    "Puts a rectangle of another image of the batch into each (Yun et al., 2019), as large as λ of "
      + "Beta(α, α) of this α says, and takes the losses of both classes by the share of the pixels; "
      + "1 is usual. With mixup too, a sample is mixed one way or the other, as often.",
    range: .positive)
  package var cutmix: Double? = nil
  @Field(
    "The target whose classes an epoch shows equally often: it takes the rows of rare classes "
      + "several times, so that there are as many of each class as of the largest, in an order of "
      + "its own every epoch.")
  package var oversample: String? = nil

  package init() {}

  /// Whether samples are mixed with each other.
  package var mixes: Bool { mixup != nil || cutmix != nil }
}

/// What the operands of products are in training.
package enum Precision: String, WordChoice {
  case f32, bf16

  package var operands: DataType { self == .bf16 ? .bfloat16 : .float32 }
}

/// What is done about numbers that are none.
package enum OnNan: String, WordChoice {
  case stop, skip, rollback
}

/// Instructions that kernels are made of.
package enum InstructionSet: String, WordChoice {
  case avx2, avx512
}

/// When to stop before the last epoch.
package struct EarlyStopping: Section, FieldValue {
  @Field("The figure to watch, such as validation.loss or validation.accuracy.")
  package var monitor = "validation.loss"
  @Field("Epochs without a better figure before training ends.", range: .atLeast(1))
  package var patience: Int
  @Field("By how much a figure must be better to count.", range: .atLeast(0))
  package var minDelta = 0.0

  package init() {}

  package static let expectation = "a mapping such as {patience: 10}"

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> EarlyStopping? {
    guard let mapping = node.mapping else { return reader.wrongType(node, expectation) }
    return reader.readSection(
      EarlyStopping.self, mapping, owner: "'early_stopping'", at: node.range)
  }

  package var shownInManual: String { "{monitor: \(monitor), patience: \(patience)}" }
}

/// What is kept of a run.
package struct CheckpointSpec: Section {
  @Field("The figure that decides which weights are the best.")
  package var monitor = "validation.loss"
  @Field("Epochs between two writings of last.safetensors.", range: .atLeast(1))
  package var every = 1
  @Field(
    "Steps after which is written too, for epochs that take long: a killed run loses no more.",
    range: .atLeast(1))
  package var everySteps: Int? = nil
  @Field("The folder that run folders are made in, seen from where nnc is started.")
  package var folder = "runs"

  package init() {}
}
