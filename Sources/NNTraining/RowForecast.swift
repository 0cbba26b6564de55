import NNData
import NNModel
import NNTensor

extension CheckedModel {
  /// What a thread takes to make a row to train on out of a prepared one, in seconds: what transforms
  /// do to its images each time, twice where samples are mixed in pairs. Copying is not counted; it is
  /// nothing beside a step.
  ///
  /// Measured on the rows themselves, the first that there are, for a few milliseconds.
  var secondsPerRow: Double {
    let arrays = prepared?.splits[.train]?.inputs.filter { $0.late != nil } ?? []
    let each = arrays.reduce(0) { $0 + seconds(of: $1) }
    return file.spec.train.mixes ? 2 * each : each
  }

  private func seconds(of array: FeatureArray) -> Double {
    guard let late = array.late, case .float(let values) = array.storage else { return 0 }
    let size = array.sampleShape.count
    guard size > 0, values.count >= size else { return 0 }
    let streams = late.streams(seed: UInt64(file.spec.seed))
    let samples = min(values.count / size, 64)
    var output = [Float](repeating: 0, count: size)
    var scratch = [Float](repeating: 0, count: late.scratchCount)
    func makeAll(step: Int) {
      values.withUnsafeBufferPointer { values in
        guard let base = values.baseAddress else { return }
        for sample in 0..<samples {
          late.make(
            base + sample * size, into: &output, scratch: &scratch, streams: streams,
            step: UInt64(step), sample: UInt64(sample))
        }
      }
    }
    makeAll(step: 0)
    let clock = ContinuousClock()
    let limit = clock.now + .milliseconds(5)
    var times: [Double] = []
    // The least of them: whatever else the machine does only adds to the others.
    while times.count < 3 || clock.now < limit, times.count < 100 {
      let duration = clock.measure { makeAll(step: times.count) }.components
      times.append(Double(duration.seconds) + Double(duration.attoseconds) * 1e-18)
      if clock.now >= limit { break }
    }
    return (times.min() ?? 0) / Double(samples)
  }
}
