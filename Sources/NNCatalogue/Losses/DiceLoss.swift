import NNModel

/// 1 − (2 Σ p t + s) / (Σ p + Σ t + s); Milletari, Navab and Ahmadi, "V-Net" (2016).
package struct DiceLoss: OverlapLoss {
  package static let word = "dice"
  package static let summary = """
    One minus Dice's overlap of prediction and truth over a sample's elements, on logits: of yes or \
    no of many elements, or of a category the mean over its classes.
    """

  @Field(
    "Added to both sides of the quotient, so that empty truths are defined.",
    range: .positive)
  package var smooth = 1.0

  package init() {}

  // Half of both sides.
  package var falsePositives: Double { 0.5 }
  package var falseNegatives: Double { 0.5 }
  package var smoothing: Double { smooth / 2 }
}
