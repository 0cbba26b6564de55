import NNDiagnostics
import NNGraph

/// What a name stands for while layers are walked.
enum Slot {
  case value(Value)
  /// Something whose shape could not be found out; what depends on it is not reported again.
  case unknown
  /// The end of a branch or split, which has several values: the word and where it stands, and
  /// where their uses are recorded.
  case several(Reference, ends: [Int])
}

/// The names that layers of a list may take from: their own list's and those around it.
struct Scope {
  struct Named {
    let reference: Reference
    let slot: Slot
    /// Whose use is recorded, by index into the walk's list.
    let use: Int
    /// Of a layer the name that its parameters begin with; nil of what has none.
    let path: String?
  }

  private(set) var named: [Named] = []
  /// Ids of layers further down in the list, which cannot be taken from yet.
  var upcoming: [Reference] = []

  mutating func define(_ name: Named) { named.append(name) }

  /// The innermost thing of a name.
  func find(_ name: String) -> Named? { named.last { $0.reference.name == name } }

  var names: [String] { named.map(\.reference.name) }
}
