import NNTensor

/// A primitive of the graph: its shape rule, its pullback, its cost, its kernel, and a plain
/// reference of what it computes.
package protocol Op: Sendable, Hashable {
  /// The types of the outputs for inputs of these types.
  func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType]

  /// The gradients of the inputs from those of the outputs, written as ops.
  ///
  /// Called only where an input needs a gradient; nil stands for an input that has none.
  func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?]

  /// The arithmetic of one run.
  func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost

  /// What limits how fast a run is.
  func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work

  /// The outputs by plain loops in double precision: the oracle of tests.
  func reference(_ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int)
    -> [ReferenceTensor]

  /// Code bound to its operands.
  func kernel(_ site: KernelSite) throws(KernelError) -> Kernel

  /// Kernels that together do what ``kernel(_:)``'s does, each a part of the outputs, so that several
  /// threads can run them at once: over samples, lines or columns, never over what is summed up.
  ///
  /// - parts: the most there may be; one kernel is always an answer.
  func kernels(_ site: KernelSite, parts: Int) throws(KernelError) -> [Kernel]

  /// Samples a shard should have at least, because what the op reads besides is worth reading only
  /// for so many.
  var leastRows: Int { get }

  /// The memory order the op wants of images.
  var layout: LayoutRule { get }

  /// For each output the input whose memory it shares, where the op only gives another view.
  var aliases: [Int?] { get }

  /// The inputs whose memory an output may take, if nobody needs them afterwards.
  func inputsSafeToOverwrite(byOutput output: Int) -> [Int]
}

extension Op {
  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    site.inputs.map { _ in nil }
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 0)
  }

  package func work(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Work { .pass }

  package var leastRows: Int { 1 }
  package var layout: LayoutRule { .plain }
  package var aliases: [Int?] { [] }
  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { [] }
}

/// Where a pullback is asked for.
package struct PullbackSite {
  package let inputs: [Value]
  package let outputs: [Value]
  /// The gradient of each output, nil where nothing depends on it.
  package let gradients: [Value?]
  /// Whether each input needs a gradient.
  package let isNeeded: [Bool]

  package init(inputs: [Value], outputs: [Value], gradients: [Value?], isNeeded: [Bool]) {
    self.inputs = inputs
    self.outputs = outputs
    self.gradients = gradients
    self.isNeeded = isNeeded
  }
}

/// How much work a run is.
package struct Cost: Sendable, Equatable {
  /// Floating-point operations; a multiply-add counts as two.
  package var operations: Int
  /// Bytes that are read and written; zero in what an op says stands for those of its operands.
  package var bytes: Int

  package init(operations: Int, bytes: Int = 0) {
    self.operations = operations
    self.bytes = bytes
  }

  package static func += (left: inout Cost, right: Cost) {
    left.operations += right.operations
    left.bytes += right.bytes
  }
}

/// What limits how fast an op runs, for a forecast of its time.
package enum Work: Sendable, Hashable {
  /// Memory, or simple arithmetic on each element.
  case pass
  /// Elementwise steps; one of a function such as exp counts as several.
  case steps(Int)
  /// So many matrix products of one size.
  case products(Int)
  /// A convolution.
  ///
  /// - channels: the geometric mean of those that go into a group and come out of it.
  case convolution(channels: Double)
  /// The steps of a recurrent layer.
  case scan
}

/// The order of an image's axes in memory.
package enum Layout: Sendable, Hashable {
  /// As the shape says: `[batch, channels, height, width]`.
  case plain
  /// `[batch, height, width, channels]`, which convolutions and pooling want.
  case channelsLast

  /// The axes of a sample of a rank in the order of memory, outermost first.
  package func axes(rank: Int) -> [Int] {
    switch self {
    case .plain: Array(0..<rank)
    case .channelsLast: Array(1..<rank) + [0]
    }
  }
}

/// What an op asks of the memory order of its operands. Only batched values of two to four axes can
/// be channels last; all others are plain.
package enum LayoutRule: Sendable {
  /// All operands plain.
  case plain
  /// All image operands channels last.
  case channelsLast
  /// Any, the same for all operands: elementwise work.
  case same
  /// Any for the inputs; outputs are plain.
  case anyInput
  /// No image among the inputs, any for the output.
  case anyOutput
  /// Any for the inputs; outputs are as the first.
  case likeFirst
}

extension ValueType {
  /// Whether the value has a choice of memory order: it may be `[channels, length]`, an image
  /// `[channels, height, width]` or a volume `[channels, depth, height, width]`.
  package var isImage: Bool { isBatched && (2...4).contains(shape.rank) }
}
