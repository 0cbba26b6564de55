package import NNModel
package import NNTensor

/// A tensor of another model. Who reads model files reads the tensor too; where nobody does, as for
/// the model in a checkpoint, whose parameters are there already, it is all zeros.
package struct FromFile: Initializer {
  package static let word = "from_file"
  package static let summary =
    "A tensor out of a safetensors file, such as a checkpoint of another model."

  @Field("The file; its path is relative to the model file.")
  package var file: String
  @Field("The tensor's name in it, such as dense_1.weight.")
  package var tensor: String

  package init() {}

  package var storedTensor: StoredTensor? { StoredTensor(file: file, name: tensor) }

  package func tensor(shape: Shape, stream: RandomStream) -> Tensor {
    Tensor(shape, filledWith: 0)
  }
}
