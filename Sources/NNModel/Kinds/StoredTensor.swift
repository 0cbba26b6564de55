package import NNDiagnostics
import NNGraph
import NNTensor
import NNYAML

/// A tensor in a file, as a model file names it.
package struct StoredTensor: Sendable, Hashable {
  /// As written, relative to the model file.
  package let file: String
  package let name: String

  package init(file: String, name: String) {
    self.file = file
    self.name = name
  }
}

/// Where a model file names a tensor in a file.
package struct StoredTensorMention: Sendable {
  package let tensor: StoredTensor
  package let fileRange: SourceRange
  package let nameRange: SourceRange
}

extension Reader {
  /// Remembers the tensor that an initializer takes from a file.
  mutating func note(_ read: ReadKind<any Initializer>) {
    guard let tensor = read.instance.storedTensor else { return }
    let fields = read.value?.mapping
    storedTensors.append(
      .init(
        tensor: tensor, fileRange: fields?["file"]?.range ?? read.wordRange,
        nameRange: fields?["tensor"]?.range ?? read.wordRange))
  }
}

/// Values that were read from a file.
struct GivenTensor: ParameterInitializer {
  let tensor: Tensor

  func tensor(shape: Shape, stream: RandomStream) -> Tensor { tensor }
}
