/// The same value, through which no gradient flows.
package struct Detach: Op {
  package init() {}

  package var aliases: [Int?] { [0] }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [inputs[0]]
  }

  package func kernel(_ site: KernelSite) -> Kernel { Kernel { _ in } }
}
