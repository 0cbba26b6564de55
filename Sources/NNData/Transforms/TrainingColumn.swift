import NNModel

/// What a scale may look at of the training rows of one column.
package struct TrainingColumn: Sendable {
  package let statistics: ColumnStatistics
  /// All values that are not missing, ascending; empty unless the scale asks for them.
  package let sorted: [Double]
}

/// What a scale has learnt of one column: numbers become `(curve(x) − offset) · factor`.
package struct ScaleFit: Sendable, Equatable {
  package let offset: Double
  package let factor: Double
  /// Nil where the scale is linear.
  package let curve: Curve?

  package init(offset: Double, factor: Double, curve: Curve? = nil) {
    self.offset = offset
    self.factor = factor
    self.curve = curve
  }
}

/// The value that a share of some values lies below, between two of them in proportion to where it
/// falls, as NumPy's `percentile` has it by default.
///
/// - sorted: at least one number, ascending.
func quantile(_ share: Double, of sorted: [Double]) -> Double {
  value(at: share * Double(sorted.count - 1), of: sorted)
}

/// The value at a place that may be between two of them, where it lies on a line.
func value(at place: Double, of sorted: [Double]) -> Double {
  let below = min(max(Int(place), 0), sorted.count - 1)
  let above = min(below + 1, sorted.count - 1)
  let part = place - Double(below)
  let (low, high) = (sorted[below], sorted[above])
  // From the nearer end, so that both ends are met exactly.
  return part < 0.5 ? low + (high - low) * part : high - (high - low) * (1 - part)
}

/// Numbers after what stands before their scale; those without a result are missing.
struct SteppedNumbers<Rows: NumberRows>: NumberRows {
  let rows: Rows
  let steps: ScaleSteps

  var width: Int { rows.width }

  func withRow(_ row: Int, _ body: (UnsafeBufferPointer<Double>) -> Void) {
    rows.withRow(row) { numbers in
      withUnsafeTemporaryAllocation(of: Double.self, capacity: numbers.count) { stepped in
        for (place, number) in numbers.enumerated() {
          stepped.initializeElement(at: place, to: known(number))
        }
        body(UnsafeBufferPointer(stepped))
      }
    }
  }

  func number(_ row: Int, _ column: Int) -> Double { known(rows.number(row, column)) }

  private func known(_ number: Double) -> Double {
    let value = steps.apply(number)
    return value.isFinite ? value : .nan
  }
}
