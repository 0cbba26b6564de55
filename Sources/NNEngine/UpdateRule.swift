package import NNPlan
package import NNTensor

/// What an update of the parameters consists of.
package struct UpdateRule: Sendable {
  /// The ways in which parameters move, each with scalars of its own.
  package let methods: [Method]
  /// For each entry of the parameters' layout its method.
  private let methodOfEntry: [Int]
  /// Adds a penalty's gradient to weights; arrays: parameter, gradient.
  package var penalty: UpdateProgram?
  /// Shortens a parameter's gradient by itself, by the entry of the layout; arrays: parameter,
  /// gradient.
  package var adaptiveClipping: [Int: TensorProgram] = [:]
  /// The greatest Euclidean norm of all gradients together.
  package var clipNorm: Double?

  package struct Method: Sendable {
    package enum Form: Sendable {
      /// Each element by itself, in one pass over memory.
      case elementwise(UpdateProgram)
      /// Each parameter as a whole, by the entry of the layout.
      case tensor([Int: TensorProgram])
      /// All parameters together, with what lies between them, as one vector.
      case joined(TensorProgram)
    }

    /// Arrays of every program: parameter, gradient, then the state; scalars: the optimizer's,
    /// then one that scales the gradient where `clipNorm` is set.
    package let form: Form
    /// What is kept for a parameter of a shape.
    package let states: @Sendable (Shape) -> [State]
    package let scalarCount: Int
    /// What is evaluated, where that is not the parameter; arrays: the parameter, the state, the
    /// result.
    package let evaluated: UpdateProgram?

    package init(
      _ form: Form, scalarCount: Int, evaluated: UpdateProgram? = nil,
      states: @escaping @Sendable (Shape) -> [State] = { _ in [] }
    ) {
      self.form = form
      self.states = states
      self.scalarCount = scalarCount
      self.evaluated = evaluated
    }
  }

  /// A tensor that an optimizer keeps.
  package struct State: Sendable {
    package let name: String
    package let shape: Shape
    /// Nil where it begins as the parameter does.
    package let filledWith: Float?

    package init(_ name: String, _ shape: Shape, filledWith: Float?) {
      self.name = name
      self.shape = shape
      self.filledWith = filledWith
    }
  }

  package init(methods: [Method], methodOfEntry: [Int]) {
    self.methods = methods
    self.methodOfEntry = methodOfEntry
  }

  /// One formula for all elements of all parameters.
  package init(
    _ program: UpdateProgram, scalarCount: Int, states: [String] = [],
    penalty: UpdateProgram? = nil, clipNorm: Double? = nil
  ) {
    let method = Method(.elementwise(program), scalarCount: scalarCount) { shape in
      states.map { State($0, shape, filledWith: 0) }
    }
    self.init(methods: [method], methodOfEntry: [])
    self.penalty = penalty
    self.clipNorm = clipNorm
  }

  /// The method of an entry of the layout.
  func method(of entry: Int) -> Int {
    entry < methodOfEntry.count ? methodOfEntry[entry] : 0
  }

  /// Elements of all that is kept from step to step.
  package func stateElements(_ layout: ParameterLayout) -> Int {
    if let joined {
      return methods[joined].states([layout.count]).reduce(0) { $0 + $1.shape.count }
    }
    return layout.entries.enumerated().reduce(0) { sum, item in
      guard item.element.isUpdated else { return sum }
      let states = methods[method(of: item.offset)].states(item.element.shape)
      return sum + states.reduce(0) { $0 + $1.shape.count }
    }
  }

  /// The method that takes all parameters together, if there is one.
  var joined: Int? {
    methods.firstIndex { method in
      if case .joined = method.form { true } else { false }
    }
  }

  /// Whether every parameter moves element by element, knowing nothing of the other elements.
  var isOnePass: Bool {
    clipNorm == nil && adaptiveClipping.isEmpty
      && methods.allSatisfy { method in
        if case .elementwise = method.form { true } else { false }
      }
  }
}
