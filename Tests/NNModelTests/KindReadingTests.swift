import NNCatalogue
import NNDiagnostics
import NNModel
import NNYAML
import Testing

/// The three forms of a kind, its defaults, its ranges and its neighbours.
@Suite struct KindReadingTests {
  /// A kind written in a way, and what it must be read as.
  struct Form: Sendable, CustomTestStringConvertible {
    let text: String
    let units: Units
    var activation = "identity"
    var bias = true

    var testDescription: String { text }
  }

  @Test(arguments: [
    Form(text: "dense: 64", units: .count(64)),
    Form(text: "dense: {units: 64}", units: .count(64)),
    Form(text: "dense: species", units: .target("species")),
    Form(text: "dense: {units: 010}", units: .count(10)),
    Form(text: "dense: {units: 0x10, activation: relu}", units: .count(16), activation: "relu"),
    Form(
      text: "dense: {units: 3, activation: {leaky_relu: 0.2}, bias: false}", units: .count(3),
      activation: "leaky_relu", bias: false),
    Form(text: "dense:\n  units: 5\n  activation: tanh", units: .count(5), activation: "tanh"),
  ])
  func `every form of a kind is read`(_ form: Form) throws {
    let (layer, messages) = try read(form.text) { reader, node in
      reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect(messages == [])
    let dense = try #require(layer as? Dense)
    #expect(dense.units == form.units)
    #expect(type(of: dense.activation).word == form.activation)
    #expect(dense.bias == form.bias)
  }

  @Test func `a bare word has its defaults`() throws {
    let (optimizer, messages) = try read("adamw") { reader, node in
      reader.readKind(node, reader.catalogue.optimizers)?.instance
    }
    #expect(messages == [])
    let adamw = try #require(optimizer as? AdamW)
    #expect(adamw.lr == 1e-3)
    #expect(adamw.weightDecay == 0.01)
    #expect(adamw.beta1 == 0.9 && adamw.beta2 == 0.999)
  }

  @Test func `fields are written in snake case and numbers as YAML 1.2 has them`() throws {
    let (optimizer, messages) = try read("adamw: {lr: 1e-3, weight_decay: .5, eps: 1E-9}") {
      reader, node in reader.readKind(node, reader.catalogue.optimizers)?.instance
    }
    #expect(messages == [])
    let adamw = try #require(optimizer as? AdamW)
    #expect(adamw.lr == 1e-3)
    #expect(adamw.weightDecay == 0.5)
    #expect(adamw.eps == 1e-9)
    #expect(snakeCase("weightDecay") == "weight_decay")
    #expect(AdamW.fields.map(\.name) == ["lr", "beta1", "beta2", "eps", "weight_decay", "amsgrad"])
  }

  @Test(arguments: [
    "activation: {leaky_relu: 0.2}", "activation: {function: {leaky_relu: {slope: 0.2}}}",
  ])
  func `a kind in a principal field is written as anywhere`(_ text: String) throws {
    var reader = Reader(file: "a.yaml", catalogue: .standard)
    let node = try #require(parseYAML(SourceText(name: "a.yaml", text: text)).node)
    let layer = reader.readKind(node, reader.catalogue.layers)?.instance as? ActivationLayer
    #expect(reader.diagnostics.isEmpty)
    #expect((layer?.function as? LeakyReLU)?.slope == 0.2)
  }

  @Test func `a principal field takes a list, a pair or a mapping of its own`() throws {
    let (reshape, _) = try read("reshape: [1, 8, 8]") { reader, node in
      reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect((reshape as? ReshapeLayer)?.shape == [1, 8, 8])
    let (pool, _) = try read("max_pool2d: [2, 3]") { reader, node in
      reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect((pool as? MaxPool2d)?.kernel == Pair(2, 3))
    let (deep, _) = try read("max_pool3d: {kernel: [1, 2, 3], stride: 2}") { reader, node in
      reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect((deep as? MaxPool3d)?.kernel == Triple(1, 2, 3))
    #expect((deep as? MaxPool3d)?.stride == Triple(2, 2, 2))
    let (layer, messages) = try read("activation: {function: {elu: {alpha: 0.5}}}") {
      reader, node in reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect(messages == [])
    let elu = try #require((layer as? ActivationLayer)?.function as? ELU)
    #expect(elu.alpha == 0.5)
  }

  @Test func `neighbours are kept apart from the kind's own fields`() throws {
    let (found, messages) = try read("cross_entropy:\ntarget: species\nweight: 0.5") {
      reader, node in
      reader.readKind(node, reader.catalogue.losses, neighbours: ["target", "weight", "from"])
    }
    #expect(messages == [])
    #expect(found?.word == "cross_entropy")
    #expect(found?.neighbours.entries.map(\.key) == ["target", "weight"])
  }

  /// A kind with a mistake and all that must be said about it.
  struct Mistake: Sendable, CustomTestStringConvertible {
    let text: String
    let message: String

    var testDescription: String { text }
  }

  @Test(arguments: [
    Mistake(text: "dense: 0", message: "0 is out of range: it must be at least 1"),
    Mistake(
      text: "dense: 2.5", message: "expected a whole number, or the name of a target, found 2.5"),
    Mistake(text: "dense: {unitz: 2}", message: "'dense' has no field 'unitz'"),
    Mistake(
      text: "dense: {units: 2, bias: no}", message: "expected true or false, found the text 'no'"),
    Mistake(text: "dropout: 1", message: "1 is out of range: it must be from 0 to below 1"),
    Mistake(text: "dropout: 1:30", message: "expected a number, found the text '1:30'"),
    Mistake(
      text: "max_pool3d: [1, 2]",
      message: "expected a whole number, or [depth, height, width], found a list"),
    Mistake(
      text: "conv1d: {filters: 2, padding: some}",
      message: "expected same, valid or a whole number, found the text 'some'"),
    Mistake(
      text: "conv3d: {filters: 2, stride: [1, 0, 1]}",
      message: "0 is out of range: it must be at least 1"),
    Mistake(text: "dens: 2", message: "there is no layer 'dens'"),
    Mistake(text: "dense: 2\nunits: 3", message: "'units' cannot stand beside 'dense'"),
    Mistake(text: "flatten: 1", message: "'flatten' takes no value"),
    Mistake(text: "[dense]", message: "expected a layer, found a list"),
    Mistake(
      text: "conv2d: {filters: 9000000000}",
      message: "9000000000 is out of range: it must be at most 1000000000"),
    Mistake(
      text: "conv2d: {filters: 1, kernel: [3, 9000000000]}",
      message: "9000000000 is out of range: it must be at most 1000000000"),
  ])
  func `a mistake is told once`(_ mistake: Mistake) throws {
    let (layer, messages) = try read(mistake.text) { reader, node in
      reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect(layer == nil)
    #expect(messages == [mistake.message])
  }

  @Test func `what the YAML reports is not reported again as a wrong type`() throws {
    let (_, messages) = try read("dropout: 1e999") { reader, node in
      reader.readKind(node, reader.catalogue.layers)?.instance
    }
    #expect(messages == ["'1e999' is out of range for a number"])
  }

  @Test func `a section reads its optional fields and keeps the defaults of the others`() throws {
    let text = "{epochs: 3, early_stopping: {patience: 2}, log_every: null}"
    let (train, messages) = try read(text) { reader, node in
      node.mapping.flatMap {
        reader.readSection(TrainSpec.self, $0, owner: "'train'", at: node.range)
      }
    }
    #expect(messages == [])
    #expect(train?.epochs == 3)
    #expect(train?.batch == 32)
    #expect(train?.shuffle == true)
    #expect(train?.logEvery == nil)
    #expect(train?.earlyStopping?.monitor == "validation.loss")
    #expect(train?.earlyStopping?.patience == 2)
  }

  @Test func `seeds are names, so that they may be larger than any count`() {
    let outcome = model(
      "  - dense: y",
      rest: "seed: 9223372036854775807\nloss: mse\noptimizer: {sgd: 1}\ntrain: {epochs: 1}\n")
    #expect(outcome.messages == [])
    #expect(outcome.spec?.seed == .max)
  }
}

/// Reads a text with a part of the reader.
private func read<Value>(
  _ text: String, _ body: (inout Reader, YAMLNode) -> Value?
) throws -> (Value?, [String]) {
  let (node, problems) = parseYAML(SourceText(name: "model.yaml", text: text))
  var reader = Reader(file: "model.yaml", catalogue: .standard)
  reader.diagnostics = problems
  let value = body(&reader, try #require(node))
  return (value, reader.diagnostics.map(\.message))
}
