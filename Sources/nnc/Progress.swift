import NNCheckpoint
import NNData
import NNJSON
import NNModel
import NNTraining

/// Tells how training goes, on standard error: a live bar on a terminal, a line an epoch
/// otherwise, or JSON.
struct Progress {
  private let name: String
  private let log: Train.Log
  private let threads: Int
  private let isLive: Bool
  private let start = monotonicSeconds()
  private var lastShown = 0.0
  private var samples = 0
  /// Steps that were taken before, of a run that goes on.
  private var stepsBefore = 0
  private var validation = ""
  private var hasBar = false

  init(_ name: String, log: Train.Log, threads: Int) {
    self.name = name
    self.log = log
    self.threads = threads
    isLive = Console.isLive && log == .text
  }

  mutating func begin(_ trainer: Trainer, _ data: PreparedData) {
    stepsBefore = trainer.step
    guard log == .text else { return }
    let parts = SplitName.allCases.compactMap { split in
      data.splits[split].map { "\(grouped($0.count)) \(split.rawValue)" }
    }
    let samples = data.preprocessing.windows == nil ? "rows" : "windows"
    Console.error(
      """
      \(name): \(parts.joined(separator: ", ")) \(samples); \(grouped(trainer.totalSteps)) steps of \
      \(trainer.stepSamples) in \(trainer.totalEpochs) epochs; \(threads) \
      thread\(threads == 1 ? "" : "s")
      """)
    if let target = trainer.model.file.spec.train.oversample {
      Console.error(
        "note: an epoch takes \(grouped(trainer.epochRows.count)) rows, all classes of \(target) "
          + "equally often")
    }
    if trainer.batch < trainer.model.file.spec.train.batch {
      Console.error(
        "note: a batch is all \(grouped(trainer.batch)) training \(samples); there are no more")
    }
  }

  mutating func show(_ event: TrainingEvent) {
    switch event {
    case .step(let report): show(report)
    case .epoch(let report): show(report)
    case .skipped(let divergence):
      warn("\(divergence.words); the step is left out", divergence.json)
    case .rolledBack(let report):
      let place = report.epoch == 0 ? "the beginning" : "the end of epoch \(report.epoch)"
      warn(
        "\(report.because.words); training goes back to \(place), the learning rate times "
          + "\(figure(report.rateFactor)) from here on", report.json)
    }
  }

  private func warn(_ words: String, _ json: JSONValue) {
    if hasBar { Console.live("\r\u{1B}[K") }
    Console.error(log == .json ? json.serialized() : "warning: \(words)")
  }

  private mutating func show(_ report: StepReport) {
    samples += report.samples
    guard isLive else { return }
    let now = monotonicSeconds()
    guard now - lastShown >= 0.1 else { return }
    lastShown = now
    draw(report, now)
  }

  private mutating func show(_ report: EpochReport) {
    if log == .json {
      Console.error(report.json.serialized())
      return
    }
    validation = figuresText(report)
    if !isLive { Console.error(line(report)) }
  }

  mutating func end(_ end: TrainingEnd, _ trainer: Trainer) {
    guard log == .text else { return }
    if hasBar { Console.live("\r\u{1B}[K") }
    let seconds = monotonicSeconds() - start
    let what =
      switch end {
      case .completed: "trained \(trainer.epoch) epochs"
      case .stoppedEarly(let best):
        "stopped early after \(trainer.epoch) epochs, none better since epoch \(best),"
      case .interrupted: "interrupted in epoch \(trainer.epoch), after \(trainer.step) steps"
      }
    let speed = scaled(Double(samples) / max(seconds, 1e-9), "")
    Console.error("\(what) in \(duration(seconds)), \(speed) samples/s\n")
  }

  // MARK: Lines

  private func line(_ report: EpochReport) -> String {
    let total = String(report.epochs)
    let number = String(report.epoch)
    let padding = String(repeating: " ", count: max(total.count - number.count, 0))
    return "epoch \(padding)\(number)/\(total)  loss \(figure(report.trainLoss))"
      + (report.validation == nil ? "" : "  \(figuresText(report))")
      + (report.isBest ? "  best" : "")
  }

  private func figuresText(_ report: EpochReport) -> String {
    guard let figures = report.validation else { return "" }
    return "validation "
      + figures.numbers.prefix(3).map { "\($0.name) \(figure($0.value))" }.joined(separator: " ")
  }

  /// `epoch 12/100 ━━━━──── loss 0.1234  validation loss 0.2 accuracy 0.9  12k samples/s  3 s left`
  private mutating func draw(_ report: StepReport, _ now: Double) {
    let elapsed = now - start
    let left = elapsed / Double(report.step - stepsBefore) * Double(report.steps - report.step)
    // The window may have been resized since.
    let width = max(Console.width - 1, 20)
    let head = "epoch \(report.epoch)/\(report.epochs) "
    let loss = " loss \(figure(report.meanLoss))"
    let time = "  \(duration(left)) left"
    let speed = "  \(scaled(Double(samples) / max(elapsed, 1e-9), "")) samples/s"
    // What matters least goes first where the window is narrow.
    var tail = loss + (validation.isEmpty ? "" : "  \(validation)") + speed + time
    if head.count + 8 + tail.count > width { tail = loss + speed + time }
    if head.count + 8 + tail.count > width { tail = loss + time }
    let space = max(min(width - head.count - tail.count, 40), 4)
    let done = report.step * space / max(report.steps, 1)
    let bar = String(repeating: "━", count: done) + String(repeating: "─", count: space - done)
    hasBar = true
    Console.live("\r\u{1B}[K" + String((head + bar + tail).prefix(width)))
  }
}
