import NNData
import NNModel

private func section(
  _ word: String, _ summary: String, _ fields: [ManualField], _ example: String
) -> ManualEntry {
  ManualEntry(
    word: word, category: .section, summary: summary, fields: fields, example: example)
}

/// The sections of a model file, top down.
let sectionEntries: [ManualEntry] = [
  section("nnc", "The version of the language that a file is in; it must be given.", [], "nnc: 1"),
  section(
    "name", "The model's name, which its run folders are made under.", [], "name: iris"),
  section(
    "description", "What the model is for, shown by show and inspect.", [],
    "description: tells three species of iris apart"),
  section(
    "seed",
    "Where all random numbers come from: how rows are divided, weights begin, and values are "
      + "dropped. The same seed gives the same bytes.", [], "seed: 7"),
  section(
    "vars",
    "Values with names, for any place: ${width} is the value of width, ${width * 4} a number "
      + "computed from it with + - * / // % and parentheses. A quotient of whole numbers without a "
      + "rest is whole, and // rounds down. Inside a longer text the value is inserted; $${ is the "
      + "signs ${ themselves.", [],
    "vars: {width: 64, hidden: \"${width * 4}\", body: [{dense: 8}]}"),
  section(
    "data", "Where rows come from and how they become tensors.", DataFields.manualFields,
    """
    data:
      source: flowers.csv
      split: {train: 0.8, validation: 0.2}
      inputs:
        size: {columns: [length, width], scale: standard}
      targets:
        species: {column: species, type: category}
    """),
  section(
    "split", "How rows are divided, under data; the shares add up to 1.",
    SplitFields.manualFields, "split: {train: 0.7, validation: 0.15, test: 0.15}"),
  section(
    "windows",
    "Samples of rows that follow each other, under data: of each series, length rows that are known "
      + "and horizon rows behind them. An input is [length] of one column and [length, columns] of "
      + "several, unless shape says otherwise; a target is made of the horizon's rows. The parts of a "
      + "split are cut in time within each series, at one moment for all with split: {time: …}, or "
      + "are whole series with group; no row is in windows of two parts, but where inputs look back. "
      + "With missing: drop a window is left out if a value that it needs is missing. predict takes "
      + "the last rows of each series.",
    WindowFields.manualFields,
    """
    data:
      source: weather.csv
      windows: {length: 48, horizon: 6, time: hour, series: station}
      split: {train: 0.8, validation: 0.1, test: 0.1}
      inputs:
        past: {columns: [temperature, pressure], scale: standard}
        calendar: {column: hour, type: date, parts: [hour], cyclic: true, over: horizon}
      targets:
        temperature: {scale: standard, relative: last}
    """),
  section(
    "inputs",
    "What the network sees, under data: names, each with its columns and what is made of them. A "
      + "bare word or list is columns. Of a text, a word is a stretch of letters, marks and digits, "
      + "with single apostrophes inside, and a character is a code point; nothing is normalised. Its "
      + "indices are those of the most frequent pieces of the training rows behind 0, <pad>, and 1, "
      + "<unknown>; of equals the first by code point comes first. Its n-grams are words with a blank "
      + "between them, or characters, and each is counted in the bucket that is the 64-bit FNV-1a hash "
      + "of its UTF-8 bytes modulo the buckets.", InputFields.manualFields,
    """
    inputs:
      size: {columns: [length, width], scale: standard}
      review: {type: text, split: words, length: 64, vocabulary: 10000, cut: end}
      grams: {column: review, type: text, ngrams: 2, buckets: 16384}
    """),
  section(
    "targets", "What is to be predicted, under data: names, each with its columns.",
    TargetFields.manualFields, "targets: {species: {column: species, type: category}}"),
  section(
    "blocks",
    "Layers with names, to be used several times as - block: and the name. Under with stand a "
      + "block's parameters and their defaults, ~ for one that must be given; a default may be "
      + "computed from variables and from the parameters before it.", [],
    """
    blocks:
      wide:
        with: {units: ~, rate: 0.1}
        layers:
          - dense: ${units * 4}
          - dropout: ${rate}
          - dense: ${units}
    """),
  section(
    "model", "The layers in their order, each taking the one before it unless it says from.", [],
    """
    model:
      - dense: {units: 16, activation: relu}
      - dense: species
    """),
  section(
    "loss", "What training makes small; several losses, each of its own target, are a list.", [],
    "loss: cross_entropy"),
  section(
    "optimizer", "How parameters move against their gradients.", [],
    "optimizer: {adamw: {lr: 1e-3}, schedule: cosine}"),
  section(
    "train", "How long and how to train.", TrainSpec.manualFields,
    "train: {epochs: 100, batch: 16}"),
  section(
    "early_stopping", "When to stop before the last epoch, under train.",
    EarlyStopping.manualFields,
    "train: {epochs: 100, early_stopping: {monitor: validation.loss, patience: 10}}"),
  section(
    "metrics", "The figures to tell besides the loss, of each part of the data.", [],
    "metrics: [accuracy, f1]"),
  section(
    "checkpoint", "What is kept of a run.", CheckpointSpec.manualFields,
    "checkpoint: {monitor: validation.accuracy, every: 5}"),
]

private func structure(
  _ word: String, _ summary: String, _ fields: [ManualField], _ example: String
) -> ManualEntry {
  ManualEntry(
    word: word, category: .structure, summary: summary, fields: fields, example: example)
}

/// Words that hold layers; ``structureWords`` of the reader, and what is to come.
let structureEntries: [ManualEntry] = [
  structure(
    "residual", "Adds its input to what its layers make of it: x + f(x).",
    [
      ManualField(
        "project", "true or false",
        "Beside it: x goes through a learned matrix, or 1×1 convolution, to f(x)'s shape.")
    ],
    """
    - residual: [layer_norm, {dense: 64}]
      project: true
    """),
  structure(
    "repeat", "Stacks its layers so many times, each time with parameters of their own.",
    [ManualField("layers", "a list of layers", "Beside it: what is repeated; must be given.")],
    """
    - repeat: 3
      layers: [{dense: {units: 64, activation: relu}}]
    """),
  structure(
    "branch",
    "Named paths from here, to be joined by concat, add, multiply or another layer that takes "
      + "several.", [],
    """
    - branch: {left: [{dense: 8}], right: []}
    - concat: [left, right]
    """),
  structure(
    "split",
    "Named parts of a value along an axis, to be taken with from. A part of size -1 takes what the "
      + "others leave; a list of names makes parts of one size.",
    [
      ManualField(
        "axis", "a whole number, at least 0",
        "Beside it: the axis of a sample; channels of images and the last axis of others where not "
          + "given.")
    ],
    """
    - split: {left: 1, right: -1}
    - concat: [right, left]
    """),
  structure(
    "block",
    "The layers of a block of the section blocks, by its name; or a list of layers as one, to be "
      + "named, frozen or tied together.",
    [
      ManualField(
        "with", "a mapping of the block's parameters",
        "Beside the name of a block: what its parameters are here.")
    ],
    """
    - block: [{dense: 8}, {dropout: 0.1}]
      id: body
    """),
]

/// A key beside a kind's word.
private func key(
  _ category: ManualCategory, _ word: String, _ summary: String, _ example: String,
  fields: [ManualField] = []
) -> ManualEntry {
  ManualEntry(word: word, category: category, summary: summary, fields: fields, example: example)
}

let layerNeighbourEntries: [ManualEntry] = [
  key(
    .besideLayer, "id", "Names the layer; else its kind with a number, such as dense_1.",
    "- {dense: 16, id: stem}"),
  key(
    .besideLayer, "from",
    "Takes another layer's, a path's or an input's value instead of the one before; of a loss, "
      + "what predicts.", "- {dense: 16, from: stem}"),
  key(
    .besideLayer, "freeze", "With true the layer is not trained, nor anything inside.",
    "- {dense: 16, freeze: true}"),
  key(
    .besideLayer, "tie", "Shares the weights of another layer of the same shape.",
    "- {dense: 16, tie: stem}"),
  key(
    .besideLayer, "weight_norm",
    "With true the size of each output's weights is learned apart from their direction: "
      + "w = g · v / |v|.", "- {dense: 16, weight_norm: true}"),
  key(
    .besideLayer, "spectral_norm",
    "With true the weights are divided by their greatest singular value.",
    "- {dense: 16, spectral_norm: true}"),
]

let lossNeighbourEntries: [ManualEntry] = [
  key(
    .besideLoss, "target", "Which target the loss is about, where there are several.",
    "loss: [{mse: {}, target: price}, {cross_entropy: {}, target: species}]"),
  key(
    .besideLoss, "weight", "The loss's share in the sum of all losses.",
    "loss: [{mse: {}, target: price, weight: 0.5}, {mse: {}, target: size}]"),
  key(
    .besideLoss, "from",
    "What the loss takes: a layer, or a list of them for a loss that compares several; else the layer "
      + "that names the target, which is as wide as its loss wants, or the last one.",
    "loss: {contrastive: {}, from: [left, right]}"),
]

let optimizerNeighbourEntries: [ManualEntry] = [
  key(
    .besideOptimizer, "schedule", "How the learning rate changes, step by step.",
    "optimizer: {sgd: 0.1, schedule: cosine}"),
  key(
    .besideOptimizer, "momentum_schedule",
    "How the momentum changes, step by step; of adam and its relatives, beta1.",
    "optimizer: {sgd: {lr: 0.1, momentum: 0.9}, momentum_schedule: cosine}"),
  key(
    .besideOptimizer, "weight_decay_schedule", "How the weight decay changes, step by step.",
    "optimizer: {adamw: {lr: 1e-3}, weight_decay_schedule: cosine}"),
  key(
    .besideOptimizer, "clip_norm", "The greatest Euclidean norm of all gradients together.",
    "optimizer: {adam: {}, clip_norm: 1}"),
  key(
    .besideOptimizer, "clip_value", "The greatest absolute value of a gradient's element.",
    "optimizer: {adam: {}, clip_value: 0.5}"),
  key(
    .besideOptimizer, "clip_adaptive",
    "Clips the gradient of each unit, a row of a weight or a filter, by the unit's own length; "
      + "before clip_norm, and that before clip_value.",
    "optimizer: {sgd: 0.1, clip_adaptive: 0.01}", fields: AdaptiveClipping.manualFields),
  key(
    .besideOptimizer, "groups",
    "Parameters with numbers of their own: a list, and each parameter belongs to the first group "
      + "that matches its name. Schedules count from the group's lr.",
    "optimizer: {adamw: 1e-3, groups: [{match: \"*.bias\", weight_decay: 0}]}",
    fields: [
      ManualField(
        "match", "a pattern, or a list of patterns",
        "Names as a checkpoint has them, such as dense_1.bias; * stands for any characters and ? "
          + "for one. Must be given."),
      ManualField("freeze", "true or false", "With true the group is not trained."),
      ManualField(
        "any field of the optimizer", "as there", "Takes the place of the optimizer's."),
    ]),
  key(
    .besideOptimizer, "lookahead",
    "Slow weights that go a share of the way to the trained ones every few steps, which then go on "
      + "from there.", "optimizer: {adamw: 1e-3, lookahead: 5}", fields: Lookahead.manualFields),
  key(
    .besideOptimizer, "ema",
    "An exponential average of the weights, which is what is evaluated and kept; running "
      + "statistics stay those of training.", "optimizer: {adamw: 1e-3, ema: 0.999}",
    fields: ExponentialAverage.manualFields),
  key(
    .besideOptimizer, "swa",
    "The mean of the weights at the ends of epochs, which is what is evaluated and kept from its "
      + "start on; running statistics stay those of training.",
    "optimizer: {sgd: 0.1, swa: {start: 50}}", fields: StochasticAverage.manualFields),
  key(
    .besideOptimizer, "l1",
    "Adds l1 · Σ|w| of all weights, not biases and not norms, to what is made small; the reported "
      + "loss leaves it out.", "optimizer: {adam: {}, l1: 1e-5}"),
  key(
    .besideOptimizer, "l2",
    "Adds l2 · Σ w² of all weights, not biases and not norms, to what is made small; the reported "
      + "loss leaves it out.", "optimizer: {adam: {}, l2: 1e-4}"),
]

let metricNeighbourEntries: [ManualEntry] = [
  key(
    .besideMetric, "target",
    "Which target the figure is about; else every one that it can be told of.",
    "metrics: [{mae: {}, target: price}]"),
  key(
    .besideMetric, "id", "What the figure is called instead of its word, for two of one kind.",
    "metrics: [{accuracy: {}, id: hits}]"),
]

let scheduleNeighbourEntries: [ManualEntry] = [
  key(
    .besideSchedule, "warmup",
    "Steps over which the rate first rises along a line to where the schedule begins; may also be "
      + "written inside. schedule: {warmup: 20} alone keeps the full rate afterwards.",
    "optimizer: {sgd: 0.1, schedule: {cosine: {}, warmup: 20}}"),
  key(
    .besideSchedule, "warmup_from",
    "The share of that from which the rate rises, 0 where not given.",
    "optimizer: {sgd: 0.1, schedule: {cosine: {}, warmup: 20, warmup_from: 0.1}}"),
  key(
    .besideSchedule, "steps", "In a list, how many steps it lasts, its warm-up included.",
    "optimizer: {sgd: 0.1, schedule: [{linear: {start: 0.1, end: 1}, steps: 100}, cosine]}"),
]
