/// A model file drawn by a seed over the catalogue: what a run that goes on must not forget.
struct DrawnModel {
  let text: String
  let usesBFloat16: Bool

  /// The rows that all of them are trained on.
  static let table: String = {
    var draw = Draw(seed: 99)
    var text = (1...16).map { "p\($0)" }.joined(separator: ",") + ",weight,size,kind\n"
    for _ in 0..<240 {
      let pixels = (1...16).map { _ in draw.below(256) }
      let kind = pixels[0] + pixels[5] > 256 ? "light" : pixels[3] > 128 ? "mixed" : "dark"
      text += pixels.map(String.init).joined(separator: ",")
      text += ",\(1 + draw.below(3)),\(Double(pixels[1] + pixels[2]) / 100),\(kind)\n"
    }
    return text
  }()

  /// - epochs: so many that a run takes about as long as it should.
  init(seed: Int, epochs: Int) {
    var draw = Draw(seed: UInt64(seed))
    let isImage = draw.below(2) == 0
    let hasSize = draw.below(2) == 0
    let transforms = draw.one(of: [
      "flip", "{shift: 0.25}", "{cutout: 2}", "{rotate: 20}",
    ])
    let input =
      isImage
      ? "{columns: p*, type: image, shape: [1, 4, 4], scale: {factor: 0.004}, "
        + "transforms: [\(transforms)]}"
      : "{columns: p*, scale: \(draw.one(of: ["standard", "robust", "quantile"]))}"
    var layers: [String] = []
    if isImage {
      layers.append("{conv2d: {filters: 4, kernel: 3, padding: same}}")
      if draw.below(2) == 0 { layers.append("batch_norm") }
      layers += ["{activation: \(draw.one(of: ["relu", "silu", "gelu"]))}", "flatten"]
    } else {
      layers.append("{dense: {units: 16, activation: \(draw.one(of: ["relu", "tanh", "mish"]))}}")
      if draw.below(2) == 0 { layers.append(draw.one(of: ["layer_norm", "batch_norm"])) }
    }
    if draw.below(2) == 0 { layers.append("{dropout: 0.2}") }
    if draw.below(3) == 0 { layers.append("{gaussian_noise: 0.1}") }
    layers.append("{id: trunk, dense: {units: 8, activation: relu}}")
    layers.append("{dense: kind, from: trunk}")
    if hasSize { layers.append("{dense: size, from: trunk}") }
    let optimizer = draw.one(of: [
      "sgd: {lr: 1e-2, momentum: 0.9, nesterov: true}", "adamw: {lr: 2e-3, weight_decay: 0.01}",
      "adam: {lr: 1e-3, amsgrad: true}", "rmsprop: 1e-3", "lion: 1e-4", "adafactor: {lr: 1e-3}",
      "muon: {lr: 1e-3}", "schedule_free_adamw: {lr: 1e-3}", "radam: 1e-3", "lamb: 1e-3",
    ])
    let schedule = draw.one(of: [
      "", "\n  schedule: {cosine: {warmup: 10}}", "\n  schedule: {step: {every: 7, gamma: 0.9}}",
      "\n  schedule: {reduce_on_plateau: {monitor: train.loss, patience: 2}}",
      "\n  schedule: one_cycle",
    ])
    let follower = draw.one(of: [
      "", "\n  ema: {decay: 0.99}", "\n  lookahead: {every: 5}", "\n  swa: {start: 3}",
      "\n  clip_norm: 1",
    ])
    let isFree = optimizer.hasPrefix("schedule_free")
    let extra = draw.one(of: ["", ", accumulate: 2", ", shuffle: false", ", log_every: 3"])
    let bf16 = draw.below(4) == 0
    usesBFloat16 = bf16
    let policy = draw.one(of: ["", ", on_nan: rollback", ", on_nan: skip"])
    let mixing = draw.below(3) == 0 && !bf16 ? ", mixup: 0.2" : ""
    let stopping =
      draw.below(3) == 0 ? ", early_stopping: {monitor: validation.loss, patience: 40}" : ""
    text = """
      nnc: 1
      name: drawn
      seed: \(seed)
      data:
        source: drawn.csv
        split: {train: 0.7, validation: 0.3\(draw.below(2) == 0 ? ", stratify: kind" : "")}
        inputs: {x: \(input)}
        targets:
          kind: {column: kind, type: category}
          \(hasSize ? "size: {column: size, scale: standard}" : "")
        \(draw.below(2) == 0 ? "weight: weight" : "")
      model: [\(layers.joined(separator: ", "))]
      loss:
        - cross_entropy: {}
          target: kind
        \(hasSize ? "- mse: {}\n    target: size" : "")
      optimizer:
        \(optimizer)\(isFree ? "" : schedule)\(
          isFree ? "" : follower)
      train: {epochs: \(epochs), batch: \(8 + draw.below(40))\(extra)\(mixing)\(stopping)\(policy)\(
        bf16 ? ", precision: bf16" : "")}
      \(draw.below(2) == 0 ? "checkpoint: {every_steps: 2}" : "")
      metrics: [accuracy]

      """
  }
}

/// Numbers that follow from a seed (SplitMix64).
struct Draw {
  private var state: UInt64

  init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

  mutating func word() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var z = state
    z = (z ^ (z >> 30)) &* 0xBF58_476D_1CE4_E5B9
    z = (z ^ (z >> 27)) &* 0x94D0_49BB_1331_11EB
    return z ^ (z >> 31)
  }

  mutating func below(_ bound: Int) -> Int { Int(word() % UInt64(bound)) }
  mutating func one<Element>(of elements: [Element]) -> Element { elements[below(elements.count)] }
  /// From 0 to below 1.
  mutating func share() -> Double { Double(word() >> 11) * 0x1p-53 }
}
