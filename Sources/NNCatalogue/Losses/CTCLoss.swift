package import NNGraph
package import NNModel
package import NNTensor

/// Minus the logarithm of a sequence's probability over all its alignments with more times than it
/// has labels; Graves et al., "Connectionist Temporal Classification" (2006).
package struct CTCLoss: PredictionLoss {
  package static let word = "ctc"
  package static let summary = """
    For sequences whose places in time are not known: the model gives logits [times, classes + 1], \
    the first of them for a blank. A sample's loss is that of its whole sequence, where PyTorch's \
    mean divides by its length; one too long for the times counts 0.
    """
  package init() {}

  package func width(of target: TargetType) -> Int? {
    target.isCategory ? target.width.map { $0 + 1 } : target.width
  }

  package var form: PredictionForm { .spelling }

  package func check(_ target: TargetType, prediction: Shape) throws(ShapeError) {
    guard case .category(let classes, let shape) = target, shape.rank == 1 else {
      throw ShapeError(
        "'ctc' is about a sequence of categories, and the target is \(target.described)",
        help: "Make the target of several columns with type: category and missing: ignore.")
    }
    guard prediction.rank == 2,
      classes == nil || prediction[1] == (classes?.count ?? 0) + 1
    else {
      let symbols = classes.map { "\($0.count + 1)" } ?? "classes + 1"
      throw ShapeError(
        "'ctc' needs logits [times, \(symbols)], and the model ends with \(prediction)",
        help: "The first is for the blank, the others for the classes in their order.")
    }
    let (places, overflows) = prediction[0].multipliedReportingOverflow(by: 2 * shape[0] + 1)
    guard !overflows, places <= 1 << 27 else {
      throw ShapeError(
        "\(shape[0]) labels in \(prediction[0]) times are more than can be aligned",
        help: "Their product must stay below 2²⁶; shorten the sequences.")
    }
    guard prediction[0] >= shape[0] else {
      throw ShapeError(
        "\(shape[0]) labels do not fit into \(prediction[0]) times",
        help: "Give the model at least as many times as the target has places.")
    }
  }

  package func objection(toHeadMadeBy op: any Op) -> ShapeError? {
    op is Softmax ? softmaxObjection : nil
  }

  package func lower(
    prediction: Value, target: Value, _ type: TargetType, _ g: inout GraphBuilder
  ) -> Value {
    g.make(CTC(), g.make(Softmax(isLogarithm: true), prediction), target)
  }

  package func output(_ prediction: Value, _ type: TargetType, _ g: inout GraphBuilder) -> Value {
    g.make(Softmax(), prediction)
  }
}
