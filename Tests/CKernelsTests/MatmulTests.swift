import CKernels
import Testing

struct MatmulCase: CustomTestStringConvertible, Sendable {
  var batch = 1
  let m: Int
  let n: Int
  let k: Int

  var testDescription: String { "\(batch)×[\(m), \(n), \(k)]" }
}

private let cases: [MatmulCase] = [
  .init(m: 1, n: 1, k: 1), .init(m: 4, n: 8, k: 2), .init(m: 16, n: 3, k: 16),
  .init(m: 7, n: 17, k: 9), .init(m: 9, n: 33, k: 300), .init(m: 40, n: 48, k: 20),
  .init(m: 11, n: 31, k: 257), .init(m: 33, n: 16, k: 1), .init(m: 2, n: 100, k: 530),
  .init(batch: 3, m: 5, n: 6, k: 7), .init(batch: 2, m: 64, n: 64, k: 40),
  .init(m: 64, n: 70, k: 90), .init(m: 64, n: 32, k: 784),
]

private let options = [false, true].flatMap { a in
  [false, true].flatMap { b in [false, true].map { (a, b, $0) } }
}

extension KernelTests {
  @Suite struct MatmulTests {
    /// Runs one product and returns c: [batch, m, n]; `create` chooses the kernel.
    private func product(
      _ shape: nn_matmul_shape, _ a: [Float], _ b: [Float], _ bias: [Float],
      _ create: (UnsafePointer<nn_matmul_shape>) -> OpaquePointer?
    ) throws -> [Float] {
      var shape = shape
      let product = try #require(create(&shape))
      defer { nn_matmul_destroy(product) }
      let count = Int(shape.batch * shape.m * shape.n)
      let c = UnsafeMutablePointer<Float>.allocate(capacity: count + 32)
      c.initialize(repeating: 12345, count: count + 32)
      defer { c.deallocate() }
      try a.withUnsafeBufferPointer { a in
        try b.withUnsafeBufferPointer { b in
          try bias.withUnsafeBufferPointer { bias in
            let call = try #require(
              nn_matmul_bind(product, a.baseAddress, b.baseAddress, bias.baseAddress, c))
            defer { nn_matmul_call_destroy(call) }
            // Twice, because a call must not depend on what it left behind.
            nn_matmul_call_run(call)
            nn_matmul_call_run(call)
          }
        }
      }
      #expect((count..<count + 32).allSatisfy { c[$0] == 12345 })
      return Array(UnsafeBufferPointer(start: c, count: count))
    }

    private func shape(
      _ test: MatmulCase, _ option: (transposeA: Bool, transposeB: Bool, tail: Bool)
    ) -> nn_matmul_shape {
      nn_matmul_shape(
        batch: Int64(test.batch), m: Int64(test.m), n: Int64(test.n), k: Int64(test.k),
        transpose_a: option.transposeA, transpose_b: option.transposeB, has_bias: option.tail,
        activation: option.tail ? NN_ACTIVATION_RELU : NN_ACTIVATION_NONE,
        operands: NN_OPERANDS_F32, a_stride: 0)
    }

    private func expected(
      _ test: MatmulCase, _ option: (transposeA: Bool, transposeB: Bool, tail: Bool),
      _ a: [Float], _ b: [Float], _ bias: [Float]
    ) -> [Double] {
      let (m, n, k) = (test.m, test.n, test.k)
      var c: [Double] = []
      for matrix in 0..<test.batch {
        for i in 0..<m {
          for j in 0..<n {
            var sum = 0.0
            for p in 0..<k {
              let x = a[matrix * m * k + (option.transposeA ? p * m + i : i * k + p)]
              let y = b[matrix * k * n + (option.transposeB ? j * k + p : p * n + j)]
              sum += Double(x) * Double(y)
            }
            c.append(option.tail ? max(sum + Double(bias[j]), 0) : sum)
          }
        }
      }
      return c
    }

    @Test(arguments: cases, options)
    func `a product is right with any kernel`(
      _ test: MatmulCase, _ option: (Bool, Bool, Bool)
    ) throws {
      let a = numbers(test.batch * test.m * test.k)
      let b = numbers(test.batch * test.k * test.n, seed: 2)
      let bias = numbers(test.n, seed: 3)
      let exact = expected(test, option, a, b, bias)
      let shape = shape(test, option)
      let chosen = try product(shape, a, b, bias, nn_matmul_create)
      expectClose(chosen, exact, absolute: 2e-5)
      for level in levels {
        try onLevel(level) {
          let own = try product(shape, a, b, bias, nn_matmul_create_own)
          expectClose(own, exact, absolute: 2e-5, "level \(level)")
        }
      }
    }

    @Test(arguments: [cases[3], cases[4], cases[11], .init(m: 70, n: 60, k: 80)], [false, true])
    func `rows of the first matrix may have something between`(
      _ test: MatmulCase, _ transposeA: Bool
    ) throws {
      let (rows, columns) = transposeA ? (test.k, test.m) : (test.m, test.k)
      let a = numbers(rows * columns)
      let b = numbers(test.k * test.n, seed: 2)
      let option = (transposeA: transposeA, transposeB: true, tail: false)
      var shape = shape(test, option)
      shape.a_stride = Int64(columns + 5)
      var wide = [Float](repeating: .nan, count: rows * (columns + 5))
      for row in 0..<rows {
        for column in 0..<columns {
          wide[row * (columns + 5) + column] = a[row * columns + column]
        }
      }
      let exact = expected(test, option, a, b, [])
      for create in [nn_matmul_create, nn_matmul_create_own] {
        expectClose(try product(shape, wide, b, [0], create), exact, absolute: 2e-5)
      }
    }

    @Test func `small products stay here and large ones go to oneDNN`() {
      var small = shape(.init(m: 4, n: 8, k: 2), (false, false, false))
      var large = shape(.init(m: 256, n: 256, k: 256), (false, false, false))
      #expect(!nn_matmul_uses_onednn(&small))
      #expect(nn_matmul_uses_onednn(&large) == nn_has_onednn())
    }

    @Test func `a product with an empty side is refused in words`() {
      var empty = shape(.init(m: 4, n: 0, k: 2), (false, false, false))
      #expect(nn_matmul_create(&empty) == nil)
      #expect(String(cString: nn_last_error()).contains("[2, 0] has an empty side"))
      var overlapping = shape(.init(m: 4, n: 3, k: 9), (false, false, false))
      overlapping.a_stride = 8
      #expect(nn_matmul_create(&overlapping) == nil)
      var several = shape(.init(batch: 2, m: 4, n: 3, k: 9), (false, false, false))
      several.a_stride = 10
      #expect(nn_matmul_create(&several) == nil)
    }
  }
}
