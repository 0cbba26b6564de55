import NNDiagnostics
import NNGraph

extension Lowering {
  /// What the first layer of a block takes unless it says otherwise, as if it stood in the block's
  /// place.
  mutating func start(
    of layer: LayerSpec, _ previous: Scope.Named?, _ scope: Scope
  ) -> Scope.Named? {
    guard let references = layer.from else { return previous }
    guard references.count == 1 else {
      reader.error(
        "ambiguous-input", "'block' takes one input, found \(references.count)",
        at: references.first?.range ?? layer.range,
        help: "Its layers can take others by name, with from:.")
      for reference in references {
        if let named = resolve(reference, scope) { _ = take(named, for: reference.range) }
      }
      return anonymous(.unknown, layer)
    }
    return resolve(references[0], scope) ?? anonymous(.unknown, layer)
  }

  /// Lowers the layers of a block; what is wrong with them is told together with where the block
  /// is used.
  mutating func lowerBlock(
    _ inner: [LayerSpec], usedAt use: SourceRange?, from start: Scope.Named?, _ layer: LayerSpec,
    _ scope: Scope, path: String, depth: Int, in place: LayerPlace
  ) -> Slot {
    if let use { reader.blockUses.append(use) }
    defer { if use != nil { reader.blockUses.removeLast() } }
    var innerScope = scope
    let end = walk(
      inner, from: start, &innerScope, path: path, depth: depth + 1, in: place)
    return end.flatMap { take($0, for: layer.range) }.map { .value($0) } ?? .unknown
  }
}
