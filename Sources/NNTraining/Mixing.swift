import NNDiagnostics
import NNEngine
import NNGraph
import NNModel
import NNTensor
import NNYAML

extension CheckedModel {
  /// How training mixes the samples of a batch; nil where it does not.
  var mixing: SampleMixing? {
    let train = file.spec.train
    guard train.mixes else { return nil }
    let inputs = lowered.graph.inputs
    let image = schema.inputs.lazy.compactMap(\.shape).first { $0.rank == 3 }
    return SampleMixing(
      mixup: train.mixup.map { BetaDistribution(alpha: $0) },
      cutmix: train.cutmix.map { BetaDistribution(alpha: $0) },
      frame: image.map { ($0[1], $0[2]) } ?? (1, 1),
      parts: inputs.map { part(of: $0.name) },
      weightPlace: inputs.firstIndex { $0.name == DataSchema.weightInput },
      seed: UInt64(file.spec.seed))
  }

  private func part(of name: String) -> SampleMixing.Part {
    if schema.inputs.contains(where: { $0.name == name }) { return .mixed }
    if name == DataSchema.shareInput { return .share }
    if name == DataSchema.partnerShareInput { return .partnerShare }
    for target in schema.targets {
      if name == DataSchema.partnerTarget(target.name) { return .partner }
      if name == "target.\(target.name)" { return target.type.isMixedItself ? .blended : .own }
    }
    return .own
  }
}

extension Reader {
  /// Reports samples that cannot be mixed as `train:` asks for.
  mutating func checkMixing(_ spec: ModelSpec, _ schema: DataSchema, _ root: YAMLNode) {
    let train = root.mapping?["train"]?.mapping
    let asked = ["mixup", "cutmix"].compactMap { word in train?[word].map { (word, $0.range) } }
    guard spec.train.mixes, let (word, place) = asked.first else { return }
    if spec.train.batch == 1 {
      error(
        "conflicting-fields", "'\(word)' mixes the samples of a batch, and a batch is one sample",
        at: place, help: "Make train.batch larger, or take \(word): out.")
      return
    }
    let indices = schema.inputs.filter { $0.dataType == .int32 }
    if !indices.isEmpty {
      let names = listed(indices.map { "'\($0.name)'" })
      error(
        "unmixable",
        indices.count == 1
          ? "'\(word)' mixes numbers, and the input \(names) is the index of a class"
          : "'\(word)' mixes numbers, and the inputs \(names) are indices of classes",
        at: place,
        help: "Give \(indices.count == 1 ? "it" : "them") encode: one_hot, or take \(word): out.",
        notes: indices.map { .init("an index", at: $0.range) })
      return
    }
    for loss in spec.losses {
      guard let kind = loss.loss, let refusal = refusal(of: kind) else { continue }
      error(
        "unmixable", "'\(type(of: kind).word)' \(refusal), so samples cannot be mixed", at: place,
        help: "Take \(word): out.", notes: [.init("the loss", at: loss.range)])
      return
    }
    if let (_, place) = asked.first(where: { $0.0 == "cutmix" }) {
      checkCutting(schema, at: place)
    }
  }

  private func refusal(of loss: any Loss) -> String? {
    if !loss.takesTarget || loss.valueCount > 1 {
      return "compares the model's values with each other"
    }
    return loss.form == .spelling ? "spells a sequence" : nil
  }

  private mutating func checkCutting(_ schema: DataSchema, at place: SourceRange) {
    let inputs = schema.inputs.compactMap { input in input.shape.map { (input, $0) } }
    if let (input, shape) = inputs.first(where: { $0.1.rank != 3 }) {
      error(
        "unmixable",
        "'cutmix' cuts images, [channels, height, width], and the input '\(input.name)' is \(shape)",
        at: place, help: "Say mixup, which mixes any numbers, or give the input type: image.",
        notes: [.init("the input", at: input.range)])
      return
    }
    if let (first, shape) = inputs.first,
      let (input, other) = inputs.first(where: { $0.1.sizes.dropFirst() != shape.sizes.dropFirst() }
      )
    {
      error(
        "unmixable",
        "'cutmix' cuts the same pixels out of every input, and '\(first.name)' is \(shape), "
          + "'\(input.name)' \(other)", at: place,
        help: "Resize one of them, or say mixup.", notes: [.init("the other", at: input.range)])
      return
    }
    if let target = schema.targets.first(where: \.type.isOfPlaces) {
      error(
        "unmixable",
        "'cutmix' gives an image the shares of two truths, and the target '\(target.name)' has one "
          + "for each place, \(target.type.described)", at: place,
        help: "Say mixup, or take cutmix: out.", notes: [.init("the target", at: target.range)])
    }
  }
}

extension TargetType {
  /// Whether it has values for places of a picture or a sequence, not for all of it.
  fileprivate var isOfPlaces: Bool {
    switch self {
    case .category(_, let shape): shape.rank > 0
    case .number(let shape): shape.rank > 1
    case .binary: false
    }
  }
}
