import NNGraph
import NNPlan
import NNTensor
import NNTestSupport
import Testing

@Suite struct UpdateProgramTests {
  @Test private func `new contents are computed from the old ones`() throws {
    let program = UpdateProgram(arrays: 3, scalars: 1) { a, s in
      let velocity = 0.5 * a[2] + a[1]
      return [(0, a[0] - s[0] * velocity), (2, velocity)]
    }
    let result = try runUpdate(
      program, arrays: [[1, 2], [4, -2], [8, 6]], scalars: [0.25])
    #expect(result == [[-1, 1.75], [4, -2], [8, 1]])
  }

  @Test private func `arrays may take each other's old contents`() throws {
    let program = UpdateProgram(arrays: 3, scalars: 0) { a, _ in
      [(0, a[1]), (1, a[2]), (2, a[0])]
    }
    let arrays = (0..<3).map { array in (0..<1100).map { Float(array * 10_000 + $0) } }
    #expect(try runUpdate(program, arrays: arrays) == [arrays[1], arrays[2], arrays[0]])
  }

  @Test private func `an array that stays as it is costs nothing`() {
    let program = UpdateProgram(arrays: 2, scalars: 0) { a, _ in [(0, a[0])] }
    #expect(program.steps.isEmpty)
  }

  @Test private func `long formulas share their temporaries`() throws {
    let program = UpdateProgram(arrays: 2, scalars: 0) { a, _ in
      var sum = a[0]
      for index in 1...40 { sum = tanh(sum * a[1]) + Expression(Double(index) / 40) }
      return [(0, sum)]
    }
    #expect(program.slots.count { $0 == .temporary } <= 3)
    var expected = 0.5
    for index in 1...40 { expected = UnaryFunction.tanh(expected * 1.5) + Double(index) / 40 }
    let result = try runUpdate(program, arrays: [[0.5], [1.5]])
    #expect(difference([Double(result[0][0])], [expected], tolerance: 1e-4, "sum") == nil)
  }
}
