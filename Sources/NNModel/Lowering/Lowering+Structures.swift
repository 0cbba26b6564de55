import NNDiagnostics
import NNGraph

extension Lowering {
  /// The one value a structure takes.
  mutating func single(_ inputs: [Value?], _ layer: LayerSpec) -> Slot {
    guard inputs.count == 1 else {
      reader.error(
        "ambiguous-input", "'\(layer.word)' takes one input, found \(inputs.count)",
        at: layer.range)
      return .unknown
    }
    return inputs[0].map { .value($0) } ?? .unknown
  }

  mutating func lowerResidual(
    _ layer: LayerSpec, _ inner: [LayerSpec], _ projects: Bool, _ inputs: [Value?],
    _ scope: Scope, path: String, depth: Int, in place: LayerPlace
  ) -> Slot {
    let start = single(inputs, layer)
    var innerScope = scope
    let end = walk(
      inner, from: anonymous(start, layer), &innerScope, path: path, depth: depth + 1,
      in: place)
    guard let end, let result = take(end, for: layer.range), case .value(let x) = start else {
      return .unknown
    }
    var shortcut = x
    if projects {
      guard let projection = projection(of: x, like: result, layer, path: path, in: place) else {
        return .unknown
      }
      shortcut = projection
    }
    guard g.type(shortcut) == g.type(result) else {
      report(
        ShapeError(
          "a residual adds its input \(g.shape(x)) to its layers' result \(g.shape(result))",
          help: projects
            ? nil : "Make them the same, or ask for a learned projection with project: true."),
        "shape-mismatch", at: layer.range)
      return .unknown
    }
    g.scope = path
    defer { g.scope = "" }
    return .value(g.elementwise(.value(shortcut) + .value(result)))
  }

  private mutating func projection(
    of x: Value, like result: Value, _ layer: LayerSpec, path: String, in place: LayerPlace
  ) -> Value? {
    let shape = g.shape(result)
    var builder = takeBuilder(path: "\(path).project", place)
    builder.g.scope = path
    defer { giveBack(&builder) }
    do throws(ShapeError) {
      return try builder.projection(of: x, to: shape)
    } catch {
      report(error, "shape-mismatch", at: layer.range)
      return nil
    }
  }

  mutating func lowerRepeat(
    _ times: Int, _ inner: [LayerSpec], _ start: Slot, _ layer: LayerSpec, _ scope: Scope,
    path: String, depth: Int, in place: LayerPlace
  ) -> Slot {
    var current = start
    for index in 0..<times {
      let before = reader.diagnostics.count
      var innerScope = scope
      let end = walk(
        inner, from: anonymous(current, layer), &innerScope, path: "\(path).\(index)",
        depth: depth + 1, in: place)
      current = end.flatMap { take($0, for: layer.range) }.map { .value($0) } ?? .unknown
      // What is wrong once is wrong every time; once is enough to say it.
      if reader.diagnostics.count > before { return .unknown }
    }
    return current
  }

  mutating func lowerBranch(
    _ layer: LayerSpec, _ paths: [LayerSpec.Path], _ start: Slot, _ scope: inout Scope,
    path: String, depth: Int, in place: LayerPlace
  ) -> Slot {
    var ends: [Scope.Named] = []
    for branch in paths {
      if scope.find(branch.name.name) != nil {
        reader.error(
          "duplicate-id", "'\(branch.name.name)' is the name of something above already",
          at: branch.name.range, help: "Call the path something else.")
      }
      var innerScope = scope
      let end = walk(
        branch.layers, from: anonymous(start, layer), &innerScope,
        path: "\(path).\(branch.name.name)", depth: depth + 1, in: place)
      let slot = end.flatMap { take($0, for: branch.name.range) }.map { Slot.value($0) }
      ends.append(
        .init(
          reference: branch.name, slot: slot ?? .unknown, use: uses.count,
          path: "\(path).\(branch.name.name)"))
      uses.append((branch.name, "path", false))
    }
    for end in ends { scope.define(end) }
    return .several(Reference(name: "branch", range: layer.range), ends: ends.map(\.use))
  }

  /// A start of an inner list, whose use is recorded where it was taken.
  mutating func anonymous(_ slot: Slot, _ layer: LayerSpec) -> Scope.Named {
    uses.append((layer.id, "start", true))
    return .init(reference: layer.id, slot: slot, use: uses.count - 1, path: nil)
  }
}
