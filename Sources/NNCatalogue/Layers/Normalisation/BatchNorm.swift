package import NNGraph
package import NNModel
import NNTensor

/// Centres and scales each channel by the statistics of the whole batch; Ioffe and Szegedy, "Batch
/// Normalization" (2015).
///
/// - input, output: [batch, channels], or [batch, channels, size…] with one to three sizes
/// - parameters: weight, bias [channels]; states running_mean, running_var [channels]
package struct BatchNorm: Layer {
  package static let word = "batch_norm"
  package static let summary =
    "Gives each channel of [channels], [channels, length], [channels, height, width] or [channels, "
    + "depth, height, width] mean 0 and deviation 1 over the whole batch, then a learned gain and "
    + "offset; after training it uses running statistics."

  @Field("Added to the variance before the square root.", range: .positive)
  package var eps = 1e-5
  @Field(
    "The share of a batch's statistics in the running ones (PyTorch's meaning; Keras has one minus "
      + "this).", range: .between(0, 1))
  package var momentum = 0.1
  @Field("Whether each channel has a learned gain and offset.")
  package var affine = true

  package init() {}

  package func lower(_ inputs: [Value], _ b: inout LayerBuilder) throws(ShapeError) -> Value {
    let x = inputs[0]
    let shape = b.shape(x)
    guard (1...4).contains(shape.rank) else {
      throw ShapeError(
        "'batch_norm' needs [channels], or channels and one to three axes more, found \(shape)")
    }
    let channels: Shape = [shape[0]]
    var scale: Expression = 1
    var offset: Expression?
    if affine {
      scale = .value(
        b.parameter("weight", channels, role: .gain, initializer: FilledWith(value: 1)))
      offset = .value(
        b.parameter("bias", channels, role: .offset, initializer: FilledWith(value: 0)))
    }
    let runningMean = b.state("running_mean", filledWith: 0, channels)
    let runningVariance = b.state("running_var", filledWith: 1, channels)
    let mean: Expression
    let variance: Expression
    if b.isTraining {
      let moments = b.g.batchMoments(x)
      (mean, variance) = (.value(moments.mean), .value(moments.variance))
      track(moments, runningMean, runningVariance, &b)
    } else {
      (mean, variance) = (.value(runningMean), .value(runningVariance))
    }
    // All of this is a few numbers a channel; only the last line touches the values.
    let gain = b.g.elementwise(scale * rsqrt(variance + Expression(eps)))
    let shift = b.g.elementwise((offset ?? 0) - mean * .value(gain))
    return b.g.elementwise(
      .value(x) * b.broadcast(gain, like: x, axis: 0) + b.broadcast(shift, like: x, axis: 0))
  }

  /// The running variance takes the unbiased one of the batch, as PyTorch's does.
  private func track(
    _ moments: (count: Value, mean: Value, variance: Value), _ runningMean: Value,
    _ runningVariance: Value, _ b: inout LayerBuilder
  ) {
    let (old, new) = (Expression(1 - momentum), Expression(momentum))
    let count = Expression.value(moments.count)
    let unbiased = .value(moments.variance) * count / maximum(count - 1, 1)
    b.g.update(
      runningMean, to: b.g.elementwise(old * .value(runningMean) + new * .value(moments.mean)))
    b.g.update(runningVariance, to: b.g.elementwise(old * .value(runningVariance) + new * unbiased))
  }
}
