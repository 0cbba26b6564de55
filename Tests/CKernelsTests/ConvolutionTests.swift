import CKernels
import Testing

/// One axis of a convolution: sizes of the image and the kernel, and how it moves.
struct ConvolutionAxis: Sendable {
  var size = 1
  var kernel = 1
  var stride = 1
  var dilation = 1
  var before = 0
  var after = 0

  var out: Int { (size + before + after - dilation * (kernel - 1) - 1) / stride + 1 }
}

struct ConvolutionCase: CustomTestStringConvertible, Sendable {
  var batch = 2
  var groups = 1
  var channels = (3, 8)
  var size = (7, 6)
  var kernel = (3, 3)
  var stride = (1, 1)
  var dilation = (1, 1)
  var padding = (top: 1, left: 1, bottom: 1, right: 1)
  var depth = ConvolutionAxis()
  var hasBias = true
  var rectifies = false

  var testDescription: String {
    "\(channels) channels in \(groups), \(size), kernel \(kernel), stride \(stride), "
      + "dilation \(dilation), padding \(padding), \(depth), bias \(hasBias), relu \(rectifies)"
  }

  var shape: nn_convolution_shape {
    nn_convolution_shape(
      batch: Int64(batch), groups: Int64(groups), in_channels: Int64(channels.0),
      out_channels: Int64(channels.1), in_d: Int64(depth.size), in_h: Int64(size.0),
      in_w: Int64(size.1), kernel_d: Int64(depth.kernel), kernel_h: Int64(kernel.0),
      kernel_w: Int64(kernel.1), stride_d: Int64(depth.stride), stride_h: Int64(stride.0),
      stride_w: Int64(stride.1), dilation_d: Int64(depth.dilation), dilation_h: Int64(dilation.0),
      dilation_w: Int64(dilation.1), pad_front: Int64(depth.before), pad_top: Int64(padding.top),
      pad_left: Int64(padding.left), pad_back: Int64(depth.after),
      pad_bottom: Int64(padding.bottom), pad_right: Int64(padding.right), has_bias: hasBias,
      activation: rectifies ? NN_ACTIVATION_RELU : NN_ACTIVATION_NONE,
      operands: NN_OPERANDS_F32)
  }

  /// Depth, height and width.
  var axes: [ConvolutionAxis] {
    [
      depth,
      .init(
        size: size.0, kernel: kernel.0, stride: stride.0, dilation: dilation.0,
        before: padding.top, after: padding.bottom),
      .init(
        size: size.1, kernel: kernel.1, stride: stride.1, dilation: dilation.1,
        before: padding.left, after: padding.right),
    ]
  }

  var xCount: Int { axes.reduce(batch * channels.0) { $0 * $1.size } }
  var yCount: Int { axes.reduce(batch * channels.1) { $0 * $1.out } }
  var weightCount: Int { axes.reduce(channels.1 * channels.0 / groups) { $0 * $1.kernel } }

  /// The places of the image and the kernel that each output place of an axis sees.
  private func taps(_ axis: ConvolutionAxis) -> [(out: Int, kernel: Int, source: Int)] {
    (0..<axis.out).flatMap { i in
      (0..<axis.kernel).compactMap { u in
        let source = i * axis.stride + u * axis.dilation - axis.before
        return (0..<axis.size).contains(source) ? (i, u, source) : nil
      }
    }
  }

  /// Calls `body` with the places in x, weight and y of every product of the definition.
  func forEachProduct(_ body: (_ x: Int, _ weight: Int, _ y: Int) -> Void) {
    let (ins, outs) = (channels.0 / groups, channels.1 / groups)
    let (d, h, w) = (axes[0], axes[1], axes[2])
    for n in 0..<batch {
      for a in taps(d) {
        for b in taps(h) {
          for c in taps(w) {
            let pixel = ((n * d.size + a.source) * h.size + b.source) * w.size + c.source
            let result = ((n * d.out + a.out) * h.out + b.out) * w.out + c.out
            let tap = (a.kernel * h.kernel + b.kernel) * w.kernel + c.kernel
            for o in 0..<channels.1 {
              for i in 0..<ins {
                body(
                  pixel * channels.0 + o / outs * ins + i,
                  (o * ins + i) * d.kernel * h.kernel * w.kernel + tap, result * channels.1 + o)
              }
            }
          }
        }
      }
    }
  }
}

private let cases: [ConvolutionCase] = [
  .init(), .init(hasBias: false, rectifies: true), .init(channels: (16, 32), rectifies: true),
  .init(channels: (16, 16), stride: (2, 2)), .init(channels: (5, 7), kernel: (1, 1)),
  .init(channels: (1, 32), size: (28, 28)), .init(groups: 2, channels: (6, 4)),
  .init(groups: 8, channels: (8, 8), hasBias: false), .init(groups: 4, channels: (64, 32)),
  .init(groups: 5, channels: (5, 15)),
  .init(size: (9, 9), dilation: (2, 3)), .init(channels: (4, 4), kernel: (2, 4)),
  .init(padding: (0, 2, 1, 0)), .init(kernel: (5, 3), stride: (1, 2), padding: (2, 0, 1, 1)),
  .init(channels: (32, 16), kernel: (1, 1), stride: (2, 2), padding: (0, 0, 0, 0)),
  .init(size: (1, 9), kernel: (1, 3), stride: (1, 2), padding: (0, 1, 0, 1)),
  .init(depth: .init(size: 5, kernel: 3, before: 1, after: 1), rectifies: true),
  .init(
    channels: (4, 6), stride: (2, 1), depth: .init(size: 6, kernel: 2, stride: 2, after: 1)),
  .init(
    groups: 2, channels: (4, 6), dilation: (2, 1),
    depth: .init(size: 6, kernel: 3, dilation: 2, before: 2), hasBias: false),
  .init(groups: 4, channels: (4, 4), depth: .init(size: 3)),
  .init(channels: (1, 40), size: (5, 37), rectifies: true),
  .init(channels: (2, 16), size: (9, 50), stride: (2, 2), dilation: (2, 1)),
  .init(channels: (4, 33), size: (6, 19), kernel: (3, 5), padding: (2, 3, 1, 0), hasBias: false),
  .init(channels: (16, 16), kernel: (1, 1), depth: .init(kernel: 3, before: 1, after: 1)),
  .init(batch: 3, channels: (16, 16), size: (5, 33), hasBias: false),
  .init(batch: 3, channels: (8, 16), size: (4, 17), padding: (0, 0, 0, 0), hasBias: false),
  .init(channels: (16, 32), size: (9, 8), padding: (2, 2, 1, 0), hasBias: false),
  .init(channels: (48, 32), size: (8, 9), padding: (0, 1, 2, 2), hasBias: false, rectifies: true),
  .init(channels: (24, 48), size: (3, 20), kernel: (1, 3), padding: (0, 0, 0, 2)),
  .init(channels: (48, 16), size: (7, 7), kernel: (7, 3), padding: (3, 1, 6, 1), hasBias: false),
  .init(channels: (40, 32), size: (6, 40), kernel: (2, 3), padding: (1, 2, 0, 2)),
]

private let creators:
  [@Sendable (UnsafePointer<nn_convolution_shape>, nn_convolution_kind) -> OpaquePointer?] = [
    { nn_convolution_create($0, $1) },
    { nn_convolution_create_own($0, $1) },
  ]

extension KernelTests {
  @Suite struct ConvolutionTests {
    private func run(
      _ test: ConvolutionCase, _ kind: nn_convolution_kind, creator: Int, x: inout [Float],
      weight: inout [Float], bias: inout [Float], y: inout [Float]
    ) throws {
      var shape = test.shape
      let convolution = try #require(creators[creator](&shape, kind))
      defer { nn_convolution_destroy(convolution) }
      try x.withUnsafeMutableBufferPointer { x in
        try weight.withUnsafeMutableBufferPointer { weight in
          try bias.withUnsafeMutableBufferPointer { bias in
            try y.withUnsafeMutableBufferPointer { y in
              let call = try #require(
                nn_convolution_bind(
                  convolution, x.baseAddress, weight.baseAddress,
                  test.hasBias ? bias.baseAddress : nil, y.baseAddress))
              defer { nn_convolution_call_destroy(call) }
              nn_convolution_call_run(call)
              nn_convolution_call_run(call)
            }
          }
        }
      }
    }

    @Test(arguments: cases, creators.indices)
    func `the forward pass is the definition`(_ test: ConvolutionCase, _ creator: Int) throws {
      var x = numbers(test.xCount)
      var weight = numbers(test.weightCount, seed: 2)
      var bias = numbers(test.channels.1, seed: 3)
      var y = [Float](repeating: 9, count: test.yCount)
      try run(
        test, NN_CONVOLUTION_FORWARD, creator: creator, x: &x, weight: &weight, bias: &bias, y: &y)
      var expected = (0..<test.yCount).map {
        test.hasBias ? Double(bias[$0 % test.channels.1]) : 0
      }
      test.forEachProduct { expected[$2] += Double(x[$0]) * Double(weight[$1]) }
      expectClose(y, test.rectifies ? expected.map { max($0, 0) } : expected, absolute: 1e-5)
      #expect(x == numbers(test.xCount) && weight == numbers(test.weightCount, seed: 2))
    }

    @Test(arguments: cases, creators.indices)
    func `the gradient of the image is the definition's`(
      _ test: ConvolutionCase, _ creator: Int
    ) throws {
      var dx = [Float](repeating: 9, count: test.xCount)
      var weight = numbers(test.weightCount, seed: 2)
      var bias = numbers(test.channels.1, seed: 3)
      var dy = numbers(test.yCount, seed: 4)
      try run(
        test, NN_CONVOLUTION_BACKWARD_DATA, creator: creator, x: &dx, weight: &weight, bias: &bias,
        y: &dy)
      var expected = [Double](repeating: 0, count: test.xCount)
      test.forEachProduct { expected[$0] += Double(weight[$1]) * Double(dy[$2]) }
      expectClose(dx, expected, absolute: 1e-5)
    }

    @Test(arguments: cases, creators.indices)
    func `the gradients of weight and bias are the definition's`(
      _ test: ConvolutionCase, _ creator: Int
    ) throws {
      var x = numbers(test.xCount)
      var dweight = [Float](repeating: 9, count: test.weightCount)
      var dbias = [Float](repeating: 9, count: test.channels.1)
      var dy = numbers(test.yCount, seed: 4)
      try run(
        test, NN_CONVOLUTION_BACKWARD_WEIGHTS, creator: creator, x: &x, weight: &dweight,
        bias: &dbias, y: &dy)
      var expected = [Double](repeating: 0, count: test.weightCount)
      test.forEachProduct { expected[$1] += Double(x[$0]) * Double(dy[$2]) }
      expectClose(dweight, expected, absolute: 3e-5)
      guard test.hasBias else { return }
      var expectedBias = [Double](repeating: 0, count: test.channels.1)
      for (place, gradient) in dy.enumerated() {
        expectedBias[place % test.channels.1] += Double(gradient)
      }
      expectClose(dbias, expectedBias, absolute: 3e-5)
    }

    @Test func `impossible shapes are refused in words`() {
      func message(_ test: ConvolutionCase) -> String {
        var shape = test.shape
        #expect(nn_convolution_create(&shape, NN_CONVOLUTION_FORWARD) == nil)
        return String(cString: nn_last_error())
      }
      #expect(message(.init(groups: 2)).contains("2 groups do not divide 3 and 8 channels"))
      #expect(message(.init(kernel: (30, 3))).contains("1 × 30 × 3 kernel does not fit"))
      #expect(message(.init(batch: 0)).contains("not positive"))
      #expect(message(.init(padding: (-1, 0, 0, 0))).contains("negative padding"))
    }
  }
}
