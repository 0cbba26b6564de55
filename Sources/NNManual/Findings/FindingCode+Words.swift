/// Findings of keys, words and values, whatever section they stand in.
let wordCodes: [FindingCode] = [
  .init(
    "bad-name",
    "The name of a model or a layer becomes part of paths and tensors' names, so it has few signs.",
    "Use letters, digits, '_' and '-'; in a model's name also '.', not first.",
    "- {dense: 8, id: block.1}", "- {dense: 8, id: block_1}"),
  .init(
    "bad-setting",
    "What --set puts into a file has a place there: keys of mappings, and places in lists from 0.",
    "Name a key that is there or may be, or set all of what it is in."),
  .init(
    "conflicting-fields",
    "Fields that say the same in different ways, or against each other, do not stand together.",
    "Keep one of them.",
    "data: {source: flowers.csv, train: flowers.csv}", "data: {source: flowers.csv}"),
  .init(
    "late-schedule", "Each schedule of a list begins before training ends.",
    "Give those before it fewer steps, or train longer.",
    "schedule: [{linear: {start: 0.1, end: 1}, steps: 50000}, cosine]",
    "schedule: [{linear: {start: 0.1, end: 1}, steps: 500}, cosine]"),
  .init(
    "missing-field", "A field without a default must be given.", "Give it a value.",
    "- lstm: {layers: 2}", "- lstm: {units: 64, layers: 2}"),
  .init(
    "missing-kind", "An entry names a kind: a layer, a loss, a metric.",
    "Write the word of the kind.", "- {id: hidden}", "- {dense: 8, id: hidden}"),
  .init(
    "not-built", "The language has the word, but this version does not build it.",
    "Write what it stands for out.",
    "extends: base.yaml", "train: {epochs: 10}"),
  .init(
    "nothing-to-schedule",
    "A schedule of the momentum or the weight decay is of one that is there.",
    "Give the optimizer a momentum or a weight decay, or remove the schedule.",
    "optimizer: {sgd: 0.1, momentum_schedule: cosine}",
    "optimizer: {sgd: {lr: 0.1, momentum: 0.9}, momentum_schedule: cosine}"),
  .init(
    "out-of-range", "A number lies in the range of its field.",
    "nnc explain, with the word of the kind, tells the range.",
    "- dropout: 1.5", "- dropout: 0.15"),
  .init(
    "two-kinds", "One entry of a list names one kind.",
    "Give each its own entry: begin the second with '- '.",
    "- {dense: 8, dropout: 0.1}", "- dense: 8\n- dropout: 0.1"),
  .init(
    "unknown-activation", "An activation is one of those that the manual lists.",
    "nnc explain tells what a word means; Documentation/reference/activations.md lists them all.",
    "- activation: rellu", "- activation: relu"),
  .init(
    "unknown-field", "A kind or section has the fields it declares, and no others.",
    "Write one of its fields; keys such as id and from stand beside a layer, not inside.",
    "- dense: {unitz: 8}", "- dense: {units: 8}"),
  .init(
    "unknown-figure",
    "What is watched is the loss or a metric under 'metrics', of a part of the data that there is.",
    "Write validation.loss, or add the metric.",
    "checkpoint: {monitor: validation.acuracy}", "checkpoint: {monitor: validation.accuracy}"),
  .init(
    "unknown-initializer", "An initializer is one of those that the manual lists.",
    "Documentation/reference/initializers.md lists them all; glorot is also called Xavier, he "
      + "Kaiming.",
    "- dense: {units: 8, weight_init: xavier}",
    "- dense: {units: 8, weight_init: glorot_uniform}"),
  .init(
    "unknown-layer", "A layer is one of those that the manual lists.",
    "Documentation/reference/layers.md lists them all.", "- dens: 8", "- dense: 8"),
  .init(
    "unknown-loss", "A loss is one of those that the manual lists.",
    "Documentation/reference/losses.md lists them all.",
    "loss: crossentropy", "loss: cross_entropy"),
  .init(
    "unknown-metric", "A metric is one of those that the manual lists.",
    "Documentation/reference/metrics.md lists them all.",
    "metrics: [accurcy]", "metrics: [accuracy]"),
  .init(
    "unknown-optimizer", "An optimizer is one of those that the manual lists.",
    "Documentation/reference/optimizers.md lists them all.",
    "optimizer: {adamm: {lr: 1e-3}}", "optimizer: {adam: {lr: 1e-3}}"),
  .init(
    "unknown-scale", "A scaling is one of those that the manual lists.",
    "Documentation/reference/data.md lists them all.",
    "size: {columns: [length], scale: minmax}", "size: {columns: [length], scale: min_max}"),
  .init(
    "unknown-schedule", "A schedule is one of those that the manual lists.",
    "Documentation/reference/schedules.md lists them all.",
    "optimizer: {sgd: 0.1, schedule: cosin}", "optimizer: {sgd: 0.1, schedule: cosine}"),
  .init(
    "unknown-source", "A source is one of those that the manual lists, or a path.",
    "Documentation/reference/data.md lists them all; other tables are saved as CSV first.",
    "source: {parquet: flowers.parquet}", "source: {csv: flowers.csv}"),
  .init(
    "unknown-transform", "A transform is one of those that the manual lists.",
    "Documentation/reference/data.md lists them all.",
    "photo: {column: image, transforms: [mirror]}", "photo: {column: image, transforms: [flip]}"),
  .init(
    "unknown-version", "A file says which version of the language it is in, and this is version 1.",
    "Begin it with nnc: 1, or use a newer nnc.", "nnc: 2", "nnc: 1"),
  .init(
    "unordered-figure",
    "What is watched has better and worse values; of a figure such as confusion_matrix none is "
      + "better than another.", "Watch another figure.",
    "checkpoint: {monitor: validation.confusion_matrix}",
    "checkpoint: {monitor: validation.accuracy}"),
  .init(
    "unsupported-isa",
    "Training computes with the instruction set that the file names, on a processor that has it.",
    "Train on such a processor, or leave it out; the bytes may then be others.",
    "train: {isa: avx512}", "train: {isa: avx2}"),
  .init(
    "unsupported-precision",
    "Training in bf16 takes a processor with products of bf16 in AVX-512 or AMX.",
    "Train on such a processor, or in f32; evaluation and prediction are f32 everywhere.",
    "train: {precision: bf16}", "train: {precision: f32}"),
  .init(
    "wrong-type", "A value is of the type that its field expects.",
    "Write what the message expects. In YAML 1.2 only true and false are booleans, and what stands "
      + "in quotes is a text.", "train: {epochs: ten}", "train: {epochs: 10}"),
]
