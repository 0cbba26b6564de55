import CKernels

/// The instruction set whose kernels run, such as `avx512`; other ones may round differently.
package var instructionSet: String { String(cString: nn_isa_name()) }
