import NNDiagnostics
import Testing

@Suite struct SuggestionTests {
  private static let fields = [
    "units", "activation", "bias", "weight_decay", "learning_rate", "lr", "kernel", "padding",
    "stride", "dilation", "id", "from", "layer_norm", "batch_norm", "relu", "gelu", "elu",
  ]

  static let cases: [(String, String?)] = [
    ("unitz", "units"),
    ("unts", "units"),
    ("untis", "units"),
    ("uints", "units"),
    ("activaton", "activation"),
    ("actviation", "activation"),
    ("weightDecay", "weight_decay"),
    ("weight-decay", "weight_decay"),
    ("Weight Decay", "weight_decay"),
    ("LayerNorm", "layer_norm"),
    ("act", "activation"),
    ("pad", "padding"),
    ("units_count", "units"),
    ("le", "lr"),
    ("RELU", "relu"),
    ("rel", "relu"),
    ("kernal", "kernel"),
    ("x", nil),
    ("", nil),
    ("--", nil),
    ("banana", nil),
    ("zzz", nil),
  ]

  @Test(arguments: cases)
  func `the nearest word is suggested if it is near`(_ word: String, _ expected: String?) {
    #expect(nearest(to: word, among: Self.fields) == expected)
  }

  @Test func `ties go to the word given first`() {
    #expect(nearest(to: "bat", among: ["cat", "hat"]) == "cat")
    #expect(nearest(to: "bat", among: ["hat", "cat"]) == "hat")
    #expect(nearest(to: "convolve", among: ["convolver", "convolved"]) == "convolver")
  }

  @Test func `a smaller distance wins over an earlier word`() {
    #expect(nearest(to: "momentun", among: ["momenta", "momentum"]) == "momentum")
  }

  @Test func `the word itself is never suggested`() {
    #expect(nearest(to: "relu", among: ["relu"]) == nil)
  }

  @Test func `very long words cost little`() {
    let long = String(repeating: "a", count: 1_000_000)
    let time = ContinuousClock().measure {
      _ = nearest(to: long, among: [long + "b", "units", "activation"])
    }
    #expect(time < .seconds(5))
  }

  @Test func `the words beside the caret name the candidate`() {
    #expect(didYouMean("units") == "did you mean 'units'?")
    #expect(didYouMean("unitz", among: Self.fields) == "did you mean 'units'?")
    #expect(didYouMean("banana", among: Self.fields) == nil)
  }
}
