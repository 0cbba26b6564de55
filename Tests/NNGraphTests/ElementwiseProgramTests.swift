import NNGraph
import NNTensor
import NNTestSupport
import Testing

@Suite struct ElementwiseProgramTests {
  typealias Step = ElementwiseProgram.Step

  /// exp(x) · b + 2, where b is one number a column; and exp(x) by itself.
  static let program = ElementwiseProgram(
    slots: [
      .input(0, .same), .input(1, .broadcast(repeats: 1, period: 3)), .constant(2), .temporary,
      .output(0), .output(1),
    ],
    steps: [
      Step(.unary(.exp), result: 5, operands: [0]),
      Step(.binary(.multiply), result: 3, operands: [5, 1]),
      Step(.binary(.add), result: 4, operands: [3, 2]),
    ], type: .batched([3]), outputCount: 2)

  static let rows: [OpCase] = [
    OpCase(
      "two outputs", program, [.batched([3]), .single([3])], isDifferentiable: false),
    OpCase(
      "alignments",
      ElementwiseProgram(
        slots: [
          .input(0, .broadcast(repeats: 4, period: .max)), .input(1, .scalar),
          .input(2, .broadcast(repeats: .max, period: 1)),
          .input(3, .broadcast(repeats: 2, period: 2)), .temporary, .output(0),
        ],
        steps: [
          Step(.binary(.add), result: 4, operands: [0, 1]),
          Step(.binary(.multiply), result: 4, operands: [4, 2]),
          Step(.binary(.subtract), result: 5, operands: [4, 3]),
        ], type: .batched([4]), outputCount: 1),
      [.batched(.scalar), .single(.scalar), .single([1]), .single([2])], rows: 200,
      isDifferentiable: false),
    OpCase(
      "random numbers and a choice",
      ElementwiseProgram(
        slots: [.input(0, .same), .uniform(42), .constant(0.5), .temporary, .output(0)],
        steps: [
          Step(.binary(.greaterEqual), result: 3, operands: [1, 2]),
          Step(.select, result: 4, operands: [3, 0, 2]),
        ], type: .batched([7]), outputCount: 1),
      [.batched([7])], rows: 150, isDifferentiable: false),
  ]

  @Test(arguments: rows)
  private func `a program gives what its reference gives`(_ row: OpCase) throws {
    #expect(try checkDirectKernels(row) == [])
  }

  @Test private func `an input may be overwritten once nothing reads it any more`() {
    let program = ElementwiseProgramTests.program
    // exp(x) is written by the step that reads x for the last time; the other comes later still.
    #expect(program.inputsSafeToOverwrite(byOutput: 1) == [0])
    #expect(program.inputsSafeToOverwrite(byOutput: 0) == [0])
  }

  @Test private func `an input that is read after the output is written is not overwritten`() {
    let program = ElementwiseProgram(
      slots: [.input(0, .same), .input(1, .same), .output(0), .output(1)],
      steps: [
        Step(.unary(.exp), result: 2, operands: [0]),
        Step(.binary(.add), result: 3, operands: [0, 1]),
      ], type: .batched([3]), outputCount: 2)
    #expect(program.inputsSafeToOverwrite(byOutput: 0) == [])
    #expect(program.inputsSafeToOverwrite(byOutput: 1) == [0, 1])
  }

  @Test private func `an input that is read in two ways is not overwritten`() {
    let program = ElementwiseProgram(
      slots: [.input(0, .same), .input(0, .broadcast(repeats: 1, period: 3)), .output(0)],
      steps: [Step(.binary(.add), result: 2, operands: [0, 1])], type: .single([3]),
      outputCount: 1)
    #expect(program.inputsSafeToOverwrite(byOutput: 0) == [])
  }

  @Test private func `a program that is not valid is refused`() {
    #expect(throws: KernelError.self) {
      try BoundTileProgram(
        slots: [.temporary, .temporary], steps: [Step(.unary(.exp), result: 0, operands: [1])],
        rowElements: 0, pointers: [nil, nil])
    }
  }
}
