import NNTensor

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// Waves of many lengths along the positions: feature 2i of position t is sin(t · base^(−2i/d)),
/// feature 2i + 1 its cosine; Vaswani et al., "Attention Is All You Need" (2017).
///
/// - y: [positions, d]
package struct Sinusoids: Op {
  package let positions: Int
  package let features: Int
  package let base: Double

  package init(positions: Int, features: Int, base: Double) {
    self.positions = positions
    self.features = features
    self.base = base
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [.single([positions, features])]
  }

  private var values: [Double] {
    (0..<positions * features).map { index in
      let (position, feature) = (index / features, index % features)
      let angle = Double(position) * pow(base, -Double(feature / 2 * 2) / Double(features))
      return feature % 2 == 0 ? sin(angle) : cos(angle)
    }
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [ReferenceTensor(outputs[0], rows: rows, values)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let result = site.outputs[0].floats
    let count = site.outputs[0].count
    // Kept apart, because others may use the result's memory when it is read no more.
    let table = Scratch(elementCount: count)
    for (index, value) in values.enumerated() { table.floats[index] = Float(value) }
    return Kernel { _ in result.update(from: table.floats, count: count) }
  }
}
