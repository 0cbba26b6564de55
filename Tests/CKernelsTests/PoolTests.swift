import CKernels
import Foundation
import Testing

struct PoolCase: CustomTestStringConvertible, Sendable {
  var batch = 2
  var channels = 3
  var height = 6
  var width = 7
  var kernel = (2, 2)
  var stride = (2, 2)
  var pad = (0, 0)

  var testDescription: String {
    "\(batch)×\(height)×\(width)×\(channels) kernel \(kernel) stride \(stride) pad \(pad)"
  }

  var out: (Int, Int) {
    (
      (height + 2 * pad.0 - kernel.0) / stride.0 + 1, (width + 2 * pad.1 - kernel.1) / stride.1 + 1
    )
  }

  var shape: nn_pool {
    nn_pool(
      batch: Int64(batch), channels: Int64(channels), in_h: Int64(height), in_w: Int64(width),
      out_h: Int64(out.0), out_w: Int64(out.1), kernel_h: Int64(kernel.0),
      kernel_w: Int64(kernel.1), stride_h: Int64(stride.0), stride_w: Int64(stride.1),
      pad_top: Int64(pad.0), pad_left: Int64(pad.1))
  }

  var inputCount: Int { batch * height * width * channels }
  var outputCount: Int { batch * out.0 * out.1 * channels }

  /// For each output, in order, its input elements with their places in the plane.
  var windows: [[(element: Int, place: Int)]] {
    var all: [[(element: Int, place: Int)]] = []
    for n in 0..<batch {
      for i in 0..<out.0 {
        for j in 0..<out.1 {
          for c in 0..<channels {
            var window: [(element: Int, place: Int)] = []
            for u in 0..<kernel.0 {
              for v in 0..<kernel.1 {
                let (h, w) = (i * stride.0 + u - pad.0, j * stride.1 + v - pad.1)
                guard h >= 0, h < height, w >= 0, w < width else { continue }
                let place = h * width + w
                window.append(((n * height * width + place) * channels + c, place))
              }
            }
            all.append(window)
          }
        }
      }
    }
    return all
  }
}

private let cases: [PoolCase] = [
  .init(), .init(channels: 16), .init(channels: 37, kernel: (3, 3), pad: (1, 1)),
  .init(kernel: (3, 2), stride: (1, 2), pad: (1, 0)), .init(kernel: (6, 7), stride: (1, 1)),
  .init(channels: 1, kernel: (1, 3), stride: (3, 1), pad: (0, 1)),
]

extension KernelTests {
  @Suite struct PoolTests {
    @Test(arguments: cases, levels)
    func `the largest of each window and its gradient are right`(
      _ test: PoolCase, _ level: Int32
    ) {
      var pool = test.shape
      // Whole numbers from a small range make many equals, of which the first must win.
      let x = numbers(test.inputCount, scale: 3).map { $0.rounded() }
      let dy = numbers(test.outputCount, seed: 2)
      var y = [Float](repeating: 0, count: test.outputCount)
      var argmax = [Int32](repeating: -1, count: test.outputCount)
      var dx = [Float](repeating: 7, count: test.inputCount)
      onLevel(level) {
        nn_max_pool(&pool, x, &y, &argmax)
        nn_max_pool_gradient(&pool, dy, argmax, &dx)
      }
      var gradient = [Double](repeating: 0, count: test.inputCount)
      for (output, window) in test.windows.enumerated() {
        let largest = window.map { x[$0.element] }.max() ?? 0
        let first = window.first { x[$0.element] == largest }
        #expect(y[output] == largest)
        #expect(Int(argmax[output]) == first?.place)
        gradient[first?.element ?? 0] += Double(dy[output])
      }
      expectClose(dx, gradient)
    }

    @Test(arguments: cases, [true, false])
    func `the mean of each window and its gradient are right`(
      _ test: PoolCase, _ countsPadding: Bool
    ) {
      var pool = test.shape
      let x = numbers(test.inputCount)
      let dy = numbers(test.outputCount, seed: 2)
      var y = [Float](repeating: 0, count: test.outputCount)
      var dx = [Float](repeating: 7, count: test.inputCount)
      nn_avg_pool(&pool, x, &y, countsPadding)
      nn_avg_pool_gradient(&pool, dy, &dx, countsPadding)
      var means: [Double] = []
      var gradient = [Double](repeating: 0, count: test.inputCount)
      for (output, window) in test.windows.enumerated() {
        let size = Double(countsPadding ? test.kernel.0 * test.kernel.1 : window.count)
        means.append(window.reduce(0.0) { $0 + Double(x[$1.element]) } / size)
        for (element, _) in window { gradient[element] += Double(dy[output]) / size }
      }
      expectClose(y, means)
      expectClose(dx, gradient)
    }

    @Test func `a NaN wins its window, and minus infinity loses to nothing`() {
      var pool = PoolCase(batch: 1, channels: 1, height: 2, width: 4).shape
      var y: [Float] = [0, 0]
      var argmax: [Int32] = [-1, -1]
      nn_max_pool(
        &pool, [9, 1, -.infinity, -.infinity, .nan, .nan, -.infinity, -.infinity], &y, &argmax)
      #expect(y[0].isNaN && y[1] == -.infinity)
      #expect(argmax == [4, 2])
    }
  }
}
