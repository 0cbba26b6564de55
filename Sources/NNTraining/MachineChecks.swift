package import NNDiagnostics
import NNGraph
import NNModel
import NNYAML

extension CheckedModel {
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
