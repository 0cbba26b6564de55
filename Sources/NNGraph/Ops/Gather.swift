import CKernels
import NNTensor

/// The rows of a table that indices name; zeros where there is no such row.
///
/// - table: [rows, width]
/// - index: [batch, …]
/// - y: [batch, …, width]
package struct Gather: Op {
  /// The row that gets no gradient.
  package let padding: Int?

  package init(padding: Int? = nil) { self.padding = padding }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let (table, index) = (inputs[0], inputs[1])
    guard table.shape.rank == 2, !table.isBatched, index.dataType == .int32 else {
      throw ShapeError("no rows of \(table.shape) to gather by \(index.shape)")
    }
    return [ValueType(Shape(index.shape.sizes + [table.shape[1]]), isBatched: index.isBatched)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    let count = g.shape(site.inputs[0])[0]
    return [g.make(ScatterAdd(count: count, padding: padding), dy, site.inputs[1]), nil]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let width = inputs[0].type.shape[1]
    for (place, index) in inputs[1].values.enumerated() {
      guard (0..<inputs[0].type.shape[0]).contains(Int(index)) else { continue }
      for i in 0..<width {
        result.values[place * width + i] = inputs[0].values[Int(index) * width + i]
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (table, index) = (site.inputs[0].floats, site.inputs[1].indices)
    let y = site.outputs[0].floats
    let shape = site.inputs[0].type.shape
    let (count, width, rows) = (Int64(shape[0]), Int64(shape[1]), Int64(site.inputs[1].count))
    return Kernel { _ in nn_gather_rows(table, index, y, rows, width, count) }
  }
}

/// A table of zeros to which each row is added where its index says, in the order of the samples:
/// the gradient of ``Gather``'s table over this shard's samples.
///
/// - x: [batch, …, width]
/// - index: [batch, …]
/// - onto, where `addsOnto`: [count, width], what the rows are added to instead of zeros
/// - y: [count, width]
package struct ScatterAdd: Op {
  package let count: Int
  /// The row that nothing is added to.
  package let padding: Int?
  package let addsOnto: Bool

  package init(count: Int, padding: Int?, addsOnto: Bool = false) {
    self.count = count
    self.padding = padding
    self.addsOnto = addsOnto
  }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard let width = inputs[0].shape.sizes.last,
      Array(inputs[0].shape.sizes.dropLast()) == inputs[1].shape.sizes
    else { throw ShapeError("\(inputs[0].shape) and \(inputs[1].shape) have different rows") }
    let table = ValueType.single([count, width])
    guard !addsOnto || inputs[2] == table else {
      throw ShapeError("rows of \(width) cannot be added onto \(inputs[2].shape)")
    }
    return [table]
  }

  package func inputsSafeToOverwrite(byOutput output: Int) -> [Int] { addsOnto ? [2] : [] }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = addsOnto ? inputs[2] : ReferenceTensor(zeros: outputs[0], rows: rows)
    let width = outputs[0].shape[1]
    for (place, value) in inputs[1].values.enumerated() {
      let index = Int(value)
      guard (0..<count).contains(index), index != padding else { continue }
      for i in 0..<width {
        result.values[index * width + i] += inputs[0].values[place * width + i]
      }
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, index) = (site.inputs[0].floats, site.inputs[1].indices)
    let table = site.outputs[0].floats
    let (rows, width) = (Int64(site.inputs[1].count), Int64(site.outputs[0].type.shape[1]))
    let (count, skipped) = (Int64(count), Int64(padding ?? -1))
    let onto = addsOnto ? site.inputs[2].floats : nil
    return Kernel { _ in
      nn_scatter_add_rows(x, index, onto, table, rows, width, count, skipped)
    }
  }
}

/// One where an index is not that of padding, else zero.
///
/// - index, y: [batch, …]
package struct IsNotIndex: Op {
  package let padding: Int

  package init(_ padding: Int) { self.padding = padding }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].dataType == .int32 else {
      throw ShapeError("indices are needed, found the numbers \(inputs[0].shape)")
    }
    return [ValueType(inputs[0].shape, isBatched: inputs[0].isBatched)]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [
      ReferenceTensor(
        outputs[0], rows: rows, inputs[0].values.map { $0 == Double(padding) ? 0 : 1 })
    ]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (index, y) = (site.inputs[0].indices, site.outputs[0].floats)
    let (count, padding) = (site.outputs[0].count, Int32(clamping: padding))
    return Kernel { _ in
      for place in 0..<count { y[place] = index[place] == padding ? 0 : 1 }
    }
  }
}
