import CKernels
import NNTensor

/// Makes the elements along one axis of others along it; upsampling, padding, cropping and adaptive
/// means are such maps, one for each axis.
///
/// - x: [batch, …, size, …]
/// - y: [batch, …, size′, …]
package struct MapAxis: Op {
  package let axis: Int
  package let map: AxisMap

  package init(_ axis: Int, _ map: AxisMap) {
    self.axis = axis
    self.map = map
  }

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    let x = inputs[0]
    guard axis < x.shape.rank else { throw ShapeError("\(x.shape) has no axis \(axis)") }
    return [x.resized(axis, to: try map.outputSize(x.shape[axis]))]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil] }
    return [g.make(MapAxisGradient(axis, map, size: g.shape(site.inputs[0])[axis]), dy)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: outputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let x = inputs[0]
    let place = axis + (x.type.isBatched ? 1 : 0)
    var position = 0
    forEachIndex(result.sizes) { index in
      let line = x.line(through: index, along: axis)
      let taps = map.taps(index[place], size: x.sizes[place], count: result.sizes[place])
      result.values[position] =
        taps.isEmpty
        ? Double(map.fill)
        : taps.reduce(0) {
          $0 + x.values[line.start + $1.source * line.step] * Double($1.weight)
        }
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (x, y) = (site.inputs[0], site.outputs[0])
    let (size, count) = (x.type.shape[axis], y.type.shape[axis])
    let table = TapTable((0..<count).map { map.taps($0, size: size, count: count) })
    return table.kernel(x, y, along: axis, fill: map.fill)
  }
}

/// The gradient of ``MapAxis``: what each element of the input has part in.
///
/// - dy: [batch, …, size′, …]
/// - dx: [batch, …, size, …]
package struct MapAxisGradient: Op {
  let axis: Int
  let map: AxisMap
  /// Along the axis of dx.
  let size: Int

  init(_ axis: Int, _ map: AxisMap, size: Int) {
    self.axis = axis
    self.map = map
    self.size = size
  }

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0].resized(axis, to: size)]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: inputs[0].count(rows: rows))
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    var result = ReferenceTensor(zeros: outputs[0], rows: rows)
    let dy = inputs[0]
    let place = axis + (dy.type.isBatched ? 1 : 0)
    var position = 0
    forEachIndex(dy.sizes) { index in
      let line = result.line(through: index, along: axis)
      for tap in map.taps(index[place], size: size, count: dy.sizes[place]) {
        result.values[line.start + tap.source * line.step] +=
          dy.values[position] * Double(tap.weight)
      }
      position += 1
    }
    return [result]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let (dy, dx) = (site.inputs[0], site.outputs[0])
    let count = dy.type.shape[axis]
    var transposed = [[AxisMap.Tap]](repeating: [], count: size)
    for index in 0..<count {
      for tap in map.taps(index, size: size, count: count) {
        transposed[tap.source].append(.init(index, tap.weight))
      }
    }
    return TapTable(transposed).kernel(dy, dx, along: axis, fill: 0)
  }
}

/// The taps of all elements one behind the other, where the C side reads them.
private final class TapTable {
  private let first: UnsafeMutablePointer<Int32>
  private let source: UnsafeMutablePointer<Int32>
  private let weight: UnsafeMutablePointer<Float>

  init(_ taps: [[AxisMap.Tap]]) {
    let count = taps.reduce(0) { $0 + $1.count }
    first = .allocate(capacity: taps.count + 1)
    source = .allocate(capacity: max(count, 1))
    weight = .allocate(capacity: max(count, 1))
    var place = 0
    first[0] = 0
    for (index, own) in taps.enumerated() {
      for tap in own {
        source[place] = Int32(tap.source)
        weight[place] = tap.weight
        place += 1
      }
      first[index + 1] = Int32(place)
    }
  }

  deinit {
    first.deallocate()
    source.deallocate()
    weight.deallocate()
  }

  func kernel(_ x: Operand, _ y: Operand, along axis: Int, fill: Float) -> Kernel {
    let (from, to) = (x.run(along: axis), y.run(along: axis))
    var map = nn_axis_map()
    (map.outer, map.in, map.out, map.inner) = (
      Int64(from.outer), Int64(from.count), Int64(to.count), Int64(from.inner)
    )
    (map.first, map.source, map.weight) = (.init(first), .init(source), .init(weight))
    map.fill = fill
    return Kernel { [map] _ in
      withExtendedLifetime(self) {
        withUnsafePointer(to: map) { nn_map_axis($0, x.floats, y.floats) }
      }
    }
  }
}
