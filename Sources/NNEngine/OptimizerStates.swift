import NNGraph
import NNPlan
import NNTensor

/// The tensors that an optimizer keeps: those of elementwise methods in flat buffers laid out as
/// the parameters, so that one pass updates everything; others each by itself.
final class OptimizerStates {
  private let layout: ParameterLayout
  /// One flat buffer behind the other.
  private let flat: TensorBuffer
  private let own: [TensorOwner]
  /// In the order of the model.
  private(set) var places: [Place] = []

  /// A state of a parameter, or of all of them together.
  struct Place {
    /// As in `state.safetensors`.
    let name: String
    let state: UpdateRule.State
    let memory: UnsafeMutablePointer<Float>
    /// Nil where it is of all parameters.
    let entry: Int?
  }

  init(_ layout: ParameterLayout, _ rule: UpdateRule) {
    self.layout = layout
    var flatCount = 0
    var own: [TensorOwner] = []
    var found: [(name: String, state: UpdateRule.State, index: Int, isFlat: Bool, entry: Int?)] = []
    func keep(_ states: [UpdateRule.State], under name: String, isFlat: Bool, entry: Int?) {
      for (index, state) in states.enumerated() {
        let name = "\(name).\(state.name)"
        found.append((name, state, isFlat ? index : own.count, isFlat, entry))
        if !isFlat { own.append(TensorOwner(state.shape.count)) }
      }
      if isFlat { flatCount = max(flatCount, states.count) }
    }
    if let joined = rule.joined {
      let states = rule.methods[joined].states([layout.count])
      keep(states, under: "optimizer", isFlat: false, entry: nil)
    } else {
      for (index, entry) in layout.entries.enumerated() where entry.isUpdated {
        let method = rule.methods[rule.method(of: index)]
        let isFlat = if case .elementwise = method.form { true } else { false }
        keep(
          method.states(entry.shape), under: entry.parameter.name, isFlat: isFlat, entry: index)
      }
    }
    flat = TensorBuffer(elementCount: flatCount * layout.count)
    self.own = own
    places = found.map { item in
      let entry = item.entry.map { layout.entries[$0] }
      let memory =
        item.isFlat
        ? flat.floats() + item.index * layout.count + (entry?.offset ?? 0)
        : own[item.index].buffer.floats()
      return Place(name: item.name, state: item.state, memory: memory, entry: item.entry)
    }
  }

  /// The flat buffer of the states with this index.
  func flatBuffer(_ index: Int) -> UnsafeMutablePointer<Float> {
    flat.floats() + index * layout.count
  }

  /// The memory of the states of an entry, or of those of all together.
  func memory(of entry: Int?) -> [UnsafeMutablePointer<Float>] {
    places.filter { $0.entry == entry }.map(\.memory)
  }

  /// Gives all states what they begin with.
  func begin(with store: ParameterStore) {
    for place in places {
      let count = place.state.shape.count
      if let value = place.state.filledWith {
        place.memory.update(repeating: value, count: count)
      } else if let entry = place.entry {
        place.memory.update(from: store.floats(layout.entries[entry]), count: count)
      }
    }
  }
}

/// A buffer that can stand in an array.
final class TensorOwner {
  let buffer: TensorBuffer

  init(_ elementCount: Int) { buffer = TensorBuffer(elementCount: elementCount) }
}
