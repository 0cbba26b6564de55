/// Findings of variables, expressions and blocks.
let expansionCodes: [FindingCode] = [
  .init(
    "bad-expression",
    "What stands in ${…} is made of numbers, names, + - * / // % and parentheses.",
    "Write such an expression, or $${ for the signs themselves.",
    "- dense: ${width x 2}", "- dense: ${width * 2}"),
  .init(
    "block-cycle", "A block does not hold itself, nor a block that holds it.",
    "Write repeat for layers that follow each other several times.",
    "blocks: {deep: {layers: [{dense: 8}, {block: deep}]}}",
    "blocks: {deep: {layers: [{repeat: 3, layers: [{dense: 8}]}]}}"),
  .init(
    "division-by-zero", "An expression does not divide by zero.",
    "Compute with another number.", "- dense: ${64 / 0}", "- dense: ${64 / 2}"),
  .init(
    "missing-parameter", "A parameter of a block whose default is ~ is given where it is used.",
    "Give it under with, beside the block.",
    "- block: wide", "- {block: wide, with: {units: 8}}"),
  .init(
    "unknown-block", "A block is one of those under blocks.",
    "Write the name of one, or define it.", "- block: wid", "- block: wide"),
  .init(
    "unknown-parameter", "What is given to a block is one of its parameters.",
    "Write one of those that stand under the block's with.",
    "- {block: wide, with: {unitz: 8}}", "- {block: wide, with: {units: 8}}"),
  .init(
    "unknown-variable",
    "A name in ${…} is one of the variables, or in a block one of its parameters.",
    "Write the name of one, or define it under vars.",
    "- dense: ${widht}", "- dense: ${width}"),
  .init(
    "unused-block", "A block is used by a layer.",
    "Use it with - block: and its name, or remove it."),
  .init(
    "unused-parameter", "A parameter is read by its block's layers.",
    "Read it with ${…}, or remove it.",
    "blocks: {wide: {with: {units: 8}, layers: [{dense: 8}]}}",
    "blocks: {wide: {with: {units: 8}, layers: [{dense: \"${units}\"}]}}"),
  .init(
    "unused-variable", "A variable is read somewhere.", "Read it with ${…}, or remove it."),
  .init(
    "variable-cycle",
    "A variable is not computed from itself, nor from one that is computed from it.",
    "Give one of them a value.",
    "vars: {width: \"${depth * 2}\", depth: \"${width / 2}\"}",
    "vars: {width: \"${depth * 2}\", depth: 4}"),
]
