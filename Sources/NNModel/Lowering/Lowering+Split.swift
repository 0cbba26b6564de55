import NNDiagnostics
import NNGraph
import NNTensor

extension Lowering {
  /// Cuts a value into named parts, which layers below take with `from`.
  mutating func lowerSplit(
    _ layer: LayerSpec, _ parts: [LayerSpec.Part], _ axis: Int?, _ start: Slot,
    _ scope: inout Scope, path: String
  ) -> Slot {
    for part in parts where scope.find(part.name.name) != nil {
      reader.error(
        "duplicate-id", "'\(part.name.name)' is the name of something above already",
        at: part.name.range, help: "Call the part something else.")
    }
    var values: [Value?] = parts.map { _ in nil }
    if case .value(let x) = start {
      g.scope = path
      defer { g.scope = "" }
      do throws(ShapeError) {
        values = try cut(x, parts, axis)
      } catch {
        report(error, "shape-mismatch", at: layer.range)
      }
    }
    var ends: [Int] = []
    for (part, value) in zip(parts, values) {
      ends.append(uses.count)
      scope.define(
        .init(
          reference: part.name, slot: value.map { .value($0) } ?? .unknown, use: uses.count,
          path: nil))
      uses.append((part.name, "part", false))
    }
    return .several(Reference(name: "split", range: layer.range), ends: ends)
  }

  private mutating func cut(
    _ x: Value, _ parts: [LayerSpec.Part], _ given: Int?
  ) throws(ShapeError) -> [Value] {
    let shape = g.shape(x)
    // As concat joins them.
    let axis = given ?? (shape.rank == 3 ? 0 : shape.rank - 1)
    guard shape.sizes.indices.contains(axis) else {
      throw ShapeError("'split' means axis \(axis), and \(shape) has \(shape.rank)")
    }
    let size = shape[axis]
    let known = parts.reduce(0) { $0 + ($1.size ?? 0) }
    let open = parts.count { $0.size == nil }
    let rest = size - known
    guard open == 0 ? rest == 0 : rest >= open && rest % open == 0 else {
      throw ShapeError(
        open == 0
          ? "the parts add up to \(known), and axis \(axis) of \(shape) has \(size)"
          : "the \(size) elements of axis \(axis) of \(shape) do not divide into these parts",
        help: "A part of size -1 takes what the others leave.")
    }
    var values: [Value] = []
    var start = 0
    for part in parts {
      let count = part.size ?? rest / open
      values.append(try g.apply(Slice(axis: axis, start: start, count: count), x))
      start += count
    }
    return values
  }
}
