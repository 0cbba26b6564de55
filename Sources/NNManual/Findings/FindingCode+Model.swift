/// Findings of layers, losses and metrics together.
let modelCodes: [FindingCode] = [
  .init(
    "ambiguous-input", "A layer takes one value, unless its own fields name several.",
    "Join the values first with concat, add or multiply, or name one with from:.",
    "- {dense: 8, from: [a, b]}", "- {concat: [a, b]}\n- dense: 8"),
  .init(
    "duplicate-id", "Layers, paths and inputs that can be named have different names.",
    "Give one of them another id.",
    "- {dense: 8, id: stem}\n- {dense: 8, id: stem}",
    "- {dense: 8, id: stem}\n- {dense: 8, id: head}"),
  .init(
    "duplicate-target", "Each target has one loss.", "Give the other loss its own target.",
    "loss: [{mse: {}, target: a}, {mae: {}, target: a}]",
    "loss: [{mse: {}, target: a}, {mae: {}, target: b}]"),
  .init(
    "index-input", "The index of a class is no quantity, so layers do not compute with it.",
    "Give the input encode: one_hot, or begin with a layer that looks indices up.",
    "glyph: {type: category, encode: index}", "glyph: {type: category, encode: one_hot}"),
  .init(
    "loss-mismatch",
    "A loss fits the kind and the width of its target, and is not applied to a head that applies "
      + "its function already.",
    "Take the loss for the target's type: cross_entropy for categories, binary_cross_entropy for "
      + "binaries, mse for numbers; end with as many units as the target needs.",
    "- dense: {units: species, activation: softmax}", "- dense: species"),
  .init(
    "metric-mismatch", "A metric fits the type of its target.",
    "Take one that can be told of such a target; the message lists them.",
    "metrics: [{accuracy: {}, target: price}]", "metrics: [{mae: {}, target: price}]"),
  .init(
    "missing-from", "With several inputs, the first layer says which one it takes.",
    "Write from: and the name of an input beside it.",
    "- dense: 8", "- {dense: 8, from: size}"),
  .init(
    "missing-head", "With several losses, each target has a layer that is as wide as it by name.",
    "End with - dense: and the target's name, or write from: beside the loss.",
    "- dense: 1", "- dense: price"),
  .init(
    "missing-target", "With several targets, a loss says which one it is about.",
    "Write target: beside the loss.", "loss: [mse]", "loss: [{mse: {}, target: price}]"),
  .init(
    "no-layers", "A model, or a layer that holds layers, has at least one.",
    "A single neuron is one layer: - dense: 1.", "model: []", "model: [{dense: 1}]"),
  .init(
    "not-a-class", "Rows are taken more often by the class that a target of them is.",
    "Name a category or a binary of one value a row.",
    "train: {epochs: 10, oversample: price}", "train: {epochs: 10, oversample: species}"),
  .init(
    "reference-cycle", "Data flows downwards: a layer takes what stands above it.",
    "Move the layer below the one it takes.",
    "- {dense: 8, from: late}\n- {dense: 8, id: late}",
    "- {dense: 8, id: late}\n- {dense: 8, from: late}"),
  .init(
    "shape-mismatch", "A layer takes values of the shape it computes with.",
    "nnc show prints the shape after each layer. Reshape the value, or change the sizes that do "
      + "not fit.", "- conv2d: 8", "- reshape: [1, 28, 28]\n- conv2d: 8"),
  .init(
    "stacked-head", "A layer follows the one that predicts a target, which is rarely meant.",
    "Name what it takes with from:; also if it is the head.",
    "- dense: species\n- dense: price",
    "- {dense: species, from: body}\n- {dense: price, from: body}"),
  .init(
    "too-many-layers", "A model has at most 10000 layers, those of repeat counted each time.",
    "Repeat fewer times."),
  .init(
    "unknown-reference", "from: names an input, a layer or a path that stands above.",
    "Write one of the names that the message lists.",
    "- {dense: 8, from: stemm}", "- {dense: 8, from: stem}"),
  .init(
    "unknown-target", "A loss, a metric or a width names a target of the data section.",
    "Write the target's name, or a number of units.", "- dense: spezies", "- dense: species"),
  .init(
    "unmixable",
    "Mixup mixes numbers, cutmix images of one size, and both want a loss that compares one "
      + "prediction with one target, so that the losses of two truths can be shared out.",
    "Give categories encode: one_hot, say mixup for what is no image, or leave it out.",
    "glyph: {type: category, encode: index}", "glyph: {type: category, encode: one_hot}"),
  .init(
    "unused-input", "Every input is taken by a layer.",
    "Take it with from:, or remove it from the data section."),
  .init(
    "unused-layer", "Every layer leads to a loss.",
    "Take it with from:, give it a loss, or remove it."),
  .init(
    "unused-part", "Every part of a split is taken by a layer.",
    "Take it with from:, or take the others alone with slice.",
    "- split: {left: 3, right: 5}\n- {dense: 8, from: left}", "- slice: {count: 3}\n- dense: 8"),
  .init(
    "unused-path", "Every path of a branch is joined again or has a loss.",
    "Take it with from: or a layer such as concat.",
    "- branch: {left: [{dense: 4}], right: [{dense: 4}]}\n- {dense: 8, from: left}",
    "- branch: {left: [{dense: 4}], right: [{dense: 4}]}\n- concat: [left, right]"),
  .init(
    "unused-target", "Every target has a loss.",
    "Add a loss with target: and its name, or remove the target."),
]
