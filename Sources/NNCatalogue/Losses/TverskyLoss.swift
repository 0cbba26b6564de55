import NNModel

/// Salehi, Erdogmus and Gholipour, "Tversky loss function for image segmentation using 3D fully
/// convolutional deep networks" (2017), whose best weights are the defaults.
package struct TverskyLoss: OverlapLoss {
  package static let word = "tversky"
  package static let summary = """
    The dice loss with a weight for what is wrongly taken and one for what is missed, on logits; \
    0.5 each is dice.
    """

  @Field("How much counts what is wrongly taken.", range: .between(0, 1))
  package var alpha = 0.3

  @Field("How much counts what is missed.", range: .between(0, 1))
  package var beta = 0.7

  @Field(
    "Added to both sides of the quotient, so that empty truths are defined.",
    range: .positive)
  package var smooth = 1.0

  package init() {}

  package var falsePositives: Double { alpha }
  package var falseNegatives: Double { beta }
  package var smoothing: Double { smooth }
}
