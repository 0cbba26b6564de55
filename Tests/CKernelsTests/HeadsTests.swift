import CKernels
import Foundation
import Testing

struct HeadsCase: CustomTestStringConvertible, Sendable {
  var samples = 2
  var heads = 2
  var keyHeads = 2
  let queries: Int
  let keys: Int
  let width: Int
  var isCausal = false
  var isMasked = false

  var testDescription: String {
    """
    \(heads) heads of \(keyHeads), \(queries)×\(keys)×\(width)\
    \(isCausal ? ", causal" : "")\(isMasked ? ", masked" : "")
    """
  }

  var shape: nn_heads_shape {
    nn_heads_shape(
      samples: Int64(samples), heads: Int64(heads), key_heads: Int64(keyHeads),
      queries: Int64(queries), keys: Int64(keys), width: Int64(width), scale: 0.75,
      is_causal: isCausal)
  }

  /// Of q, y and their gradients.
  var large: Int { samples * queries * heads * width }
  /// Of k and v.
  var small: Int { samples * keys * keyHeads * width }

  /// Of the last sample all is hidden, and of the others the first key too.
  var mask: [Float] {
    (0..<samples * keys).map { $0 / keys < samples - 1 && $0 % keys % 3 != 0 ? 1 : 0 }
  }

  func sees(_ sample: Int, _ query: Int, _ key: Int) -> Bool {
    (!isCausal || key <= query) && (!isMasked || mask[sample * keys + key] != 0)
  }
}

/// Ragged blocks, panels and vectors; more queries than a block's, more keys and features than a
/// panel is deep.
private let sizes = [
  HeadsCase(queries: 1, keys: 1, width: 1), HeadsCase(queries: 5, keys: 7, width: 8),
  HeadsCase(samples: 1, queries: 64, keys: 64, width: 16),
  HeadsCase(samples: 1, heads: 4, keyHeads: 2, queries: 33, keys: 50, width: 20),
  HeadsCase(heads: 3, keyHeads: 1, queries: 70, keys: 70, width: 32),
  HeadsCase(samples: 1, heads: 1, keyHeads: 1, queries: 130, keys: 280, width: 40),
  HeadsCase(samples: 1, heads: 1, keyHeads: 1, queries: 3, keys: 9, width: 300),
]

private let cases: [HeadsCase] = sizes.flatMap { size in
  var (causal, masked) = (size, size)
  causal.isCausal = true
  masked.isMasked = true
  var both = causal
  both.isMasked = true
  return [size, masked] + (size.queries == size.keys ? [causal, both] : [])
}

/// What attention gives by its definition, in double.
private struct Exact {
  var y: [Double]
  var dq: [Double]
  var dk: [Double]
  var dv: [Double]

  init(_ test: HeadsCase, _ q: [Float], _ k: [Float], _ v: [Float], _ dy: [Float]) {
    y = [Double](repeating: 0, count: test.large)
    dq = y
    dk = [Double](repeating: 0, count: test.small)
    dv = dk
    let (m, n, d) = (test.queries, test.keys, test.width)
    for index in 0..<(test.samples * m * test.heads) {
      let (sample, i, head) = (index / (m * test.heads), index / test.heads % m, index % test.heads)
      let query = index * d
      let keys = (0..<n).map {
        ((sample * n + $0) * test.keyHeads + head * test.keyHeads / test.heads) * d
      }
      func dot(_ a: [Float], _ place: Int, _ b: [Float], _ other: Int) -> Double {
        (0..<d).reduce(0.0) { $0 + Double(a[place + $1]) * Double(b[other + $1]) }
      }
      let terms = (0..<n).map { key in
        test.sees(sample, i, key) ? exp(0.75 * dot(q, query, k, keys[key])) : 0
      }
      let total = terms.reduce(0, +)
      let weights = terms.map { total == 0 ? 0 : $0 / total }
      let slopes = keys.map { dot(dy, query, v, $0) }
      let mean = zip(weights, slopes).reduce(0.0) { $0 + $1.0 * $1.1 }
      for (key, place) in keys.enumerated() {
        let slope = weights[key] * (slopes[key] - mean) * 0.75
        for c in 0..<d {
          y[query + c] += weights[key] * Double(v[place + c])
          dv[place + c] += weights[key] * Double(dy[query + c])
          dq[query + c] += slope * Double(k[place + c])
          dk[place + c] += slope * Double(q[query + c])
        }
      }
    }
  }
}

/// Memory with elements behind it that nobody may write.
private struct Guarded {
  let memory: UnsafeMutablePointer<Float>
  let count: Int

  init(_ values: [Float]) {
    count = values.count
    memory = .allocate(capacity: count + 32)
    for (index, value) in values.enumerated() { (memory + index).initialize(to: value) }
    (memory + count).initialize(repeating: 12345, count: 32)
  }

  func taken() -> [Float] {
    defer { memory.deallocate() }
    #expect((count..<count + 32).allSatisfy { memory[$0] == 12345 })
    return Array(UnsafeBufferPointer(start: memory, count: count))
  }
}

/// Attention there and back on this module's loops.
private struct Run {
  let y: [Float]
  let dq: [Float]
  let dk: [Float]
  let dv: [Float]

  /// - inPlace: whether gradients go where what they belong to was.
  init(
    _ test: HeadsCase, _ q: [Float], _ k: [Float], _ v: [Float], _ dy: [Float],
    inPlace: Bool = false
  ) throws {
    var shape = test.shape
    let forwards = try #require(nn_heads_create(&shape, false))
    let back = try #require(nn_heads_create(&shape, true))
    defer {
      nn_heads_destroy(forwards)
      nn_heads_destroy(back)
    }
    let garbage = { (count: Int) in Guarded([Float](repeating: .nan, count: count)) }
    let (q, k, v) = (Guarded(q), Guarded(k), Guarded(v))
    let y = garbage(test.large)
    let scales = garbage(test.samples * test.heads * 2 * test.queries)
    let mask = test.isMasked ? test.mask : nil
    nn_heads_run(forwards, q.memory, k.memory, v.memory, mask, y.memory, scales.memory)
    let dq = inPlace ? q : garbage(test.large)
    let (dk, dv) = inPlace ? (k, v) : (garbage(test.small), garbage(test.small))
    nn_heads_gradient(
      back, q.memory, k.memory, v.memory, mask, y.memory, scales.memory, dy, dq.memory, dk.memory,
      dv.memory)
    if !inPlace { for operand in [q, k, v] { _ = operand.taken() } }
    _ = scales.taken()
    self.y = y.taken()
    self.dq = dq.taken()
    self.dk = dk.taken()
    self.dv = dv.taken()
  }
}

extension KernelTests {
  @Suite struct HeadsTests {
    private func operands(_ test: HeadsCase) -> (q: [Float], k: [Float], v: [Float], dy: [Float]) {
      let scale = 4 / Float(test.width).squareRoot()
      return (
        numbers(test.large, scale: scale), numbers(test.small, seed: 2, scale: scale),
        numbers(test.small, seed: 3), numbers(test.large, seed: 4)
      )
    }

    @Test(arguments: cases, levels)
    fileprivate func `attention of heads and its gradients are those of the definition`(
      _ test: HeadsCase, _ level: Int32
    ) throws {
      let (q, k, v, dy) = operands(test)
      let exact = Exact(test, q, k, v, dy)
      try onLevel(level) {
        let run = try Run(test, q, k, v, dy)
        expectClose(run.y, exact.y, absolute: 2e-6, "y")
        expectClose(run.dq, exact.dq, absolute: 1e-5, "dq")
        expectClose(run.dk, exact.dk, absolute: 2e-5, "dk")
        expectClose(run.dv, exact.dv, absolute: 1e-5, "dv")
        let again = try Run(test, q, k, v, dy, inPlace: true)
        for (one, other) in [
          (run.y, again.y), (run.dq, again.dq), (run.dk, again.dk), (run.dv, again.dv),
        ] {
          #expect(bits(one) == bits(other))
        }
      }
    }

    @Test(arguments: cases)
    fileprivate func `both vector levels attend with the same bits`(_ test: HeadsCase) throws {
      guard nn_isa_best() == Int32(NN_ISA_AVX512.rawValue) else { return }
      let (q, k, v, dy) = operands(test)
      let runs = try [NN_ISA_AVX2, NN_ISA_AVX512].map { level in
        try onLevel(Int32(level.rawValue)) { try Run(test, q, k, v, dy) }
      }
      #expect(bits(runs[0].y) == bits(runs[1].y))
      #expect(bits(runs[0].dq) == bits(runs[1].dq))
      #expect(bits(runs[0].dk) == bits(runs[1].dk))
      #expect(bits(runs[0].dv) == bits(runs[1].dv))
    }

    @Test func `a sample is attended with the same bits alone and among others`() throws {
      let many = HeadsCase(
        samples: 3, heads: 4, keyHeads: 2, queries: 21, keys: 21, width: 20, isCausal: true)
      var one = many
      one.samples = 1
      let (q, k, v, dy) = operands(many)
      let all = try Run(many, q, k, v, dy)
      for sample in 0..<3 {
        let large = sample * one.large..<(sample + 1) * one.large
        let small = sample * one.small..<(sample + 1) * one.small
        let alone = try Run(
          one, Array(q[large]), Array(k[small]), Array(v[small]), Array(dy[large]))
        #expect(bits(alone.y) == bits(Array(all.y[large])))
        #expect(bits(alone.dq) == bits(Array(all.dq[large])))
        #expect(bits(alone.dk) == bits(Array(all.dk[small])))
        #expect(bits(alone.dv) == bits(Array(all.dv[small])))
      }
    }

    @Test func `large scores do not overflow, and what is not a number shows`() throws {
      let test = HeadsCase(samples: 1, heads: 1, keyHeads: 1, queries: 1, keys: 3, width: 1)
      let huge = try Run(test, [1e19], [1e19, -1e19, 0], [5, 6, 7], [1])
      #expect(huge.y == [5])
      #expect(huge.dk == [0, 0, 0])
      #expect(huge.dv == [1, 0, 0])
      let none = try Run(test, [1], [1, .nan, 0], [5, 6, 7], [1])
      #expect((none.y + none.dq + none.dk + none.dv).allSatisfy { $0.isNaN })
      let all = try Run(test, [.nan], [1, 2, 0], [5, 6, 7], [1])
      #expect(all.y.allSatisfy { $0.isNaN })
    }

    @Test func `attention without keys is refused in words`() {
      var shape = HeadsCase(queries: 3, keys: 0, width: 2).shape
      #expect(nn_heads_create(&shape, false) == nil)
      #expect(String(cString: nn_last_error()).contains("0 keys"))
      shape = HeadsCase(heads: 3, keyHeads: 2, queries: 3, keys: 2, width: 2).shape
      #expect(nn_heads_create(&shape, true) == nil)
    }
  }
}
