import CKernels
import Foundation
import Testing

/// All tests of the kernels, one after the other, because some pin the instruction set.
@Suite(.serialized) enum KernelTests {}

/// The instruction sets of this machine, from the lowest to the best.
let levels = Array(0...nn_isa_best())

/// Runs `body` on one instruction set and returns to the best.
func onLevel<Result>(_ level: some BinaryInteger, _ body: () throws -> Result) rethrows -> Result {
  nn_use_isa(Int32(level))
  defer { nn_use_isa(nn_isa_best()) }
  return try body()
}

/// Numbers that are the same in every run, roughly uniform in ±scale.
func numbers(_ count: Int, seed: UInt64 = 1, scale: Float = 1) -> [Float] {
  var state = seed &* 0x9E37_79B9_7F4A_7C15 | 1
  return (0..<count).map { _ in
    state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
    return (Float(state >> 40) / Float(1 << 23) - 1) * scale
  }
}

/// Expects `actual` to be `expected` within `relative` of its size or `absolute`.
func expectClose(
  _ actual: [Float], _ expected: [Double], relative: Double = 1e-5, absolute: Double = 1e-6,
  _ comment: @autoclosure () -> String = "", sourceLocation: SourceLocation = #_sourceLocation
) {
  #expect(actual.count == expected.count, sourceLocation: sourceLocation)
  for (index, (a, e)) in zip(actual, expected).enumerated()
  where !isClose(a, e, relative: relative, absolute: absolute) {
    Issue.record("\(comment()) at \(index): \(a), not \(e)", sourceLocation: sourceLocation)
    return
  }
}

func isClose(_ actual: Float, _ expected: Double, relative: Double, absolute: Double) -> Bool {
  if expected.isNaN { return actual.isNaN }
  let rounded = Float(expected)
  if rounded.isInfinite || actual.isInfinite {
    // A result just below the largest number may round to either side of infinity.
    return actual == rounded || abs(expected) > 3.402823e38 && abs(actual) > 3.402822e38
  }
  return abs(Double(actual) - expected) <= max(absolute, relative * abs(expected))
}

func bits(_ values: [Float]) -> [UInt32] { values.map(\.bitPattern) }
