import NNGraph
import NNPlan
import NNTensor

/// Remembers the states of a store, such as running statistics, through a step that may not count.
package final class StateKeeper {
  private let store: ParameterStore
  private let entries: [ParameterLayout.Entry]
  private let memory: TensorBuffer

  package init(_ store: ParameterStore) {
    self.store = store
    entries = store.layout.entries.filter { $0.parameter.role == .state }
    memory = TensorBuffer(elementCount: max(entries.reduce(0) { $0 + $1.shape.count }, 1))
  }

  package func keep() {
    forEach { state, kept, count in kept.update(from: state, count: count) }
  }

  package func putBack() {
    forEach { state, kept, count in state.update(from: kept, count: count) }
  }

  private func forEach(
    _ body: (UnsafeMutablePointer<Float>, UnsafeMutablePointer<Float>, Int) -> Void
  ) {
    var kept = memory.floats()
    for entry in entries {
      body(store.floats(entry), kept, entry.shape.count)
      kept += entry.shape.count
    }
  }
}
