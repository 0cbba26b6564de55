package import NNModel

extension Catalogue {
  /// All kinds of this version, one line each.
  package static let standard: Catalogue = {
    var catalogue = Catalogue()
    catalogue.layers = Registry([
      Dense.self,
      Conv2dLayer.self,
      MaxPool2d.self,
      AvgPool2d.self,
      GlobalAvgPool2d.self,
      Flatten.self,
      ReshapeLayer.self,
      Dropout.self,
      BatchNorm.self,
      LayerNorm.self,
      ActivationLayer.self,
      ConcatLayer.self,
      Add.self,
      Multiply.self,
      Embedding.self,
      PositionEmbedding.self,
      Attention.self,
      CrossAttention.self,
      GatedFeedForward.self,
      MixtureOfExperts.self,
    ])
    catalogue.activations = Registry([
      Identity.self,
      ReLU.self,
      LeakyReLU.self,
      Sigmoid.self,
      Tanh.self,
      GELU.self,
      SiLU.self,
      Softplus.self,
      ELU.self,
      SoftmaxActivation.self,
    ])
    catalogue.losses = Registry([
      MeanSquaredError.self,
      MeanAbsoluteError.self,
      Huber.self,
      BinaryCrossEntropy.self,
      CrossEntropy.self,
    ])
    catalogue.optimizers = Registry([
      SGD.self,
      Adam.self,
      AdamW.self,
      RMSProp.self,
    ])
    catalogue.schedules = Registry([
      ConstantSchedule.self,
      LinearSchedule.self,
      PolynomialSchedule.self,
      StepSchedule.self,
      MultiStepSchedule.self,
      ExponentialSchedule.self,
      InverseSqrtSchedule.self,
      NoamSchedule.self,
      CosineSchedule.self,
      CosineRestartsSchedule.self,
      OneCycleSchedule.self,
      CyclicSchedule.self,
      WarmupStableDecaySchedule.self,
      ReduceOnPlateauSchedule.self,
    ])
    catalogue.initializers = Registry([
      Zeros.self,
      ConstantInitializer.self,
      Uniform.self,
      Normal.self,
      GlorotUniform.self,
      GlorotNormal.self,
      HeUniform.self,
      HeNormal.self,
    ])
    catalogue.metrics = Registry([
      Accuracy.self,
      BalancedAccuracy.self,
      TopKAccuracy.self,
      Precision.self,
      Recall.self,
      Specificity.self,
      F1.self,
      FBeta.self,
      Jaccard.self,
      ROCAUC.self,
      PRAUC.self,
      LogLoss.self,
      BrierScore.self,
      Matthews.self,
      CohenKappa.self,
      ConfusionMatrix.self,
      CalibrationError.self,
      MeanAbsoluteErrorMetric.self,
      MeanSquaredErrorMetric.self,
      RootMeanSquaredError.self,
      MeanAbsolutePercentageErrorMetric.self,
      SymmetricPercentageErrorMetric.self,
      MeanAbsoluteScaledError.self,
      RSquared.self,
      ExplainedVariance.self,
      MedianAbsoluteError.self,
      MaxError.self,
      QuantileCoverage.self,
      CosineSimilarityMetric.self,
      Perplexity.self,
      TokenAccuracy.self,
      BitsPerByte.self,
    ])
    return catalogue
  }()
}
