import CKernels
import NNTensor

/// A value rounded to bf16, to the nearest and halves to even, for products that compute on such
/// operands; what is smaller than any normal number becomes zero.
///
/// - x, y: any shape
///
/// Planning puts it into a graph whose gradients are written already, so it has none itself.
package struct Cast: Op {
  package init() {}

  package var layout: LayoutRule { .same }

  package func outputTypes(_ inputs: [ValueType]) throws(ShapeError) -> [ValueType] {
    [inputs[0].narrowed]
  }

  package func reference(
    _ inputs: [ReferenceTensor], _ outputs: [ValueType], rows: Int
  ) -> [ReferenceTensor] {
    [ReferenceTensor(outputs[0], rows: rows, inputs[0].values.map(roundedToBFloat16))]
  }

  package func kernel(_ site: KernelSite) throws(KernelError) -> Kernel {
    let (x, y) = (site.inputs[0].floats, site.outputs[0].halves)
    let count = Int64(site.inputs[0].count)
    return Kernel { _ in nn_round_to_bf16(x, y, count) }
  }

  /// Rounds a part of a value: elements [begin, begin + count).
  package static func round(
    _ x: UnsafePointer<Float>, to y: UnsafeMutablePointer<UInt16>, begin: Int, count: Int
  ) {
    nn_round_to_bf16(x + begin, y + begin, Int64(count))
  }
}

extension ValueType {
  /// The same with elements in bf16.
  package var narrowed: ValueType {
    ValueType(shape, isBatched: isBatched, dataType: .bfloat16)
  }
}

/// What bf16 has in place of a number.
package func roundedToBFloat16(_ value: Double) -> Double {
  let x = Float(value)
  guard x.isFinite else { return Double(x) }
  guard x.magnitude >= .leastNormalMagnitude else { return 0 }
  let rounded = (x.bitPattern + 0x7fff + (x.bitPattern >> 16 & 1)) & 0xffff_0000
  return Double(Float(bitPattern: rounded))
}

/// What computes products of bf16, such as `avx512-bf16`; nil where this machine does not. Others may
/// add up in another order.
package var bfloat16Products: String? { nn_bf16_name().map { String(cString: $0) } }

/// An op that can compute on operands in bf16, with sums and results in f32. It takes the type of
/// each operand as it finds it.
package protocol NarrowableOp: Op {
  /// The inputs that are better read in bf16; none where a product is too small to gain from it.
  ///
  /// It depends on the shapes of one sample alone.
  func narrowedInputs(_ inputs: [ValueType], _ outputs: [ValueType]) -> [Int]
}
