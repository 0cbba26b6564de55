import NNData
import NNGraph
import NNTraining
import Testing

/// Training with products in bf16 goes nearly as training in f32 does.
@Suite(.enabled(if: bfloat16Products != nil)) struct BFloat16TrainingTests {
  /// A model, how long it trains, and by how much its training loss may differ, as a share.
  struct Expectation: Sendable, CustomTestStringConvertible {
    let model: String
    let epochs: Int
    let share: Double

    var testDescription: String { model }
  }

  static let expectations = [
    Expectation(model: "digits", epochs: 5, share: 0.05),
    Expectation(model: "digits-cnn", epochs: 3, share: 0.1),
    Expectation(model: "char-lstm", epochs: 1, share: 0.02),
    Expectation(model: "char-gpt", epochs: 1, share: 0.02),
  ]

  @Test(arguments: expectations)
  func `the loss is nearly that of f32`(_ e: Expectation) throws {
    func loss(_ precision: String) throws -> Double {
      let run = try TrainedFile(e.model, epochs: e.epochs, precision: precision)
      return try #require(try run.trainer.evaluate(.validation)["loss"])
    }
    let (exact, rounded) = (try loss("f32"), try loss("bf16"))
    // The same bits would mean that nothing was rounded.
    #expect(rounded != exact)
    #expect(abs(rounded - exact) <= e.share * exact, "\(rounded), in f32 \(exact)")
  }
}
