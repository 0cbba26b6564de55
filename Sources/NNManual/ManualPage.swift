/// A page of the reference in Markdown.
package struct ManualPage: Sendable {
  /// Its file's name in the folder of the reference.
  package let name: String
  package let title: String
  /// With a line break at the end.
  package let content: String

  init(_ name: String, _ title: String, _ parts: [String]) {
    self.name = name
    self.title = title
    content = (["# \(title)", madeByProgram] + parts).joined(separator: "\n\n") + "\n"
  }
}

private let madeByProgram =
  "Made by `make docs` from the declarations in the source; do not edit by hand."

extension Manual {
  /// All pages, that with the list of the others first.
  package var pages: [ManualPage] {
    let pages = [
      ManualPage(
        "file.md", "The model file", [fileIntroduction] + sections(of: topSections)),
      ManualPage(
        "data.md", "Data",
        sections(of: ["data", "split", "windows", "inputs", "targets"])
          + [chapter(.source), chapter(.scale), chapter(.transform)].flatMap(kinds)),
      ManualPage(
        "layers.md", "Layers",
        [layersIntroduction, rows(chapter(.besideLayer))]
          + kinds(chapter(.structure)) + families(chapter(.layer))),
      page("activations.md", .activation),
      page("initializers.md", .initializer),
      ManualPage(
        "losses.md", "Losses",
        ["Under `loss`; several losses are a list.", rows(chapter(.besideLoss))]
          + entries(chapter(.loss))),
      ManualPage(
        "optimizers.md", "Optimizers",
        ["Under `optimizer`.", rows(chapter(.besideOptimizer))] + entries(chapter(.optimizer))
          + entriesWithFields(chapter(.besideOptimizer))),
      ManualPage(
        "schedules.md", "Schedules",
        [schedulesIntroduction, rows(chapter(.besideSchedule))] + entries(chapter(.schedule))),
      ManualPage(
        "training.md", "Training", sections(of: ["train", "early_stopping", "checkpoint"])),
      ManualPage(
        "metrics.md", "Metrics",
        [metricsIntroduction, rows(chapter(.besideMetric))] + entries(chapter(.metric))),
      ManualPage(
        "errors.md", "Findings", [findingsIntroduction] + FindingCode.groups.flatMap(group)),
    ]
    let list = pages.map { "- [\($0.title)](\($0.name))" }.joined(separator: "\n")
    let index = ManualPage("README.md", "The language", [indexIntroduction, list])
    return [index] + pages
  }

  private func page(_ name: String, _ category: ManualCategory) -> ManualPage {
    let chapter = chapter(category)
    return ManualPage(
      name, category.title,
      ["They stand \(category.place)."] + (chapter.map { entries($0) } ?? []))
  }

  private var topSections: [String] {
    [
      "nnc", "name", "description", "seed", "vars", "blocks", "model", "loss", "optimizer",
      "metrics",
    ]
  }

  private func sections(of words: [String]) -> [String] {
    let all = chapter(.section)?.entries ?? []
    return words.compactMap { word in all.first { $0.word == word } }.map { markdown($0, "##") }
  }

  private func kinds(_ chapter: Chapter?) -> [String] {
    guard let chapter else { return [] }
    return ["## \(chapter.category.title)\n\nThey stand \(chapter.category.place)."]
      + chapter.entries.map { markdown($0, "###") }
  }

  /// The kinds of a chapter under the names of their families.
  private func families(_ chapter: Chapter?) -> [String] {
    var parts: [String] = []
    var family: String?
    for entry in chapter?.entries ?? [] {
      if let name = entry.family, name != family { parts.append("## \(name)") }
      family = entry.family
      parts.append(markdown(entry, "###"))
    }
    return parts
  }

  private func entries(_ chapter: Chapter?) -> [String] {
    (chapter?.entries ?? []).map { markdown($0, "##") }
  }

  private func entriesWithFields(_ chapter: Chapter?) -> [String] {
    (chapter?.entries ?? []).filter { !$0.fields.isEmpty }.map { markdown($0, "##") }
  }

  /// Keys with what they mean.
  private func rows(_ chapter: Chapter?) -> String {
    guard let chapter else { return "" }
    let rows = chapter.entries.map { "| `\($0.word)` | \(escaped($0.summary)) | `\($0.example)` |" }
    return
      (["\(chapter.category.title)'s word may stand:", "", "| key | meaning | example |"]
      + ["| --- | --- | --- |"] + rows).joined(separator: "\n")
  }

  private func markdown(_ entry: ManualEntry, _ heading: String) -> String {
    var parts = ["\(heading) \(entry.word)", entry.summary]
    if !entry.fields.isEmpty { parts.append(table(entry.fields)) }
    parts.append(fenced(entry.example))
    return parts.joined(separator: "\n\n")
  }

  private func group(_ title: String, _ codes: [FindingCode]) -> [String] {
    ["## \(title)"]
      + codes.map { code in
        var parts = ["### \(code.code)", "\(code.rule) \(code.wayOut)"]
        if let example = code.example {
          parts += ["Instead of", fenced(example.wrong), "write", fenced(example.right)]
        }
        return parts.joined(separator: "\n\n")
      }
  }

  private func table(_ fields: [ManualField]) -> String {
    let rows = fields.map { field in
      let value = field.defaultText.map { "`\($0)`" } ?? (field.isRequired ? "" : "none")
      let cells = [
        "`\(field.name)`\(field.isPrincipal ? " *" : "")", field.expectation, value, field.help,
      ]
      return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }
    return (["| field | what | default | meaning |", "| --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n")
  }

  private func fenced(_ text: String) -> String { "```yaml\n\(text)\n```" }

  private func escaped(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : String($0) }.joined()
  }
}

// What no declaration says.

private let indexIntroduction = """
  Every word of a model file, with its fields, their defaults and ranges. `nnc explain WORD` prints \
  the same about one word.

  A kind is written in one of three forms: a bare word (`relu`), a word and its principal field \
  (`dropout: 0.1`), or a word and its fields (`dense: {units: 64, activation: relu}`). In the tables \
  the principal field is marked with *, and a field without a default must be given.
  """

private let fileIntroduction = """
  A model file is YAML 1.2, read strictly: `no` and `1:30` are texts, `1e-3` is a number, equal keys \
  are errors. Its keys are those below, `data` ([Data](data.md)), and `train` and `checkpoint` \
  ([Training](training.md)).
  """

private let layersIntroduction = """
  A list under `model`, each layer taking the one before it. Shapes are those of one sample.

  Tensors in a checkpoint are named by the way to them: `residual_1.dense_2.weight`, \
  `repeat_1.0.dense_1.bias`, `branch_1.left.conv2d_1.weight`, \
  `block_1.dense_1.weight`.
  """

private let schedulesIntroduction = """
  Under `schedule`, beside an optimizer's word: a factor on the learning rate, step by step; under \
  `momentum_schedule` on the momentum, under `weight_decay_schedule` on the weight decay.

  Several schedules follow each other as a list, in which all but the last say their `steps`. Each \
  counts its own steps, and the last takes those that are left.
  """

private let metricsIntroduction = """
  A list under `metrics`. Figures are exact over all samples, not means of batches; of sequences \
  every position counts whose class is known.
  """

private let findingsIntroduction = """
  What `nnc` tells about a file begins with a code, such as `error[unknown-field]`. This is what \
  each stands for.
  """
