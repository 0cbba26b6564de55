extension ResolvedFeature {
  /// The scale is fitted on the values that were measured, not on those filled in, and after what
  /// stands before it.
  func fitScaling(
    _ scale: any Scale, _ word: String, _ values: some NumberRows, _ raw: RawFeature,
    _ rows: [Int]
  ) -> Scaling {
    spec.steps == .none
      ? fit(scale, word, values, raw, rows)
      : fit(scale, word, SteppedNumbers(rows: values, steps: spec.steps), raw, rows)
  }

  private func fit(
    _ scale: any Scale, _ word: String, _ values: some NumberRows, _ raw: RawFeature,
    _ rows: [Int]
  ) -> Scaling {
    let needsMoments = scale.needsStatistics && !scale.needsValues
    let statistics = columnStatistics(values, rows: needsMoments ? rows : [])
    var fits = statistics.enumerated().map { element, statistics in
      let sorted =
        scale.needsValues
        ? rows.map { values.number($0, element) }.filter { !$0.isNaN }.sorted() : []
      return scale.fit(TrainingColumn(statistics: statistics, sorted: sorted))
    }
    // What looks at no number is one for all of a tensor, and a checkpoint need not repeat it.
    if raw.hasTensors, !scale.needsStatistics { fits = Array(fits.prefix(1)) }
    let curves = fits.compactMap(\.curve)
    // Adding zero turns −0 into 0, which JSON would tell apart.
    return Scaling(
      word: word, offsets: fits.map { $0.offset + 0 }, factors: fits.map { $0.factor },
      curves: curves.count == fits.count ? curves : [], steps: spec.steps)
  }
}
