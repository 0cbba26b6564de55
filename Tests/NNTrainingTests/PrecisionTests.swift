import NNData
import NNDiagnostics
import NNTraining
import Testing

@Suite struct PrecisionTests {
  private func check(_ train: String) -> Checked<CheckedModel> {
    let text = """
      nnc: 1
      name: small
      data:
        source: {rows: {columns: [x, y], values: [[1, 2], [2, 3]]}}
        inputs: {x: {columns: [x]}}
        targets: {y: {column: y, type: number}}
      model:
        - dense: y
      loss: mse
      optimizer: {sgd: 0.1}
      train: \(train)
      """
    return ModelFile.check(
      Array(text.utf8), name: "small.yaml", directory: "", depth: .everything)
  }

  @Test func `a machine without products of bf16 says so where the file asks for them`() throws {
    let model = try #require(check("{epochs: 1, precision: bf16}").value)
    #expect(model.findings(onMachineWith: "avx512-bf16").isEmpty)
    let finding = try #require(model.findings(onMachineWith: nil).first)
    #expect(finding.code == "unsupported-precision")
    #expect(finding.range.start.line == 11)
    #expect(finding.range.start.column == 31)
  }

  @Test func `f32 needs nothing of a machine`() throws {
    for train in ["{epochs: 1}", "{epochs: 1, precision: f32}"] {
      let model = try #require(check(train).value)
      #expect(model.findings(onMachineWith: nil).isEmpty)
    }
  }

  @Test func `other words are refused with those there are`() throws {
    let checked = check("{epochs: 1, precision: fp16}")
    #expect(checked.value == nil)
    #expect(checked.diagnostics.map(\.message).joined().contains("f32, bf16"))
  }
}
