import CKernels
import NNGraph
package import NNTensor

/// Has all kernels of this process be of one instruction set, whatever the processor has beyond it.
///
/// - level: its name.
/// - Returns: false where the processor does not have it, or another is in use already.
package func pinInstructionSet(_ level: String) -> Bool {
  switch level {
  case "avx512": nn_pin_isa(Int32(NN_ISA_AVX512.rawValue))
  case "avx2": nn_pin_isa(Int32(NN_ISA_AVX2.rawValue))
  default: false
  }
}

/// The instruction set whose kernels run, such as `avx512`, with products of operands of a type;
/// other ones may round differently.
package func instructionSet(for operands: DataType) -> String {
  let name = String(cString: nn_isa_name())
  return operands == .bfloat16 ? bfloat16Products ?? name : name
}
