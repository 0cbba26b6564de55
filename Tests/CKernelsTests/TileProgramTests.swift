import CKernels
import Foundation
import Testing

private struct Span: CustomTestStringConvertible, Sendable {
  let begin: Int
  let count: Int

  var range: Range<Int> { begin..<begin + count }
  var testDescription: String { "\(begin) + \(count)" }
}

private let spans: [Span] = [
  .init(begin: 0, count: 1), .init(begin: 0, count: 16), .init(begin: 3, count: 15),
  .init(begin: 5, count: 511), .init(begin: 0, count: 512), .init(begin: 7, count: 513),
  .init(begin: 0, count: 1500), .init(begin: 100, count: 1400), .init(begin: 1499, count: 1),
]

extension KernelTests {
  @Suite struct TileProgramTests {
    @Test(
      arguments: [
        (1, 1), (1, 2), (1, 10), (1, 16), (1, 37), (1, 256), (1, 512), (1, 700), (1, 1500),
        (2, 3), (7, 5), (64, 10), (512, 3), (1500, 1), (600, 2),
      ], spans)
    private func `a broadcast is read by repeat and period`(
      _ pattern: (repeats: Int, period: Int), _ span: Span
    ) {
      var program = TileCase()
      let x = program.array(numbers(1500))
      let spread = program.broadcast(
        numbers(pattern.period, seed: 2), repeats: pattern.repeats)
      let y = program.array(numbers(1500, seed: 3))
      program.step(NN_FN_ADD, y, x, spread)
      let after = program.run([span.range])[Int(y)]
      var expected = numbers(1500, seed: 3)
      let (first, second) = (numbers(1500), numbers(pattern.period, seed: 2))
      for i in span.range {
        expected[i] = first[i] + second[i / pattern.repeats % pattern.period]
      }
      #expect(after == expected)
    }

    @Test(
      arguments: [1, 3, 8, 10, 16, 24, 64, 100, 256, 300, 512, 700, 1024],
      [1, 7, 64, 512, 1000, 4096, 5000])
    private func `what a slot holds is summed by its place in a period`(
      _ period: Int, _ count: Int
    ) {
      let (first, second) = (numbers(count), numbers(count, seed: 2))
      var program = TileCase()
      let (x, y) = (program.array(first), program.array(second))
      let (product, twice) = (program.temporary(), program.temporary())
      program.step(NN_FN_MULTIPLY, product, x, y)
      program.step(NN_FN_ADD, twice, x, x)
      // A sum behind a function that is not compiled, and one of what is written to memory.
      program.step(NN_FN_TANH, y, twice)
      let sums = [product, twice, y].map { program.sum($0, period: period) }
      let after = program.run([0..<count])
      func expected(_ value: (Int) -> Double) -> [Double] {
        var result = [Double](repeating: 0, count: period)
        for i in 0..<count { result[i % period] += value(i) }
        return result
      }
      expectClose(
        after[sums[0]] ?? [], expected { Double(first[$0]) * Double(second[$0]) }, absolute: 1e-5)
      expectClose(after[sums[1]] ?? [], expected { 2 * Double(first[$0]) }, absolute: 1e-5)
      expectClose(after[sums[2]] ?? [], expected { tanh(2 * Double(first[$0])) }, absolute: 1e-5)
    }

    @Test(arguments: spans)
    private func `a chain writes several results in place`(_ span: Span) {
      // AdamW without weight decay, the longest chain there is.
      var program = TileCase()
      let w = program.array(numbers(1500))
      let m = program.array(numbers(1500, seed: 2))
      let v = program.array(numbers(1500, seed: 3).map(abs))
      let g = program.array(numbers(1500, seed: 4))
      let rate = program.scalar(0.01)
      let (keep, take) = (program.constant(0.9), program.constant(0.1))
      let epsilon = program.constant(1e-8)
      let (s, t) = (program.temporary(), program.temporary())
      program.step(NN_FN_MULTIPLY, s, g, take)
      program.step(NN_FN_MULTIPLY_ADD, m, m, keep, s)
      program.step(NN_FN_SQUARE, s, g)
      program.step(NN_FN_MULTIPLY, s, s, take)
      program.step(NN_FN_MULTIPLY_ADD, v, v, keep, s)
      program.step(NN_FN_SQRT, t, v)
      program.step(NN_FN_ADD, t, t, epsilon)
      program.step(NN_FN_DIVIDE, t, m, t)
      program.step(NN_FN_MULTIPLY, t, t, rate)
      program.step(NN_FN_SUBTRACT, w, w, t)
      let after = program.run([span.range])
      var (ew, em, ev) = (
        numbers(1500).map(Double.init), numbers(1500, seed: 2).map(Double.init),
        numbers(1500, seed: 3).map { Double(abs($0)) }
      )
      let gradients = numbers(1500, seed: 4)
      for i in span.range {
        let gradient = Double(gradients[i])
        em[i] = 0.9 * em[i] + 0.1 * gradient
        ev[i] = 0.9 * ev[i] + 0.1 * gradient * gradient
        ew[i] -= 0.01 * em[i] / (ev[i].squareRoot() + 1e-8)
      }
      expectClose(after[Int(w)] ?? [], ew)
      expectClose(after[Int(m)] ?? [], em)
      expectClose(after[Int(v)] ?? [], ev)
      #expect(after[Int(g)] == numbers(1500, seed: 4))
    }

    @Test func `a run in pieces gives the bits of a run in one`() {
      var program = TileCase()
      program.rowElements = 10
      let x = program.array(numbers(1500))
      let u = program.uniform(77)
      let spread = program.broadcast(numbers(10), repeats: 1)
      let t = program.temporary()
      program.step(NN_FN_TANH, t, x)
      program.step(NN_FN_MULTIPLY, t, t, u)
      program.step(NN_FN_ADD, x, t, spread)
      let whole = program.run([0..<1500])
      let pieces = program.run([900..<1500, 0..<1, 1..<515, 515..<900])
      #expect(whole == pieces)
    }

    @Test func `an operand with another slot's memory is updated in place`() {
      var program = TileCase()
      let x = program.array(numbers(100))
      program.step(NN_FN_EXP, x, x)
      let expected = numbers(100).map { exp(Double($0)) }
      expectClose(program.run([0..<100])[Int(x)] ?? [], expected)
    }

    @Test func `an empty run touches nothing`() {
      var program = TileCase()
      let x = program.array([1, 2])
      program.step(NN_FN_EXP, x, x)
      #expect(program.run([1..<1])[Int(x)] == [1, 2])
    }

    @Test func `a program with more than the limits is not valid`() {
      var many = TileCase()
      for _ in 0..<NN_TILE_MAX_SLOTS { _ = many.constant(1) }
      #expect(many.isValid)
      _ = many.constant(1)
      #expect(!many.isValid)
      var long = TileCase()
      let x = long.array([1])
      for _ in 0..<NN_TILE_MAX_STEPS { long.step(NN_FN_COPY, x, x) }
      #expect(long.isValid)
      long.step(NN_FN_COPY, x, x)
      #expect(!long.isValid)
    }

    @Test func `a program that reads or writes what it cannot is not valid`() {
      var base = TileCase()
      let x = base.array([1])
      let t = base.temporary()
      let c = base.constant(1)
      let wrong: [(nn_function, UInt16, UInt16, UInt16)] = [
        (NN_FN_COPY, x, t, 0),  // a temporary before it is written
        (NN_FN_COPY, c, x, 0),  // into a constant
        (NN_FN_COPY, x, 9, 0),  // no such operand
        (NN_FN_COPY, 9, x, 0),  // no such result
        (NN_FN_ADD, x, x, 9),  // no such second operand
        (NN_FN_COUNT, x, x, x),  // no such function
      ]
      for (function, result, a, b) in wrong {
        var program = base
        program.step(function, result, a, b)
        #expect(!program.isValid)
      }
      var right = base
      right.step(NN_FN_COPY, t, x, 9, 9)
      right.step(NN_FN_ADD, x, t, c)
      #expect(right.isValid)
      right.slots[Int(c)].kind = 17
      #expect(!right.isValid)
      right.slots[Int(c)].kind = Int32(NN_SLOT_BROADCAST.rawValue)
      right.slots[Int(c)].period = 0
      #expect(!right.isValid)
    }
  }
}
