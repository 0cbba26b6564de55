/// The same value, but whoever reads it waits until a second one has been made.
///
/// It keeps what is computed anew for the way back from being computed on the way there.
package struct After: Op {
  package init() {}

  package var aliases: [Int?] { [0] }
  package var layout: LayoutRule { .likeFirst }

  /// - inputs: the value, and what it waits for.
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
