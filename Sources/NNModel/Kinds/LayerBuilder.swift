package import NNGraph
package import NNTensor

/// What a layer builds with: the graph, and its own name in it.
package struct LayerBuilder {
  package var g: GraphBuilder
  /// The layer's id with those of the layers around it: `residual_1.dense_2`.
  package let path: String
  /// Targets by name, for layers that are as wide as one.
  package let targets: [String: TargetType]
  /// How wide their losses want them to be predicted, where it is known.
  var targetWidths: [String: Int] = [:]
  /// What each sample adds to the loss, besides how far its predictions are off.
  package private(set) var sampleLosses: [Value] = []
  /// Of inputs that are indices how many different ones there are; nil where it is not known yet.
  var classCounts: [Value: Int?] = [:]
  /// The weights, biases and so on of all layers so far, as layers compute with them, by name.
  var parameters: [String: Value] = [:]
  /// Why a parameter could not be made; the layer's own mistake is told first.
  private(set) var problem: ShapeError?
  private let seed: UInt64
  private let place: LayerPlace
  private let givenTensors: [StoredTensor: Tensor]

  package init(
    g: GraphBuilder, path: String, targets: [String: TargetType] = [:], seed: UInt64 = 0
  ) {
    self.init(g: g, path: path, targets: targets, seed: seed, place: LayerPlace())
  }

  init(
    g: GraphBuilder, path: String, targets: [String: TargetType], seed: UInt64, place: LayerPlace,
    givenTensors: [StoredTensor: Tensor] = [:]
  ) {
    self.g = g
    self.path = path
    self.targets = targets
    self.seed = seed
    self.place = place
    self.givenTensors = givenTensors
    self.g.scope = path
  }

  /// A tensor that training changes, or what the layer shares it with or makes of it.
  ///
  /// - name: the last part of its name in a checkpoint, such as `weight`.
  /// - shape: weights as `[out, in, …]`.
  package mutating func parameter(
    _ name: String, _ shape: Shape, role: ParameterRole, initializer: any ParameterInitializer
  ) -> Value {
    let full = "\(path).\(name)"
    if let shared = shared(full, name, shape, role) { return shared }
    let initializer = resolved(initializer, name, shape)
    let normalisation = role == .weight && shape.rank > 1 ? place.normalisation : nil
    let value =
      switch normalisation {
      case nil: ownParameter(name, shape, role: role, initializer: initializer)
      case .weight: weightNormalised(name, shape, initializer)
      case .spectral: spectrallyNormalised(name, shape, initializer)
      }
    parameters[full] = value
    return value
  }

  /// A tensor that training changes and that is this layer's alone, as it is.
  mutating func ownParameter(
    _ name: String, _ shape: Shape, role: ParameterRole, initializer: any ParameterInitializer
  ) -> Value {
    g.parameter(
      "\(path).\(name)", shape, role: role, isTrained: !place.isFrozen, initializer: initializer)
  }

  /// A tensor that is kept across steps but not trained, such as a running mean.
  package mutating func state(_ name: String, filledWith value: Float, _ shape: Shape) -> Value {
    state(name, shape, initializer: FilledWith(value: value))
  }

  package mutating func state(
    _ name: String, _ shape: Shape, initializer: any ParameterInitializer
  ) -> Value {
    g.parameter("\(path).\(name)", shape, role: .state, initializer: initializer)
  }

  /// Whether the graph is for training.
  package var isTraining: Bool { g.isTraining }

  /// Adds to the loss that training makes small; figures of an evaluation leave it out.
  ///
  /// - x: [batch] a number for each sample; the mean over the batch is added.
  package mutating func addLoss(_ x: Value) { sampleLosses.append(x) }

  /// Random numbers of this layer's own.
  package func randomStream(_ purpose: String) -> RandomStream {
    RandomStream(seed: seed, purpose: purpose, name: path)
  }

  /// The random numbers that a parameter of this layer begins with.
  func initialStream(_ name: String) -> RandomStream {
    RandomStream(seed: seed, purpose: "initialise", name: "\(path).\(name)")
  }

  package func shape(_ value: Value) -> Shape { g.shape(value) }

  /// How wide a layer is that predicts a target; nil where it is not known yet.
  package func width(ofTarget name: String) -> Int? { targetWidths[name] ?? targets[name]?.width }

  /// How many different indices a value has, where it comes from the data as it is, or nil.
  ///
  /// Throws where that depends on data that was not read.
  package func classCount(_ value: Value) throws(ShapeError) -> Int? {
    guard let count = classCounts[value] else { return nil }
    guard let count else { throw .unknown }
    return count
  }

  /// Throws where a tensor has more elements than any machine could hold, before anyone multiplies
  /// its sizes.
  package func checkSize(_ shape: Shape) throws(ShapeError) {
    var count = 1
    for size in shape.sizes {
      let (product, overflows) = count.multipliedReportingOverflow(by: size)
      count = overflows ? .max : product
    }
    guard count > 1 << 31 else { return }
    throw ShapeError("\(shape) has more elements than a tensor can, 2³¹")
  }

  /// A vector along an axis of a sample, repeated to a sample's shape.
  package mutating func broadcast(_ vector: Value, like x: Value, axis: Int) -> Expression {
    let type = g.type(x)
    return .value(
      g.make(Broadcast(to: type.shape, isBatched: type.isBatched, axes: [axis]), vector))
  }

  /// What fills a parameter: of an initializer that takes a file's tensor, that tensor.
  private mutating func resolved(
    _ initializer: any ParameterInitializer, _ name: String, _ shape: Shape
  ) -> any ParameterInitializer {
    guard let kind = initializer as? any Initializer else { return initializer }
    do throws(ShapeError) {
      try kind.check(shape)
      guard let stored = kind.storedTensor, let tensor = givenTensors[stored] else {
        return initializer
      }
      guard tensor.shape == shape else {
        throw ShapeError(
          """
          the tensor '\(stored.name)' in '\(stored.file)' is \(tensor.shape), and the '\(name)' \
          here is \(shape)
          """)
      }
      return GivenTensor(tensor: tensor)
    } catch {
      problem = problem ?? error
      // A tensor of another shape must not be asked for.
      return FilledWith(value: 0)
    }
  }

  // MARK: Sharing

  /// The parameter of another layer that this one has too; nil where it has its own.
  private mutating func shared(
    _ full: String, _ name: String, _ shape: Shape, _ role: ParameterRole
  ) -> Value? {
    guard let tie = place.ties.first(where: { full.hasPrefix("\($0.own).") }) else { return nil }
    let other = tie.other + full.dropFirst(tie.own.count)
    guard let value = parameters[other] else {
      if role == .weight {
        problem =
          problem
          ?? ShapeError(
            "'\(tie.other)' has no '\(name)' to share",
            help: "Tie a layer to one that has weights of the same shape.")
      }
      return nil
    }
    guard g.shape(value) == shape else {
      // A bias of another width stays the layer's own: an embedding and the layer that reads it
      // backwards share their weight alone.
      if role == .weight {
        problem =
          problem
          ?? ShapeError(
            "the '\(name)' of '\(tie.other)' is \(g.shape(value)), and this layer needs \(shape)")
      }
      return nil
    }
    return value
  }
}

/// What a layer's place in the file says about its parameters, together with those around it.
struct LayerPlace {
  /// A layer that has another's parameters: both by path.
  struct Tie {
    let own: String
    let other: String
  }

  var isFrozen = false
  var ties: [Tie] = []
  var normalisation: WeightNormalisation?
}

/// How a layer keeps the size of its weights apart from their direction.
package enum WeightNormalisation: Sendable {
  case weight
  case spectral
}

/// All elements the same.
package struct FilledWith: ParameterInitializer {
  package let value: Float

  package init(value: Float) { self.value = value }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: value)
  }
}
