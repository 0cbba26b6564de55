import Glibc
import NNCatalogue
import NNGraph
import NNModel
import NNTensor
import NNTestSupport
import Testing

@Suite struct LossTests {
  /// The losses of samples whose predictions are moved by parameters.
  private static func graph(
    _ row: LossRow, _ values: [[[Double]]]? = nil, _ truth: [[Double]]? = nil
  ) -> (test: GraphCase, each: Value) {
    let values = values ?? row.values
    let truth = truth ?? row.truth
    var g = GraphBuilder(isTraining: true)
    var data: [Value: [Double]] = [:]
    let moved = values.enumerated().map { index, samples in
      let shape = row.shape ?? [samples[0].count]
      let x = g.input("x\(index)", .batched(shape))
      let p = g.testParameter("p\(index)", shape)
      data[x] = Array(samples.joined())
      data[p] = .init(repeating: 0, count: shape.count)
      let spread = g.make(Broadcast(to: shape, axes: Array(0..<shape.rank)), p)
      return g.elementwise(.value(x) + .value(spread))
    }
    let target = row.type.map { type in
      (g.input("t", ValueType(type.shape, isBatched: true, dataType: type.dataType)), type)
    }
    if let target { data[target.0] = Array(truth.joined()) }
    let each = row.loss.lower(LossSite(values: moved, target: target), &g)
    var test = g.ended(by: each, rows: values[0].count)
    for (value, numbers) in data { test.data[value] = numbers }
    return (test, each)
  }

  @Test private func `every loss has a row`() {
    #expect(Set(lossRows.map(\.word)) == Set(Catalogue.standard.losses.words))
    #expect(Set(lossRows.map(\.name)).count == lossRows.count)
  }

  @Test(arguments: lossRows)
  private func `a loss is its formula, for each sample`(_ row: LossRow) throws {
    let (test, each) = LossTests.graph(row)
    let expected = row.formula(row.values, row.truth)
    #expect(test.graph.type(each) == .batched(.scalar))
    let values = try #require(evaluateReference(test)[each]).values
    #expect(difference(values, expected, tolerance: 1e-7, "losses") == nil)
    let shards = test.graph.needsWholeBatch ? [row.rows] : nil
    #expect(checkKernels(test, shards: shards, tolerance: 1e-5) == [])
  }

  @Test(arguments: lossRows)
  private func `its gradient is the slope of finite differences`(_ row: LossRow) {
    #expect(checkGradients(LossTests.graph(row).test) == [])
    for sample in 0..<row.rows {
      let one = LossTests.graph(
        row, row.values.map { [$0[sample]] }, row.truth.isEmpty ? [] : [row.truth[sample]])
      #expect(checkGradients(one.test) == [])
    }
  }

  @Test(arguments: lossRows.filter { $0.best != nil })
  private func `it is least where the prediction is right`(_ row: LossRow) throws {
    let best = try #require(row.best)
    func loss(_ prediction: [Double]) throws -> Double {
      let (test, each) = LossTests.graph(row, [[prediction]], [best.truth])
      return try #require(evaluateReference(test)[each]).values[0]
    }
    let least = try loss(best.prediction)
    #expect(abs(least - best.loss) < 1e-12)
    for index in best.prediction.indices {
      for step in [-0.5, -0.01, 0.01, 0.5] {
        var other = best.prediction
        other[index] += step
        // Logits of a category have no least loss, but towards the truth it falls.
        let isTowards = row.word == "cross_entropy" && (step > 0) == (index == 1)
        let moved = try loss(other)
        #expect(isTowards ? moved < least : moved > least)
      }
    }
  }

  @Test(arguments: lossRows)
  private func `a hundred on either side overflows nowhere`(_ row: LossRow) throws {
    for pattern in [[100.0], [-100], [100, -100], [-100, 100, 0]] {
      let values = row.values.enumerated().map { index, samples in
        samples.map { sample in sample.indices.map { pattern[($0 + index) % pattern.count] } }
      }
      let test = LossTests.graph(row, values).test
      let result = try execute(test.differentiated, shardRows: row.rows, threads: 1)
      let outputs = result.outputs.flatMap { $0 }
      let gradients = result.gradients.values.flatMap { $0 }
      #expect(outputs.allSatisfy { $0.isFinite }, "\(pattern): \(outputs)")
      #expect(gradients.allSatisfy { $0.isFinite }, "\(pattern): \(gradients)")
    }
  }

  struct Output: Sendable, CustomTestStringConvertible {
    let loss: any Loss
    let type: TargetType
    let shape: Shape
    let values: [[Double]]
    let expected: [Double]
    var expectedShape: Shape?
    var deviation: [Double]?

    var testDescription: String { "\(Swift.type(of: loss).word) of \(values)" }
  }

  @Test(arguments: [
    Output(
      loss: BinaryCrossEntropy(), type: .number([2]), shape: [2], values: [[0.5, -2]],
      expected: [1 / (1 + exp(-0.5)), 1 / (1 + exp(2.0))]),
    Output(
      loss: CrossEntropy(), type: .category(classes: ["a", "b"]), shape: [2], values: [[0.5, -2]],
      expected: [1 / (1 + exp(-2.5)), 1 / (1 + exp(2.5))]),
    Output(
      loss: MeanSquaredError(), type: .number([2]), shape: [2], values: [[0.5, -2]],
      expected: [0.5, -2]),
    Output(
      loss: PoissonLoss(), type: .number([2]), shape: [2], values: [[0.5, 61]],
      expected: [exp(0.5), exp(60.0) * 2]),
    Output(
      loss: GaussianLikelihood(), type: .number([2]), shape: [4],
      values: [[3, 2 * log(5.0), -1, 0]], expected: [3, -1], deviation: [5, 1]),
    Output(
      loss: with(QuantileLoss()) { $0.quantiles = Quantiles([0.1, 0.9]) }, type: .number([2]),
      shape: [4], values: [[1, 2, 3, 4]], expected: [1, 2, 3, 4], expectedShape: [2, 2]),
    Output(
      loss: QuantileLoss(), type: .number([2]), shape: [2], values: [[1, 2]], expected: [1, 2],
      expectedShape: [2]),
    Output(
      loss: Ordinal(), type: .category(classes: ["a", "b", "c"]), shape: [2],
      values: [[log(3), -log(3)]], expected: [0.25, 0.75 * 0.75, 0.75 * 0.25], expectedShape: [3]),
    Output(
      loss: FocalLoss(), type: .binary(positive: "yes"), shape: [1], values: [[log(3)]],
      expected: [0.75]),
    Output(
      loss: DiceLoss(), type: .category(classes: ["a", "b"]), shape: [2], values: [[log(3), 0]],
      expected: [0.75, 0.25]),
    Output(
      loss: Hinge(), type: .binary(positive: "yes"), shape: [1], values: [[0]], expected: [0.5]),
    Output(
      loss: with(Contrastive()) { $0.margin = 2 }, type: .binary(positive: "yes"), shape: [2],
      values: [[3, 4], [3, 5]], expected: [0.5], expectedShape: [1]),
    Output(
      loss: Contrastive(), type: .binary(positive: "yes"), shape: [2], values: [[3, 4], [30, 5]],
      expected: [0], expectedShape: [1]),
    Output(
      loss: with(CosineEmbedding()) { $0.margin = 0.2 }, type: .binary(positive: "yes"),
      shape: [2], values: [[1, 0], [0.6, 0.8]], expected: [0.5], expectedShape: [1]),
  ])
  private func `what is predicted comes of what the model gives`(_ row: Output) throws {
    var g = GraphBuilder(isTraining: false)
    let inputs = row.values.indices.map { g.input("x\($0)", .batched(row.shape)) }
    let y = row.loss.output(inputs, of: row.type, &g)
    let deviation = row.loss.deviation(inputs, of: row.type, &g)
    let test = GraphCase(
      graph: g.graph, rows: 1, data: Dictionary(uniqueKeysWithValues: zip(inputs, row.values)))
    let results = evaluateReference(test)
    if let shape = row.expectedShape { #expect(g.shape(y) == shape) }
    let values = try #require(results[y]).values
    #expect(difference(values, row.expected, tolerance: 1e-7, "prediction") == nil)
    #expect((deviation == nil) == (row.deviation == nil))
    if let deviation, let expected = row.deviation {
      let values = try #require(results[deviation]).values
      #expect(difference(values, expected, tolerance: 1e-7, "deviation") == nil)
    }
  }

  @Test private func `a layer that names its target is as wide as the loss wants`() {
    let classes = LossTests.classes
    let several = with(QuantileLoss()) { $0.quantiles = Quantiles([0.1, 0.5, 0.9]) }
    #expect(several.width(of: .number([4])) == 12)
    #expect(GaussianLikelihood().width(of: .number([4])) == 8)
    #expect(Ordinal().width(of: classes) == 2)
    #expect(CTCLoss().width(of: classes) == 4)
    #expect(CrossEntropy().width(of: classes) == 3)
    #expect(Ordinal().width(of: .category(classes: nil)) == nil)
    #expect(CTCLoss().width(of: .category(classes: nil)) == nil)
  }

  @Test private func `what has no class counts for nothing`() throws {
    let losses: [any Loss] = [
      CrossEntropy(), with(CrossEntropy()) { $0.labelSmoothing = 0.5 }, FocalLoss(),
      CategoricalHinge(),
    ]
    for loss in losses {
      let row = LossRow(
        loss, LossTests.classes, [[1, 2, 3]], [[-1]], each: { _, _ in 0 })
      let (test, each) = LossTests.graph(row)
      #expect(evaluateReference(test)[each]?.values == [0])
      let result = try execute(test.differentiated, shardRows: 1, threads: 1)
      #expect(result.gradients["p0"] == [0, 0, 0])
    }
  }

  @Test private func `a loss objects to a softmax or sigmoid that it has itself`() {
    let (softmax, sigmoid) = (Softmax(), Unary(.sigmoid))
    let ofLogits: [(any Loss, softmax: Bool, sigmoid: Bool)] = [
      (CrossEntropy(), true, false), (KLDivergence(), true, false), (CTCLoss(), true, false),
      (CategoricalHinge(), true, false), (BinaryCrossEntropy(), false, true),
      (Ordinal(), false, true), (Hinge(), false, true), (SquaredHinge(), false, true),
      (FocalLoss(), true, true), (DiceLoss(), true, true), (TverskyLoss(), true, true),
      (MeanSquaredError(), false, false), (Contrastive(), false, false),
    ]
    for (loss, objectsToSoftmax, objectsToSigmoid) in ofLogits {
      let word = type(of: loss).word
      #expect((loss.objection(toHeadMadeBy: softmax)?.help != nil) == objectsToSoftmax, "\(word)")
      #expect((loss.objection(toHeadMadeBy: sigmoid)?.help != nil) == objectsToSigmoid, "\(word)")
      let other = loss.objection(toHeadMadeBy: Unary(.relu))
      #expect(other == nil)
    }
  }

  @Test private func `an image is told to become a vector, a vector to be as wide as the target`() {
    func help(_ shape: Shape) -> String? {
      do {
        try CrossEntropy().check(LossTests.classes, values: [shape])
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
    let target: TargetType?
    let values: [Shape]
    let parts: [String]

    init(loss: any Loss, target: TargetType, prediction: Shape, parts: [String]) {
      self.init(loss: loss, target: target, values: [prediction], parts: parts)
    }

    init(loss: any Loss, target: TargetType?, values: [Shape], parts: [String]) {
      self.loss = loss
      self.target = target
      self.values = values
      self.parts = parts
    }

    var testDescription: String { "\(type(of: loss).word) of \(parts)" }
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
    Refusal(loss: CrossEntropy(), target: classes, prediction: [], parts: ["3 classes", "[]"]),
    Refusal(
      loss: CrossEntropy(), target: .category(classes: ["a", "b"], shape: [4]), prediction: [3, 2],
      parts: ["2 classes", "[4]", "[3, 2]"]),
    Refusal(
      loss: with(CrossEntropy()) { $0.classWeights = ClassWeights([1, 2]) }, target: classes,
      prediction: [3], parts: ["2 class_weights", "3 classes"]),
    Refusal(
      loss: with(CrossEntropy()) { $0.classWeights = ClassWeights(["d": 2]) }, target: classes,
      prediction: [3], parts: ["'class_weights'", "'d'"]),
    Refusal(
      loss: with(CrossEntropy()) { $0.ignore = "pad" }, target: classes, prediction: [3],
      parts: ["'ignore'", "'pad'"]),
    Refusal(
      loss: with(FocalLoss()) { $0.alpha = 0.25 }, target: classes, prediction: [3],
      parts: ["'alpha'", "3 classes"]),
    Refusal(
      loss: with(FocalLoss()) { $0.classWeights = ClassWeights([1, 2]) },
      target: .binary(positive: "a"), prediction: [1], parts: ["'class_weights'", "a binary"]),
    Refusal(
      loss: with(QuantileLoss()) { $0.quantiles = Quantiles([0.1, 0.9]) }, target: .number([2]),
      prediction: [2], parts: ["4 outputs", "2 for each", "[2]"]),
    Refusal(
      loss: with(QuantileLoss()) { $0.quantiles = Quantiles([0.1, 0.1]) }, target: .number([2]),
      prediction: [4], parts: ["0.1", "twice"]),
    Refusal(
      loss: QuantileLoss(), target: .binary(positive: "a"), prediction: [1],
      parts: ["'quantile'", "a binary"]),
    Refusal(
      loss: GaussianLikelihood(), target: .number([1]), prediction: [1],
      parts: ["2 outputs", "[1]"]),
    Refusal(
      loss: GaussianLikelihood(), target: classes, prediction: [3], parts: ["'gaussian_nll'"]),
    Refusal(
      loss: RootMeanSquaredErrorLoss(), target: classes, prediction: [3], parts: ["'rmse'"]),
    Refusal(loss: Hinge(), target: .number([1]), prediction: [1], parts: ["'hinge'", "a number"]),
    Refusal(loss: DiceLoss(), target: .number([4]), prediction: [3], parts: ["[4]", "[3]"]),
    Refusal(loss: DiceLoss(), target: classes, prediction: [2], parts: ["3 classes", "[2]"]),
    Refusal(
      loss: CategoricalHinge(), target: .binary(positive: "a"), prediction: [1],
      parts: ["'categorical_hinge'", "a binary"]),
    Refusal(
      loss: KLDivergence(), target: .number([1]), prediction: [1],
      parts: ["'kl_divergence'", "a number"]),
    Refusal(loss: KLDivergence(), target: .number([3]), prediction: [2], parts: ["[3]", "[2]"]),
    Refusal(loss: Ordinal(), target: classes, prediction: [3], parts: ["2 outputs", "[3]"]),
    Refusal(loss: Ordinal(), target: .number([1]), prediction: [1], parts: ["'ordinal'"]),
    Refusal(loss: CTCLoss(), target: classes, prediction: [5, 4], parts: ["'ctc'", "a sequence"]),
    Refusal(
      loss: CTCLoss(), target: .category(classes: ["a", "b"], shape: [4]), prediction: [6, 2],
      parts: ["[times, 3]", "[6, 2]"]),
    Refusal(
      loss: CTCLoss(), target: .category(classes: ["a", "b"], shape: [4]), prediction: [3, 3],
      parts: ["4 labels", "3 times"]),
    Refusal(
      loss: Contrastive(), target: .number([1]), values: [[4], [4]],
      parts: ["'contrastive'", "a number"]),
    Refusal(
      loss: Contrastive(), target: .binary(positive: "a"), values: [[4], [3]],
      parts: ["'contrastive'", "[4]", "[3]"]),
    Refusal(loss: Triplet(), target: nil, values: [[4], [4], [5]], parts: ["'triplet'", "[5]"]),
    Refusal(loss: NTXent(), target: nil, values: [[2, 2], [2, 2]], parts: ["'nt_xent'"]),
  ])
  private func `a loss refuses what it cannot compare`(_ refusal: Refusal) {
    do {
      try refusal.loss.check(refusal.target, values: refusal.values)
      Issue.record("accepted")
    } catch {
      for part in refusal.parts { #expect(error.message.contains(part), "\(error.message)") }
      #expect(!error.message.contains("0 classes"), "\(error.message)")
      #expect(error.help != nil)
    }
  }
}
