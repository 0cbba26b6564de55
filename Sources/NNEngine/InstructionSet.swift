import CKernels
import NNGraph
package import NNTensor

/// The instruction set whose kernels run, such as `avx512`, with products of operands of a type;
/// other ones may round differently.
package func instructionSet(for operands: DataType) -> String {
  let name = String(cString: nn_isa_name())
  return operands == .bfloat16 ? bfloat16Products ?? name : name
}
