import NNGraph

/// From one down to zero along half a cosine, as its argument goes from zero to one.
func halfCosine(_ progress: Double) -> Double {
  0.5 * (1 + UnaryFunction.cos(.pi * progress))
}
