import NNData
import NNTraining
import Testing

/// Every file in models/ trains and is as good as it says.
@Suite struct ModelTrainingTests {
  /// A model, a figure of its evaluation, and what it must reach with the file's own seed.
  struct Expectation: Sendable, CustomTestStringConvertible {
    let model: String
    let split: SplitName
    let figure: String
    let least: Double
    let greatest: Double
    /// Instead of the file's, for those that take long.
    let epochs: Int?

    init(
      _ model: String, on split: SplitName = .test, _ figure: String,
      atLeast least: Double = -.infinity, atMost greatest: Double = .infinity, epochs: Int? = nil
    ) {
      self.model = model
      self.split = split
      self.figure = figure
      self.least = least
      self.greatest = greatest
      self.epochs = epochs
    }

    var testDescription: String { "\(model): \(split) \(figure) from \(least) to \(greatest)" }
  }

  static let expectations = [
    Expectation("neuron", on: .train, "r2", atLeast: 0.9999),
    Expectation("xor", on: .train, "accuracy", atLeast: 1),
    Expectation("iris", "accuracy", atLeast: 0.9),
    Expectation("wine", "accuracy", atLeast: 0.9),
    Expectation("sqlite", "accuracy", atLeast: 0.9),
    Expectation("breast-cancer", "accuracy", atLeast: 0.93),
    Expectation("digits", "accuracy", atLeast: 0.95),
    Expectation("digits-cnn", "accuracy", atLeast: 0.97),
    Expectation("mnist-5k", "accuracy", atLeast: 0.95),
    Expectation("resnet20", "accuracy", atLeast: 0.85, epochs: 2),
    Expectation("autoencoder", "mse", atMost: 4),
    Expectation("moe", "accuracy", atLeast: 0.95),
    Expectation("photos", "accuracy", atLeast: 0.88),
    Expectation("siamese", "roc_auc", atLeast: 0.9),
    Expectation("novels", "accuracy", atLeast: 0.45),
    Expectation("party", "cohen_kappa", atLeast: 0.5),
    Expectation("sunspots", "quantile_coverage", atLeast: 0.6, atMost: 0.95),
    Expectation("co2", "mae", atMost: 0.45),
    Expectation("airline", "mae", atMost: 20),
    Expectation("char-lstm", on: .validation, "token_accuracy", atLeast: 0.35, epochs: 1),
    Expectation("char-gpt", on: .validation, "token_accuracy", atLeast: 0.25, epochs: 1),
    Expectation("diabetes", "r2", atLeast: 0.3),
    Expectation("two-by-two", "cultivar.accuracy", atLeast: 0.75),
  ]

  @Test(arguments: expectations)
  func `a model of the repository trains to what it promises`(_ e: Expectation) throws {
    let run = try TrainedFile(e.model, epochs: e.epochs)
    let figures = try run.trainer.evaluate(e.split)
    let value = try #require(figures[e.figure])
    #expect(value >= e.least)
    #expect(value <= e.greatest)
  }

  @Test func `every file in models is trained here`() throws {
    let names = Set(Self.expectations.map(\.model))
    #expect(try Set(modelNames()) == names)
  }
}
