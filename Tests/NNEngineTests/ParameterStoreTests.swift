import NNEngine
import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct ParameterStoreTests {
  private struct Noise: ParameterInitializer {
    func tensor(shape: Shape, stream: RandomStream) -> Tensor {
      Tensor(shape, (0..<shape.count).map { stream.uniform(at: UInt64($0)) })
    }
  }

  private static func store(_ names: [String], seed: UInt64) -> ParameterStore {
    var g = GraphBuilder(isTraining: true)
    for (index, name) in names.enumerated() {
      let value = g.parameter(name, [index + 3, 2], role: .weight, initializer: Noise())
      g.output(name, value)
    }
    let store = ParameterStore(Plan(g.graph).parameters)
    store.initialize(seed: seed)
    return store
  }

  @Test private func `adding a layer does not change how the others begin`() {
    let before = ParameterStoreTests.store(["a", "b"], seed: 1).tensors
    let after = ParameterStoreTests.store(["a", "b", "c"], seed: 1).tensors
    #expect(after.map(\.name) == ["a", "b", "c"])
    for (old, new) in zip(before, after) {
      #expect(old.name == new.name && old.tensor == new.tensor)
    }
    #expect(after[0].tensor.values != Array(after[1].tensor.values.prefix(6)))
  }

  @Test private func `another seed gives other values`() {
    let one = ParameterStoreTests.store(["a"], seed: 1).tensors
    #expect(one[0].tensor != ParameterStoreTests.store(["a"], seed: 2).tensors[0].tensor)
    #expect(one[0].tensor == ParameterStoreTests.store(["a"], seed: 1).tensors[0].tensor)
  }

  @Test private func `what is set is what is read, and nothing else changes`() throws {
    let store = ParameterStoreTests.store(["a", "b", "c"], seed: 1)
    let before = store.tensors.map(\.tensor)
    let entry = store.layout.entries[1]
    let sevens = Tensor(entry.shape, filledWith: 7)
    store.set(entry, sevens)
    #expect(store.tensors.map(\.tensor) == [before[0], sevens, before[2]])
  }

  @Test private func `parameters lie apart, each aligned`() {
    let entries = ParameterStoreTests.store(["a", "b", "c"], seed: 1).layout.entries
    for (entry, next) in zip(entries, entries.dropFirst()) {
      #expect(entry.offset % 16 == 0 && entry.offset + entry.shape.count <= next.offset)
    }
  }
}
