import Glibc
import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

/// A loss on predictions and truths, with its formula for one sample.
struct LossRow: Sendable, CustomTestStringConvertible {
  let loss: any Loss
  let type: TargetType
  /// [samples, width]; the truth of a category is its index.
  let prediction: [[Double]]
  let truth: [[Double]]
  let formula: @Sendable ([Double], [Double]) -> Double
  /// A prediction that makes each of the truths' losses least, and that loss.
  let best: (prediction: [Double], truth: [Double], loss: Double)

  var word: String { Swift.type(of: loss).word }
  var testDescription: String { word }
}

private func mean(
  _ each: @escaping @Sendable (Double, Double) -> Double
) -> @Sendable ([Double], [Double]) -> Double {
  { prediction, truth in
    zip(prediction, truth).reduce(0) { $0 + each($1.0, $1.1) } / Double(prediction.count)
  }
}

private func huber(_ delta: Double) -> Huber {
  var loss = Huber()
  loss.delta = delta
  return loss
}

private let numbers = (
  prediction: [[0.5, -1.25], [3, 0.25], [-2, 1]], truth: [[1, 1], [-1.5, 0.5], [-2.5, 0.75]]
)

let lossRows: [LossRow] = [
  LossRow(
    loss: MeanSquaredError(), type: .number([2]), prediction: numbers.prediction,
    truth: numbers.truth, formula: mean { ($0 - $1) * ($0 - $1) }, best: ([2, -1], [2, -1], 0)),
  LossRow(
    loss: MeanAbsoluteError(), type: .number([2]), prediction: numbers.prediction,
    truth: numbers.truth, formula: mean { abs($0 - $1) }, best: ([2, -1], [2, -1], 0)),
  LossRow(
    loss: huber(0.75), type: .number([2]), prediction: numbers.prediction, truth: numbers.truth,
    formula: mean {
      abs($0 - $1) <= 0.75
        ? 0.5 * ($0 - $1) * ($0 - $1) : 0.75 * (abs($0 - $1) - 0.375)
    },
    best: ([2, -1], [2, -1], 0)),
  LossRow(
    loss: BinaryCrossEntropy(), type: .binary(positive: "yes"), prediction: [[0.5], [-3], [40]],
    truth: [[1], [0], [1]],
    formula: mean { x, t in -t * -log1p(exp(-x)) + (1 - t) * (x + log1p(exp(-x))) },
    // With a truth of one quarter the best logit is that of one quarter.
    best: ([-log(3)], [0.25], -0.25 * log(0.25) - 0.75 * log(0.75))),
  LossRow(
    loss: CrossEntropy(), type: .category(classes: ["a", "b", "c"]),
    prediction: [[0.5, -1, 2], [3, 3, 3], [-60, 0, 60]], truth: [[0], [2], [1]],
    formula: { x, t in log(x.reduce(0) { $0 + exp($1) }) - x[Int(t[0])] },
    best: ([0, 5, 0], [1], log1p(2 * exp(-5)))),
]

@Suite struct LossTests {
  /// The losses of samples whose predictions are a parameter.
  private static func graph(_ row: LossRow) -> (test: GraphCase, each: Value) {
    graph(row.loss, row.type, row.prediction, row.truth)
  }

  private static func graph(
    _ loss: any Loss, _ type: TargetType, _ prediction: [[Double]], _ truth: [[Double]]
  ) -> (test: GraphCase, each: Value) {
    var g = GraphBuilder(isTraining: true)
    let width = prediction[0].count
    let x = g.input("x", .batched([width]))
    let p = g.testParameter("p", [width])
    let target = g.input("t", ValueType(type.shape, isBatched: true, dataType: type.dataType))
    let moved = g.elementwise(.value(x) + .value(g.make(Broadcast(to: [width], axes: [0]), p)))
    let each = loss.lower(prediction: moved, target: target, &g)
    var test = g.ended(by: each, rows: prediction.count)
    test.data[p] = .init(repeating: 0, count: width)
    test.data[x] = Array(prediction.joined())
    test.data[target] = Array(truth.joined())
    return (test, each)
  }

  @Test private func `every loss has a row`() {
    #expect(Set(lossRows.map(\.word)) == Set(Catalogue.standard.losses.words))
  }

  @Test(arguments: lossRows)
  private func `a loss is its formula, for each sample`(_ row: LossRow) throws {
    let (test, each) = LossTests.graph(row)
    let expected = zip(row.prediction, row.truth).map { row.formula($0, $1) }
    #expect(test.graph.type(each) == .batched(.scalar))
    let values = try #require(evaluateReference(test)[each]).values
    #expect(difference(values, expected, tolerance: 1e-7, "losses") == nil)
    #expect(checkKernels(test, tolerance: 1e-5) == [])
  }

  @Test(arguments: lossRows)
  private func `its gradient is the slope of finite differences`(_ row: LossRow) {
    #expect(checkGradients(LossTests.graph(row).test) == [])
    for (prediction, truth) in zip(row.prediction, row.truth) {
      let one = LossTests.graph(row.loss, row.type, [prediction], [truth]).test
      #expect(checkGradients(one) == [])
    }
  }

  @Test(arguments: lossRows)
  private func `it is least where the prediction is right`(_ row: LossRow) throws {
    func loss(_ prediction: [Double]) throws -> Double {
      let (test, each) = LossTests.graph(row.loss, row.type, [prediction], [row.best.truth])
      return try #require(evaluateReference(test)[each]).values[0]
    }
    let least = try loss(row.best.prediction)
    #expect(abs(least - row.best.loss) < 1e-12)
    for index in row.best.prediction.indices {
      for step in [-0.5, -0.01, 0.01, 0.5] {
        var other = row.best.prediction
        other[index] += step
        // Logits of a category have no least loss, but towards the truth it falls.
        let isTowards = row.word == "cross_entropy" && (step > 0) == (index == 1)
        let moved = try loss(other)
        #expect(isTowards ? moved < least : moved > least)
      }
    }
  }

  @Test private func `probabilities come of logits`() throws {
    for (loss, expected) in [
      (BinaryCrossEntropy() as any Loss, [1 / (1 + exp(-0.5)), 1 / (1 + exp(2.0))]),
      (CrossEntropy(), [1 / (1 + exp(-2.5)), 1 / (1 + exp(2.5))]),
      (MeanSquaredError(), [0.5, -2]),
    ] {
      var g = GraphBuilder(isTraining: false)
      let x = g.input("x", .batched([2]))
      let y = loss.output(x, &g)
      let test = GraphCase(graph: g.graph, rows: 1, data: [x: [0.5, -2]])
      let values = try #require(evaluateReference(test)[y]).values
      #expect(difference(values, expected, tolerance: 1e-12, type(of: loss).word) == nil)
    }
  }

  @Test private func `a loss objects to a softmax or sigmoid that it has itself`() {
    let (softmax, sigmoid) = (Softmax(), Unary(.sigmoid))
    #expect(CrossEntropy().objection(toHeadMadeBy: softmax)?.help != nil)
    #expect(CrossEntropy().objection(toHeadMadeBy: sigmoid) == nil)
    #expect(BinaryCrossEntropy().objection(toHeadMadeBy: sigmoid)?.help != nil)
    #expect(BinaryCrossEntropy().objection(toHeadMadeBy: softmax) == nil)
    #expect(MeanSquaredError().objection(toHeadMadeBy: sigmoid) == nil)
  }

  @Test private func `an image is told to become a vector, a vector to be as wide as the target`() {
    func help(_ shape: Shape) -> String? {
      do {
        try CrossEntropy().check(LossTests.classes, prediction: shape)
        return nil
      } catch {
        return error.help
      }
    }
    #expect(help([2, 4, 4])?.contains("flatten") == true)
    #expect(help([4])?.contains("dense layer that names the target") == true)
  }

  struct Refusal: Sendable, CustomTestStringConvertible {
    let loss: any Loss
    let target: TargetType
    let prediction: Shape
    let parts: [String]

    var testDescription: String { "\(type(of: loss).word) of \(target)" }
  }

  private static let classes = TargetType.category(classes: ["a", "b", "c"])

  @Test(arguments: [
    Refusal(
      loss: MeanSquaredError(), target: classes, prediction: [3], parts: ["'mse'", "3 classes"]),
    Refusal(
      loss: MeanAbsoluteError(), target: classes, prediction: [3], parts: ["'mae'", "3 classes"]),
    Refusal(
      loss: Huber(), target: classes, prediction: [3], parts: ["'huber'", "3 classes"]),
    Refusal(
      loss: MeanSquaredError(), target: .number([4]), prediction: [3], parts: ["[4]", "[3]"]),
    Refusal(
      loss: BinaryCrossEntropy(), target: classes, prediction: [3],
      parts: ["'binary_cross_entropy'", "3 classes"]),
    Refusal(
      loss: BinaryCrossEntropy(), target: .binary(positive: "a"), prediction: [2],
      parts: ["1 output", "[2]"]),
    Refusal(
      loss: CrossEntropy(), target: .number([3]), prediction: [3],
      parts: ["'cross_entropy'", "3 numbers"]),
    Refusal(
      loss: CrossEntropy(), target: .binary(positive: "a"), prediction: [2],
      parts: ["'cross_entropy'", "a binary"]),
    Refusal(loss: CrossEntropy(), target: classes, prediction: [4], parts: ["3 classes", "[4]"]),
    Refusal(loss: CrossEntropy(), target: classes, prediction: [3, 1], parts: ["[3, 1]"]),
    Refusal(
      loss: CrossEntropy(), target: .category(classes: nil), prediction: [2, 2, 2],
      parts: ["[2, 2, 2]"]),
  ])
  private func `a loss refuses what it cannot compare`(_ refusal: Refusal) {
    do {
      try refusal.loss.check(refusal.target, prediction: refusal.prediction)
      Issue.record("accepted")
    } catch {
      for part in refusal.parts { #expect(error.message.contains(part), "\(error.message)") }
      #expect(!error.message.contains("0 classes"), "\(error.message)")
      #expect(error.help != nil)
    }
  }
}
