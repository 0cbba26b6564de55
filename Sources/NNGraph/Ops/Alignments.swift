#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif
import NNTensor

/// The labels of a sequence with blanks around each, and the steps an alignment may take between
/// them: on to the next, and over the blank between two different labels.
///
/// Symbol 0 is the blank and label k the symbol k + 1. In memory of its own, filled for one sample
/// at a time.
final class Alignments {
  let time: Int
  let symbols: Int
  private let length: Int
  private let integers: TensorBuffer
  private let numbers: TensorBuffer
  /// How many states there are: one more than twice the labels.
  private(set) var states = 1

  /// - length: of the longest sequence of labels.
  init(time: Int, symbols: Int, length: Int) {
    self.time = time
    self.symbols = symbols
    self.length = length
    integers = TensorBuffer(elementCount: 2 * length + 1)
    numbers = TensorBuffer(byteCount: 8 * (time + 2) * (2 * length + 1))
  }

  private var widest: Int { 2 * length + 1 }
  private var symbolOfState: UnsafeMutablePointer<Int32> {
    integers.base.assumingMemoryBound(to: Int32.self)
  }
  /// By time and state: the logarithm of the probability of all ways there.
  private var ahead: UnsafeMutablePointer<Double> {
    numbers.base.assumingMemoryBound(to: Double.self)
  }

  /// Takes the labels of a sample; those below zero are padding.
  private func take(_ labels: UnsafePointer<Int32>) {
    states = 1
    symbolOfState[0] = 0
    for place in 0..<length where labels[place] >= 0 {
      symbolOfState[states] = labels[place] + 1
      symbolOfState[states + 1] = 0
      states += 2
    }
  }

  /// Whether an alignment may come to a label straight from the label before.
  private func skipsBlank(to state: Int) -> Bool {
    state >= 2 && symbolOfState[state] != 0 && symbolOfState[state] != symbolOfState[state - 2]
  }

  /// The logarithm of the probability of the labels, over all alignments; minus infinity where
  /// they do not fit into the time.
  ///
  /// - logs: [time, symbols]
  /// - labels: [length]
  func logLikelihood(
    _ logs: UnsafePointer<Float>, _ labels: UnsafePointer<Int32>
  ) -> Double {
    take(labels)
    for state in 0..<states {
      ahead[state] = state < 2 ? Double(logs[Int(symbolOfState[state])]) : -.infinity
    }
    for step in 1..<max(time, 1) {
      let before = ahead + (step - 1) * widest
      let now = ahead + step * widest
      for state in 0..<states {
        var sum = before[state]
        if state > 0 { sum = logSum(sum, before[state - 1]) }
        if skipsBlank(to: state) { sum = logSum(sum, before[state - 2]) }
        now[state] = sum + Double(logs[step * symbols + Int(symbolOfState[state])])
      }
    }
    let last = ahead + (time - 1) * widest
    return states == 1 ? last[0] : logSum(last[states - 1], last[states - 2])
  }

  /// How often each symbol is expected at each time, of all alignments by their probability, times
  /// a factor: [time, symbols]. Zeros where the labels do not fit into the time.
  func occupancy(
    _ logs: UnsafePointer<Float>, _ labels: UnsafePointer<Int32>, times factor: Float,
    into result: UnsafeMutablePointer<Float>
  ) {
    for place in 0..<(time * symbols) { result[place] = 0 }
    let total = logLikelihood(logs, labels)
    guard total > -.infinity else { return }
    var later = ahead + time * widest
    var now = later + widest
    for state in 0..<states { later[state] = state + 2 >= states ? 0 : -.infinity }
    for step in stride(from: time - 1, through: 0, by: -1) {
      if step < time - 1 {
        let row = logs + (step + 1) * symbols
        for state in 0..<states {
          var sum = later[state] + Double(row[Int(symbolOfState[state])])
          for next in state + 1..<min(state + 3, states) {
            guard next == state + 1 || skipsBlank(to: next) else { continue }
            sum = logSum(sum, later[next] + Double(row[Int(symbolOfState[next])]))
          }
          now[state] = sum
        }
        swap(&now, &later)
      }
      for state in 0..<states {
        let share = exp(ahead[step * widest + state] + later[state] - total)
        result[step * symbols + Int(symbolOfState[state])] += Float(share) * factor
      }
    }
  }
}

/// The logarithm of the sum of two numbers given by theirs.
private func logSum(_ a: Double, _ b: Double) -> Double {
  let largest = max(a, b)
  guard largest > -.infinity else { return largest }
  return largest + log1p(exp(-abs(a - b)))
}
