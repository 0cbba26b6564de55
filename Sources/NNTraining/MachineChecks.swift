package import NNDiagnostics
import NNEngine
import NNGraph
import NNModel
import NNYAML

extension CheckedModel {
  /// Has the process compute with the instruction set of the file, where it names one; to be called
  /// before anything is computed.
  package func pinInstructionSet() -> [Diagnostic] {
    guard let isa = file.spec.train.isa, !NNEngine.pinInstructionSet(isa.rawValue) else {
      return []
    }
    let node = file.root.mapping?["train"]?.mapping?["isa"]
    return [
      Diagnostic(
        "unsupported-isa", "this processor cannot compute with \(isa.rawValue) here",
        file: file.source.name, at: node?.range ?? file.root.range,
        help: "Train on one that has it, or leave it out; a process computes with one only.")
    ]
  }

  /// What this machine lacks to train the model. The file is right all the same, so checking it does
  /// not tell.
  ///
  /// - products: what computes products of bf16, nil where nothing does.
  package func findings(onMachineWith products: String? = bfloat16Products) -> [Diagnostic] {
    guard file.spec.train.precision == .bf16, products == nil else { return [] }
    let node = file.root.mapping?["train"]?.mapping?["precision"]
    return [
      Diagnostic(
        "unsupported-precision", "this processor has no products of bf16", file: file.source.name,
        at: node?.range ?? file.root.range,
        help: "Train on one with avx512_bf16 or amx, or with precision: f32.")
    ]
  }
}
