import NNModel

/// The sum of a number of each position over the sum of another.
struct PositionMean: NumberAccumulator {
  private let target: TargetType
  private let each: (ClassPosition) -> (part: Double, whole: Double)
  private let finish: (Double) -> Double
  private var part = CompensatedSum()
  private var whole = CompensatedSum()

  init(
    _ target: TargetType, _ each: @escaping (ClassPosition) -> (part: Double, whole: Double),
    finish: @escaping (Double) -> Double = { $0 }
  ) {
    self.target = target
    self.each = each
    self.finish = finish
  }

  mutating func add(_ observation: Observation) {
    for position in ClassPositions(observation, target) {
      let (part, whole) = each(position)
      self.part += part
      self.whole += whole
    }
  }

  var value: Double { whole.value == 0 ? .nan : finish(part.value / whole.value) }
}
