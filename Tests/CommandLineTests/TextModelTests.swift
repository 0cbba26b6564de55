import Foundation
import NNJSON
import Testing

/// Models of texts, from a table of them to predictions.
@Suite struct TextModelTests {
  private let program: Program
  private let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
    var rows = "note,review,mood\n"
    for index in 0..<120 {
      let isGood = index % 2 == 0
      let word = (isGood ? ["fine", "great", "lovely"] : ["dull", "poor", "bad"])[index % 3]
      let filler = ["film", "plot", "music", "story"][index / 2 % 4]
      let text = "a \(word) \(filler), seen \(index) times"
      rows += "\(index % 5),\"\(text)\",\(isGood ? "good" : "bad")\n"
    }
    try folder.write(rows, to: "reviews.csv")
  }

  private func model(_ input: String, _ layers: String, extra: String = "") -> String {
    """
    nnc: 1
    name: reviews
    seed: 3
    data:
      source: reviews.csv
      split: {train: 0.7, validation: 0.1, test: 0.2}
      inputs:
        review: {type: text, \(input)}
      targets:
        mood: {type: category}
    model:
      \(layers)
      - dense: mood
    loss: cross_entropy
    optimizer: {adamw: {lr: 2e-2}}
    train: {epochs: 15, batch: 16, shards: 4}
    metrics: [accuracy]
    \(extra)
    """
  }

  @Test(arguments: [
    (
      "length: 8, vocabulary: 40",
      "- {embedding: {units: 8, padding: 0}, from: review}\n  - sequence_pool: {mask: review}"
    ),
    (
      "split: characters, lower: true, length: 40, pad: start",
      "- {embedding: {units: 8, padding: 0}, from: review}\n  - lstm: 24"
    ),
    (
      "length: 7, cut: end",
      "- {embedding: {units: 8, padding: 0}, from: review}\n  - lstm: {units: 8, sequence: true}\n"
        + "  - sequence_pool: {function: last, mask: review}"
    ),
    ("ngrams: 2, buckets: 256", "- dense: {units: 4, activation: relu}"),
    ("split: characters, lower: true, ngrams: [2, 4], buckets: 512", "- dropout: 0.1"),
  ])
  func `what is trained evaluates and predicts the same, for any number of threads`(
    _ input: String, _ layers: String
  ) throws {
    try folder.write(model(input, layers), to: "reviews.yaml")
    var digests: Set<String> = []
    var trained: JSONValue?
    for threads in ["1", "2", "3"] {
      let result = try program.run(
        "train", "--json", "--threads", threads, "reviews.yaml", in: folder)
      try #require(result.code == 0, "\(result.errors)")
      trained = try result.json
      digests.insert(trained?["digest"]?.stringValue ?? "")
    }
    #expect(digests.count == 1)
    let test = trained?["metrics"]?["test"]
    #expect(try #require(test?["accuracy"]?.doubleValue) > 0.9)
    let checkpoint = try #require(trained?["checkpoint"]?.stringValue)
    let evaluated = try program.run(
      "evaluate", "--json", "--split", "test", checkpoint, in: folder)
    #expect(evaluated.code == 0, "\(evaluated.errors)")
    #expect(try evaluated.json["metrics"]?["loss"]?.doubleValue == test?["loss"]?.doubleValue)
    try folder.write("review\n\"a great film, seen 3 times\"\n\"A DULL plot\"\n", to: "new.csv")
    let predicted = try program.run("predict", checkpoint, "new.csv", in: folder)
    #expect(predicted.code == 0, "\(predicted.errors)")
    let lines = predicted.output.split(separator: "\n")
    #expect(lines.map { $0.prefix { $0 != "," } } == ["mood", "good", "bad"])
  }

  @Test func `what follows each piece is learnt and told for each place`() throws {
    var rows = "t\n"
    for index in 0..<60 {
      rows += "\((0..<(3 + index % 3)).map { "\((index + $0) % 6)" }.joined(separator: " "))\n"
    }
    try folder.write(rows, to: "tokens.csv")
    try folder.write(
      """
      nnc: 1
      name: tokens
      data:
        source: tokens.csv
        split: {train: 0.8, test: 0.2}
        inputs:
          t: {type: tokens, length: 5, vocabulary: 7, padding: 6}
        targets:
          next: {column: t, type: tokens, length: 5, vocabulary: 7, shift: 1}
      model:
        - embedding: {units: 8, padding: 6}
        - attention: {heads: 1, causal: true, mask: t, padding: 6}
        - dense: {units: 16, activation: relu}
        - dense: next
      loss: cross_entropy
      optimizer: {adam: 2e-2}
      train: {epochs: 40, batch: 8}
      metrics: [accuracy]
      """, to: "tokens.yaml")
    let result = try program.run("train", "--json", "tokens.yaml", in: folder)
    try #require(result.code == 0, "\(result.errors)")
    // Padding counts for nothing, so the next number is all there is to tell.
    let accuracy = try result.json["metrics"]?["test"]?["accuracy"]?.doubleValue
    #expect(try #require(accuracy) == 1)
    let checkpoint = try #require(try result.json["checkpoint"]?.stringValue)
    try folder.write("t\n\"2,3,4\"\n", to: "new.csv")
    let predicted = try program.run("predict", checkpoint, "new.csv", in: folder)
    let lines = predicted.output.split(separator: "\n")
    #expect(lines.first == "next.0,next.1,next.2,next.3,next.4")
    #expect(lines.last?.hasPrefix("3,4,5,") == true, "\(predicted.output)")
  }

  @Test func `the look tells how long texts are and how they begin`() throws {
    try folder.write(
      model(
        "length: 4, cut: end, vocabulary: 10",
        "- {embedding: {units: 2, padding: 0}, from: review}\n  - sequence_pool: {mask: review}"),
      to: "reviews.yaml")
    let document = try program.run("data", "--json", "reviews.yaml", in: folder).json
    let text = try #require(document["texts"]?.elements?.first)
    #expect(text["least"]?.integerValue == 6 && text["most"]?.integerValue == 6)
    #expect(text["cut_rows"]?.integerValue == 84 && text["indices"]?.integerValue == 10)
    #expect(text["sample"]?.elements?.count == 4)
    #expect(text["sample"]?.elements?.first?.stringValue == "a")
    // That texts differ is nothing to wonder at.
    #expect(document["concerns"]?.elements?.contains { $0["code"] == "identifier" } == false)
    let shown = try program.run("data", "reviews.yaml", in: folder).output
    #expect(shown.contains("6 … 6 words, median 6, 84 cut"))
  }

  @Test func `init makes a text of long and different words`() throws {
    let made = try program.run("init", "--from", "reviews.csv", "--target", "mood", in: folder)
    try #require(made.code == 0, "\(made.errors)")
    let text = try String(decoding: folder.bytes("reviews.yaml"), as: UTF8.self)
    #expect(text.contains("review: {column: review, type: text, split: words, length: 6,"))
    #expect(text.contains("sequence_pool: {function: mean, mask: review}"))
    let result = try program.run("train", "--json", "reviews.yaml", in: folder)
    #expect(result.code == 0, "\(result.errors)")
  }
}
