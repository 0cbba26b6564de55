import NNGraph
package import NNTensor

/// What random graphs are made of, beside elementwise ops with broadcasts, constants, random masks
/// and shared parts.
package struct RandomGraphParts: OptionSet, Sendable {
  package let rawValue: Int

  package init(rawValue: Int) { self.rawValue = rawValue }

  /// Sums that are spread again, so that a path may leave a chain and come back to it.
  package static let sums = RandomGraphParts(rawValue: 1)
  /// The same memory under other shapes.
  package static let views = RandomGraphParts(rawValue: 2)
  /// Matrix products with biases and rectifiers, concatenations and slices, softmax.
  package static let products = RandomGraphParts(rawValue: 4)
  /// Statistics of the whole batch.
  package static let collectives = RandomGraphParts(rawValue: 8)
}

/// A graph of bounded functions that a seed decides, with a loss and some outputs.
package func randomGraph(
  seed: UInt64, shape: Shape = [6], steps: ClosedRange<Int> = 5...40,
  parts: RandomGraphParts = [.sums, .views], rows: Int = 5
) -> GraphCase {
  var maker = RandomGraphMaker(seed: seed, shape: shape)
  maker.addSources()
  for _ in 0..<maker.random(steps) { maker.addStep(parts) }
  return maker.finished(rows: rows, seed: seed)
}

private struct RandomGraphMaker {
  private var g = GraphBuilder(isTraining: true)
  private var generator: SeededGenerator
  private let shape: Shape
  /// Values of the one type that all steps work on.
  private var pool: [Value] = []
  private var scalars: [Value] = []
  private var count = 0

  init(seed: UInt64, shape: Shape) {
    generator = SeededGenerator(seed: seed)
    self.shape = shape
  }

  mutating func random(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &generator) }

  private mutating func pick() -> Value {
    // Recent values more often, for depth; any of them sometimes, for sharing.
    let first = Bool.random(using: &generator) ? max(pool.count - 3, 0) : 0
    return pool[random(first...(pool.count - 1))]
  }

  private mutating func name(_ kind: String) -> String {
    count += 1
    return "\(kind) \(count)"
  }

  private var axes: [Int] { Array(0..<shape.rank) }

  mutating func addSources() {
    pool = [g.input("x", .batched(shape)), g.input("z", .batched(shape))]
    let full = g.testParameter("full", shape)
    pool.append(g.make(Broadcast(to: shape, axes: axes), full))
    for axis in axes {
      let vector = g.testParameter("axis \(axis)", [shape[axis]])
      pool.append(g.make(Broadcast(to: shape, axes: [axis]), vector))
    }
    let own = g.input("one for each sample", .batched(.scalar))
    pool.append(g.make(Broadcast(to: shape, axes: []), own))
    scalars = [g.testParameter("scalar", .scalar), g.make(Constant(0.75)), g.inverseBatch()]
  }

  mutating func addStep(_ parts: RandomGraphParts) {
    var kinds: [(inout RandomGraphMaker) -> Value] = [
      { $0.unary() }, { $0.unary() }, { $0.binary() }, { $0.binary() }, { $0.scaled() },
      { $0.masked() },
    ]
    if parts.contains(.sums) { kinds.append { $0.summed() } }
    if parts.contains(.views) { kinds.append { $0.viewed() } }
    if parts.contains(.products) {
      kinds += [{ $0.product() }, { $0.joined() }, { $0.shares() }]
    }
    if parts.contains(.collectives) { kinds.append { $0.normalised() } }
    let kind = kinds[random(0...(kinds.count - 1))]
    pool.append(kind(&self))
  }

  private mutating func unary() -> Value {
    let functions: [UnaryFunction] = [
      .tanh, .sigmoid, .sin, .cos, .negate, .erf, .copy, .tanh,
    ]
    return g.make(Unary(functions[random(0...(functions.count - 1))]), pick())
  }

  private mutating func binary() -> Value {
    let (a, b) = (Expression.value(pick()), Expression.value(pick()))
    switch random(0...3) {
    // The factor keeps long chains of sums from growing.
    case 0: return g.elementwise((a + b) * 0.5)
    case 1: return g.elementwise((a - b) * 0.5)
    case 2: return g.elementwise(tanh(a) * b)
    default: return g.elementwise(a / (square(b) + 1))
    }
  }

  private mutating func scaled() -> Value {
    var scalar = scalars[random(0...(scalars.count - 1))]
    if Bool.random(using: &generator) {
      scalar = g.elementwise(tanh(.value(scalar)))
      scalars.append(scalar)
    }
    return g.elementwise(.value(pick()) * .value(scalar))
  }

  private mutating func masked() -> Value {
    let stream = RandomStream(seed: 11, purpose: "mask", name: name("mask"))
    let random = g.make(RandomUniform(stream), pool[0])
    let mask = g.elementwise(.binary(.greaterEqual, .value(random), 0.375))
    return g.elementwise(select(.value(mask), .value(pick()), 0.5 * .value(pick())))
  }

  private mutating func summed() -> Value {
    let kept = axes.filter { _ in Bool.random(using: &generator) }
    let dropped = axes.filter { !kept.contains($0) }
    let sum = g.make(ReduceSum(axes: dropped, rank: shape.rank, overBatch: false), pick())
    let mean = g.elementwise(.value(sum) * Expression(1 / Double(shape.count)))
    return g.make(Broadcast(to: shape, axes: kept), mean)
  }

  private mutating func viewed() -> Value {
    let flat = g.make(Reshape([shape.count]), pick())
    let inside = Bool.random(using: &generator) ? flat : g.elementwise(.unary(.sin, .value(flat)))
    return g.make(Reshape(shape), inside)
  }

  private mutating func product() -> Value {
    let width = shape.sizes.last ?? 1
    let weight = g.testParameter(name("weight"), [width, width])
    let bias = g.testParameter(name("bias"), [width], role: .bias)
    let y = g.make(Linear(), pick(), weight)
    let biased = g.elementwise(
      .value(y) + .value(g.make(Broadcast(to: shape, axes: [shape.rank - 1]), bias)))
    // A tanh instead of a rectifier where no kink may lie between f32 and double.
    return g.elementwise(tanh(.value(biased)))
  }

  private mutating func joined() -> Value {
    let joined = g.make(Concat(axis: 0), pick(), pick())
    let start = random(0...shape[0])
    return g.make(Slice(axis: 0, start: start, count: shape[0]), joined)
  }

  private mutating func shares() -> Value {
    g.make(Softmax(isLogarithm: false), pick())
  }

  private mutating func normalised() -> Value {
    let x = pick()
    let moments = g.batchMoments(x)
    let scale = g.elementwise(rsqrt(.value(moments.variance) + 0.5))
    func spread(_ value: Value) -> Expression {
      .value(g.make(Broadcast(to: shape, axes: [0]), value))
    }
    return g.elementwise((.value(x) - spread(moments.mean)) * spread(scale))
  }

  mutating func finished(rows: Int, seed: UInt64) -> GraphCase {
    let chosen = [pool.count - 1, random(0...(pool.count - 1)), random(0...(pool.count - 1))]
    for (index, place) in chosen.enumerated() { g.output("output \(index)", pool[place]) }
    let loss = g.weightedSum(pool[pool.count - 1])
    g.output("loss", loss)
    return GraphCase(g.graph, loss: loss, rows: rows, seed: seed)
  }
}
