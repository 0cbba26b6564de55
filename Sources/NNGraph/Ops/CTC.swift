import NNTensor

/// Minus the logarithm of the probability of a sequence of labels, over all its alignments with
/// a longer sequence of symbols: Graves, Fernández, Gomez and Schmidhuber, "Connectionist Temporal
/// Classification" (2006). Zero where the labels do not fit.
///
/// - logs: [batch, time, symbols] logarithms of probabilities; symbol 0 is the blank
/// - labels: [batch, length], label k being the symbol k + 1; below zero is padding
/// - loss: [batch]
package struct CTC: Op {
  package init() {}

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    guard inputs[0].shape.rank == 2, inputs[1].shape.rank == 1 else {
      throw ShapeError("cannot align labels of \(inputs[1].shape) with \(inputs[0].shape)")
    }
    return [.batched(.scalar)]
  }

  package func pullback(_ site: PullbackSite, _ g: inout GraphBuilder) -> [Value?] {
    guard let dy = site.gradients[0] else { return [nil, nil] }
    return [g.make(CTCGradient(), site.inputs[0], site.inputs[1], dy), nil]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 40 * rows * inputs[0].shape[0] * inputs[1].shape[0])
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let losses = (0..<rows).map { row in
      let likelihood = PlainAlignments(inputs, row).likelihood
      return likelihood > 0 ? -UnaryFunction.log(likelihood) : 0
    }
    return [ReferenceTensor(outputs[0], rows: rows, losses)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let sample = CTCSample(site)
    let loss = site.outputs[0].floats
    return Kernel { _ in
      for row in 0..<site.rows {
        let logarithm = sample.alignments.logLikelihood(sample.logs(row), sample.labels(row))
        loss[row] = logarithm > -.infinity ? Float(-logarithm) : 0
      }
    }
  }
}

/// Minus how often each symbol is expected at each time, times the loss's gradient.
///
/// - logs: [batch, time, symbols]; labels: [batch, length]; dloss: [batch]; result as logs
package struct CTCGradient: Op {
  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0]]
  }

  package func cost(_ inputs: [ValueType], _ outputs: [ValueType], rows: Int) -> Cost {
    Cost(operations: 100 * rows * inputs[0].shape[0] * inputs[1].shape[0])
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    let values = (0..<rows).flatMap { row in
      PlainAlignments(inputs, row).occupancy.map { -$0 * inputs[2].values[row] }
    }
    return [ReferenceTensor(outputs[0], rows: rows, values)]
  }

  package func kernel(_ site: KernelSite) -> Kernel {
    let sample = CTCSample(site)
    let (dloss, dlogs) = (site.inputs[2].floats, site.outputs[0].floats)
    let size = site.inputs[0].type.shape.count
    return Kernel { _ in
      for row in 0..<site.rows {
        sample.alignments.occupancy(
          sample.logs(row), sample.labels(row), times: -dloss[row], into: dlogs + row * size)
      }
    }
  }
}

/// Where a kernel finds each sample, with memory to align it in.
private struct CTCSample {
  let alignments: Alignments
  private let allLogs: UnsafePointer<Float>
  private let allLabels: UnsafePointer<Int32>
  private let size: Int
  private let length: Int

  init(_ site: KernelSite) {
    let shape = site.inputs[0].type.shape
    length = site.inputs[1].type.shape[0]
    size = shape.count
    alignments = Alignments(time: shape[0], symbols: shape[1], length: length)
    allLogs = UnsafePointer(site.inputs[0].floats)
    allLabels = UnsafePointer(site.inputs[1].indices)
  }

  func logs(_ row: Int) -> UnsafePointer<Float> { allLogs + row * size }
  func labels(_ row: Int) -> UnsafePointer<Int32> { allLabels + row * length }
}

/// A sample's alignments one by one: every sequence of symbols that reads as the labels once
/// repetitions and then blanks are left out. Only for the few symbols and times of a test.
private struct PlainAlignments {
  private(set) var likelihood = 0.0
  /// [time, symbols]; zeros where there is no alignment.
  private(set) var occupancy: [Double]

  init(_ inputs: [ReferenceTensor], _ row: Int) {
    let shape = inputs[0].type.shape
    let (time, symbols) = (shape[0], shape[1])
    let length = inputs[1].type.shape[0]
    let logs = Array(inputs[0].values[row * shape.count..<(row + 1) * shape.count])
    let labels = inputs[1].values[row * length..<(row + 1) * length].filter { $0 >= 0 }
    occupancy = .init(repeating: 0, count: shape.count)
    let wanted = labels.map { Int($0) + 1 }
    forEachIndex([Int](repeating: symbols, count: time)) { path in
      let joined = path.indices.filter { $0 == 0 || path[$0] != path[$0 - 1] }.map { path[$0] }
      guard joined.filter({ $0 != 0 }) == wanted else { return }
      let logarithm = path.indices.reduce(0.0) { $0 + logs[$1 * symbols + path[$1]] }
      let probability = UnaryFunction.exp(logarithm)
      likelihood += probability
      for (step, symbol) in path.enumerated() { occupancy[step * symbols + symbol] += probability }
    }
    if likelihood > 0 { for place in occupancy.indices { occupancy[place] /= likelihood } }
  }
}
