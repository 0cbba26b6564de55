/// Findings of the text as YAML.
let textCodes: [FindingCode] = [
  .init(
    "bad-block-text", "The text of a block that '|' or '>' begins stands on the lines below it.",
    "Begin the text on the next line, indented; or put quotes around a text that has the sign.",
    "description: | many flowers", "description: |\n  many flowers"),
  .init(
    "bad-encoding", "A file is encoded in UTF-8.", "Save it as UTF-8 in your editor."),
  .init(
    "bad-escape", "In double quotes a backslash begins an escape that YAML knows, such as \\n.",
    "Write \\\\ for a backslash, or use single quotes, in which nothing is escaped.",
    #"description: "C:\data""#, "description: 'C:\\data'"),
  .init(
    "bad-indentation", "The entries of one mapping or list begin in the same column.",
    "Indent the line like the entries around it.",
    "train:\n  epochs: 10\n    batch: 4", "train:\n  epochs: 10\n  batch: 4"),
  .init(
    "bad-key", "A key is a text, not a list, a mapping or nothing.", "Write a word as the key.",
    "? [name]\n: iris", "name: iris"),
  .init(
    "bad-merge", "'<<' merges mappings into the one it stands in.",
    "Write '<<: *name', or '<<: [*first, *second]', where the anchors name mappings.",
    "train: {<<: 10, batch: 4}", "train: {<<: {epochs: 10}, batch: 4}"),
  .init(
    "bad-tag", "A value with a tag such as !!int is of that type.",
    "Remove the tag, or write a value of its type.", "batch: !!int ten", "batch: !!int 10"),
  .init(
    "bad-utf8", "A file is encoded in UTF-8, and some bytes are not.",
    "Save it as UTF-8; it may be in an older encoding such as Latin-1."),
  .init(
    "control-character", "A text has no control characters but tabs and line breaks.",
    "Remove the character at this place; it may not be seen in your editor."),
  .init(
    "duplicate-key", "A key stands in a mapping once.", "Remove one, or rename it.",
    "train: {epochs: 10, epochs: 20}", "train: {epochs: 20}"),
  .init(
    "file-too-large",
    "A model file has at most 16 MiB, and what a data file decompresses to is bounded too.",
    "Keep data in data files and name them under 'data'."),
  .init(
    "key-too-long", "A key has at most 1024 characters.",
    "Shorten it. A quote or a bracket may be missing before."),
  .init(
    "mismatched-bracket", "Brackets and braces are closed by their own kind, innermost first.",
    "Close it with the bracket that fits.", "metrics: [accuracy}", "metrics: [accuracy]"),
  .init(
    "misplaced-dash", "'- ' begins an entry of a list, which cannot stand among keys.",
    "Put the list under a key, or leave the '- ' out.",
    "name: iris\n- loss: mse", "name: iris\nloss: mse"),
  .init(
    "missing-colon", "Each entry of a mapping is 'key: value'.",
    "Write the colon and a space behind the key.", "seed: 7\nloss mse\n", "seed: 7\nloss: mse"),
  .init(
    "missing-comma", "Entries in brackets and braces stand between commas.", "Write the comma.",
    "train: {epochs: 10 \"batch\": 4}", "train: {epochs: 10, \"batch\": 4}"),
  .init(
    "missing-dash", "Every entry of a list begins with '- '.",
    "Begin the line with '- ', or indent it under the entry above.",
    "model:\n  - dense: 8\n  -dense: species", "model:\n  - dense: 8\n  - dense: species"),
  .init(
    "missing-space", "A colon that ends a key is followed by a space.",
    "Write 'key: value'. Put quotes around a text that has a colon.",
    "train: {epochs:10, batch: 4}", "train: {epochs: 10, batch: 4}"),
  .init(
    "number-out-of-range", "Whole numbers fit into 64 bits, others into a double.",
    "Write a smaller number, or quotes around a text of digits.",
    "seed: 99999999999999999999", "seed: 99999999"),
  .init("out-of-memory", "Reading takes memory that the system does not give.", "Free some."),
  .init(
    "recursive-alias", "An alias names what stands before it, not what it stands in.",
    "Write out what is meant.", "model: &all [residual: *all]", "model: [residual: [dense: 8]]"),
  .init(
    "reserved-character", "A text without quotes cannot begin with a sign that YAML reserves.",
    "Put quotes around it.", "name: %flowers", "name: \"%flowers\""),
  .init(
    "scalar-too-long", "A single value of a model file has a bounded length.",
    "Keep data in data files and name them under 'data'."),
  .init(
    "second-colon", "On one line a key has one value, which is no 'key: value' itself.",
    "Put it on the next line, indented, or in braces. Put quotes around a text that has a colon.",
    "loss: huber: 2", "loss: {huber: 2}"),
  .init(
    "several-documents", "A file holds one document.",
    "Put what follows '---' into a file of its own, or remove the line.",
    "seed: 7\n---\nloss: mse", "seed: 7\nloss: mse"),
  .init(
    "tab-indentation", "Tabs cannot indent YAML.", "Indent with spaces, two for each level.",
    "train:\n\tepochs: 10", "train:\n  epochs: 10"),
  .init(
    "too-deep", "Values are nested at most 100 levels deep.",
    "Close the brackets that were left open, or use repeat."),
  .init(
    "too-many-nodes", "A file has at most a million values once its aliases are replaced.",
    "Use fewer aliases of aliases."),
  .init(
    "too-many-problems", "Only the first problems of a text are told.",
    "Mend these; the rest often goes away with them."),
  .init(
    "unclosed-bracket", "What '[' or '{' opens is closed again.",
    "Write the closing bracket.", "metrics: [accuracy", "metrics: [accuracy]"),
  .init(
    "unclosed-quote", "A text that begins with a quote ends with the same one.",
    "Write the closing quote. In a table a quote inside quotes is written twice.",
    "name: \"iris", "name: \"iris\""),
  .init(
    "unexpected-text", "Nothing follows a value on its line.",
    "Put quotes around the whole value, or begin a new line.",
    "metrics: [accuracy] f1", "metrics: [accuracy, f1]"),
  .init(
    "unknown-alias", "'*name' stands for the value that '&name' marks above it.",
    "Move the anchor above its first alias, or write the value.", "batch: *size", "batch: 16"),
  .init(
    "unknown-directive", "The only directive is '%YAML 1.2'.",
    "Remove the line. A text that begins with '%' needs quotes."),
  .init(
    "unknown-tag", "The tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq.",
    "Remove the tag.", "batch: !!number 10", "batch: 10"),
  .init(
    "yaml-syntax", "The text is not YAML, for a reason that has no code of its own.",
    "Put quotes around a text that has signs such as ':', '#', '{' or '['."),
]
