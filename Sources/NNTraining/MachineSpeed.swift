import NNEngine
import NNGraph
import NNTensor

/// How fast this machine does each class of work with the engine's own kernels, measured in a
/// fraction of a second.
struct MachineSpeed {
  /// Operations a second by the operations of one product.
  private let products: Curve
  /// Operations a second by channels.
  private let convolutions: Curve
  /// Operations a second of a recurrent layer's steps.
  private let scan: Double
  /// Bytes a second by the bytes an op touches.
  private let passes: Curve
  /// Elementwise steps a second.
  private let steps: Double
  /// Seconds of the smallest op.
  let call: Double
  /// Seconds to begin something on all threads.
  let handOver: Double

  init(_ timer: OpTimer) {
    func rate(
      _ op: some Op, _ inputs: [ValueType], rows: Int, layout: Layout = .plain,
      of amount: (Cost) -> Int = { $0.operations }
    ) -> Double? {
      guard let outputs = try? op.outputTypes(inputs) else { return nil }
      let layouts = (inputs + outputs).map { $0.isImage ? layout : .plain }
      guard let seconds = timer.seconds(op, inputs, outputs, layouts: layouts, rows: rows)
      else { return nil }
      return Double(amount(op.costWithBytes(inputs, outputs, rows: rows))) / max(seconds, 1e-9)
    }
    var products: [Curve.Point] = []
    for (rows, width) in [(4, 8), (16, 32), (32, 64), (128, 128), (256, 512)] {
      let inputs = [ValueType.batched([width]), .single([width, width])]
      if let rate = rate(Linear(), inputs, rows: rows) {
        products.append(.init(size: Double(2 * rows * width * width), rate: rate))
      }
    }
    self.products = Curve(products, otherwise: 1e10)

    let window = ConvolutionGeometry(
      kernel: (3, 3), padTop: 1, padLeft: 1, padBottom: 1, padRight: 1)
    var convolutions: [Curve.Point] = []
    for (channels, filters, groups) in [(64, 64, 64), (3, 24, 1), (24, 24, 1), (64, 64, 1)] {
      let inputs = [
        ValueType.batched([channels, 16, 16]), .single([filters, channels / groups, 3, 3]),
      ]
      let op = Convolution(window, groups: groups)
      guard case .convolution(let size) = op.work(inputs, [], rows: 8),
        let rate = rate(op, inputs, rows: 8, layout: .channelsLast)
      else { continue }
      convolutions.append(.init(size: size, rate: rate))
    }
    self.convolutions = Curve(convolutions, otherwise: 1e10)

    let units = 64
    scan =
      rate(
        RecurrentScan(.lstm), [.batched([16, 4 * units]), .single([4 * units, units])], rows: 16)
      ?? 1e10

    var passes: [Curve.Point] = []
    for count in [1 << 12, 1 << 16, 1 << 20, 1 << 22] {
      let type = ValueType.single([count])
      if let rate = rate(Binary(.add), [type, type], rows: 1, of: { $0.bytes }) {
        passes.append(.init(size: Double(12 * count), rate: rate))
      }
    }
    self.passes = Curve(passes, otherwise: 1e10)

    // Each step needs the one before, as in most formulas.
    let chain = (0..<16).map { index in
      ElementwiseProgram.Step(
        .binary(index % 2 == 0 ? .multiply : .add), result: index == 15 ? 17 : 1 + index,
        operands: [index == 0 ? 0 : index, 0])
    }
    let slots =
      [.input(0, .same)] + [ElementwiseProgram.Slot](repeating: .temporary, count: 16)
      + [.output(0)]
    let type = ValueType.single([1 << 13])
    steps =
      rate(
        ElementwiseProgram(slots: slots, steps: chain, type: type, outputCount: 1), [type],
        rows: 1) ?? 1e10
    let small = ValueType.single([16])
    call =
      timer.seconds(
        Binary(.add), [small, small], [small], layouts: [.plain, .plain, .plain], rows: 1) ?? 1e-7
    handOver = timer.handOver()
  }

  /// How long a run of an op takes about.
  func seconds(_ cost: Cost, _ work: Work) -> Double {
    let operations = Double(cost.operations)
    let memory = pass(bytes: cost.bytes)
    let arithmetic =
      switch work {
      case .pass: operations / steps
      case .steps(let count): Double(count) / steps
      case .products(let count): operations / products.rate(operations / Double(max(count, 1)))
      case .convolution(let channels): operations / convolutions.rate(channels)
      case .scan: operations / scan
      }
    return max(arithmetic, memory) + call
  }

  /// How long it takes to touch so many bytes once.
  func pass(bytes: Int) -> Double { Double(bytes) / passes.rate(Double(bytes)) }

  /// How much longer a run takes among others than when it is repeated by itself, because others
  /// have taken its place in the cache.
  ///
  /// - memory: bytes that are used in turn.
  func cold(bytes: Int, among memory: Int) -> Double {
    max(Double(bytes) / passes.rate(Double(max(memory, bytes))) - pass(bytes: bytes), 0)
  }
}

/// A rate that depends on a size, between measured points by straight lines of logarithms.
private struct Curve {
  struct Point {
    let size: Double
    let rate: Double
  }

  private let points: [Point]

  init(_ points: [Point], otherwise rate: Double) {
    self.points = points.isEmpty ? [Point(size: 1, rate: rate)] : points
  }

  func rate(_ size: Double) -> Double {
    guard let next = points.firstIndex(where: { $0.size >= size }) else {
      return points[points.count - 1].rate
    }
    guard next > 0 else { return points[0].rate }
    let (low, high) = (points[next - 1], points[next])
    let share = UnaryFunction.log(size / low.size) / UnaryFunction.log(high.size / low.size)
    return low.rate * BinaryFunction.power(high.rate / low.rate, share)
  }
}
