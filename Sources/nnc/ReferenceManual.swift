import ArgumentParser
import NNCatalogue
import NNData
import NNModel

struct ReferenceManual: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reference",
    abstract: "Prints the language reference, made from the declarations of all kinds.",
    discussion: """
        nnc reference > Documentation/reference.md
      """)

  func run() {
    let catalogue = Catalogue.standard
    var page = MarkdownPage()
    page.text(Chapter.introduction)
    page.section("data", "Where rows come from and how they become tensors.", DataFields.fields)
    page.section("data.split", "How rows are divided; the shares add up to 1.", SplitFields.fields)
    page.section(
      "data.inputs.NAME",
      "An input: columns and what is made of them. A bare word or list is columns.",
      InputFields.fields)
    page.section("data.targets.NAME", "A target: what is to be predicted.", TargetFields.fields)
    page.kinds("Sources", "source", DataCatalogue.sources)
    page.kinds("Scaling", "scale", DataCatalogue.scales)
    page.text(Chapter.structures)
    page.kinds("Layers", "layer", catalogue.layers)
    page.kinds("Activations", "activation", catalogue.activations)
    page.kinds("Initializers", "weight_init, bias_init", catalogue.initializers)
    page.kinds("Losses", "loss", catalogue.losses)
    page.text(Chapter.lossNeighbours)
    page.kinds("Optimizers", "optimizer", catalogue.optimizers)
    page.text(Chapter.optimizerNeighbours)
    page.kinds("Schedules", "schedule", catalogue.schedules)
    page.text(Chapter.scheduleNeighbours)
    page.section("train", "How long and how to train.", TrainSpec.fields)
    page.section(
      "train.early_stopping", "When to stop before the last epoch.", EarlyStopping.fields)
    page.kinds("Metrics", "metrics", catalogue.metrics)
    page.text(Chapter.metricNeighbours)
    page.section("checkpoint", "What is kept of a run.", CheckpointSpec.fields)
    Console.out(page.content)
  }
}

/// The parts of the reference that no declaration says.
private enum Chapter {
  static let introduction = """
    # The language

    Made by `make docs` from the declarations in the source; do not edit by hand.

    A model file is YAML 1.2, read strictly: `no` and `1:30` are texts, `1e-3` is a number, equal \
    keys are errors. Its keys are `nnc` (the language's version, 1), `name`, `description`, `seed`, \
    `data`, `model`, `loss`, `optimizer`, `train`, `metrics` and `checkpoint`.

    A kind is written in one of three forms: a bare word (`relu`), a word and its principal field \
    (`dropout: 0.1`), or a word and its fields (`dense: {units: 64, activation: relu}`). In the \
    tables the principal field is marked with *, and a field without a default must be given.
    """

  static let structures = """
    ## model

    A list of layers, each taking the one before it. Beside a layer's word may stand:

    | key | meaning |
    | --- | --- |
    | `id` | names the layer; else its kind with a number: `dense_1`, `dense_2` |
    | `from` | takes another layer's, a branch's or an input's value instead of the one before |
    | `freeze` | `true`: not trained, with all inside |

    Layers that hold layers:

    | form | meaning |
    | --- | --- |
    | `residual: [...]` | x + f(x); with `project: true` beside it, x goes through a learned matrix \
    (or 1×1 convolution) to f(x)'s shape |
    | `repeat: 3` with `layers: [...]` beside it | the layers three times, each with parameters of its own |
    | `branch: {left: [...], right: [...]}` | named paths from here, to be joined by `concat`, `add` or `multiply` |

    Tensors in a checkpoint are named by the way to them: `residual_1.dense_2.weight`, \
    `repeat_1.0.dense_1.bias`, `branch_1.left.conv2d_1.weight`.
    """

  static let lossNeighbours = """
    Beside a loss may stand `target` (which target it is about, where there are several), `weight` \
    (its share in the sum) and `from` (what predicts, else the layer that is as wide as the target \
    by name, else the last one). Several losses are a list.
    """

  static let metricNeighbours = """
    Beside a metric may stand `target` (which target it is about; else every one that it can be told \
    of) and `id` (what its figure is called instead of its word, for two of one kind). Figures are \
    exact over all samples, not means of batches; of sequences every position counts whose class is \
    known.
    """

  static let optimizerNeighbours = """
    Beside an optimizer may stand:

    | key | meaning |
    | --- | --- |
    | `schedule` | how the learning rate changes, step by step |
    | `momentum_schedule` | how the momentum changes; of Adam and its relatives, beta1 |
    | `weight_decay_schedule` | how the weight decay changes |
    | `clip_norm` | the greatest Euclidean norm of all gradients together |
    | `clip_value` | the greatest absolute value of a gradient's element |
    | `l1`, `l2` | add l1·Σ\\|w\\| and l2·Σw² of all weights (not biases, not norms) to what is \
    made small; the reported loss leaves them out |
    """
}

extension Chapter {
  fileprivate static let scheduleNeighbours = """
    A schedule is a factor on the learning rate, step by step (under `momentum_schedule` on the \
    momentum, under `weight_decay_schedule` on the weight decay). Beside its word may stand:

    | key | meaning |
    | --- | --- |
    | `warmup` | steps over which the rate first rises along a line to where the schedule begins; \
    may also be written inside; `schedule: {warmup: 20}` alone keeps the full rate afterwards |
    | `warmup_from` | the share of that from which it rises, 0 where not given |
    | `steps` | in a list, how many steps it lasts, its warm-up included |

    Several schedules follow each other as a list, in which all but the last say their `steps`: \
    `schedule: [{linear: {start: 0.1, end: 1}, steps: 100}, cosine]`. Each counts its own steps, and \
    the last takes those that are left.
    """
}

/// A page of headings and tables in Markdown.
private struct MarkdownPage {
  private var parts: [String] = []

  var content: String { parts.joined(separator: "\n\n") }

  mutating func text(_ text: String) { parts.append(text) }

  mutating func section(
    _ title: String, _ summary: String, _ fields: [(name: String, field: any AnyField)]
  ) {
    parts.append("## \(title)\n\n\(summary)\n\n\(table(fields))")
  }

  mutating func kinds<Instance>(_ title: String, _ key: String, _ registry: Registry<Instance>) {
    parts.append("## \(title)\n\nUnder `\(key)`.")
    for entry in registry.entries {
      var text = "### \(entry.word)\n\n\(entry.summary)"
      if !entry.type.fields.isEmpty { text += "\n\n" + table(entry.type.fields) }
      parts.append(text)
    }
  }

  private func table(_ fields: [(name: String, field: any AnyField)]) -> String {
    let rows = fields.map { name, field in
      let range = field.range.map { ", \($0.words)" } ?? ""
      let value = field.defaultText.map { "`\($0)`" } ?? (field.isRequired ? "" : "none")
      let cells = [
        "`\(name)`\(field.isPrincipal ? " *" : "")", field.expectation + range, value, field.help,
      ]
      return "| " + cells.map(escaped).joined(separator: " | ") + " |"
    }
    return (["| field | what | default | meaning |", "| --- | --- | --- | --- |"] + rows)
      .joined(separator: "\n")
  }

  private func escaped(_ text: String) -> String {
    text.map { $0 == "|" ? "\\|" : String($0) }.joined()
  }
}
