import NNGraph
package import NNModel
import NNTensor
package import NNYAML

/// What is put around an image before a window moves over it.
package enum Padding: FieldValue, Equatable {
  /// Nothing.
  case valid
  /// As much as makes the result ⌈size / stride⌉; where that is odd, one more below and right.
  case same
  case number(Pair)

  package static let expectation = "same, valid, a whole number, or [height, width]"

  package var shownInManual: String {
    switch self {
    case .valid: "valid"
    case .same: "same"
    case .number(let pair): pair.shownInManual
    }
  }

  package static func sample(within range: Bounds?) -> String { "same" }

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> Padding? {
    switch node.scalar?.text {
    case "same": return .same
    case "valid": return .valid
    default: break
    }
    if case .string? = node.scalar?.value {
      return reader.wrongType(node, expectation, among: ["same", "valid"])
    }
    guard let pair = Pair.read(node, &reader) else { return nil }
    guard pair.height >= 0, pair.width >= 0 else {
      return reader.wrongType(node, "a padding of at least 0")
    }
    return .number(pair)
  }

  /// The geometry of a window over images of a size.
  func geometry(
    kernel: Pair, stride: Pair, dilation: Pair = Pair(1, 1), height: Int, width: Int
  ) -> ConvolutionGeometry {
    /// Before and behind, along one axis.
    func pads(_ size: Int, _ kernel: Int, _ stride: Int, _ dilation: Int, _ given: Int)
      -> (Int, Int)
    {
      switch self {
      case .valid: return (0, 0)
      case .number: return (given, given)
      case .same:
        let outputs = (size + stride - 1) / stride
        let total = max((outputs - 1) * stride + (kernel - 1) * dilation + 1 - size, 0)
        return (total / 2, total - total / 2)
      }
    }
    let given: Pair = if case .number(let pair) = self { pair } else { Pair(0, 0) }
    let rows = pads(height, kernel.height, stride.height, dilation.height, given.height)
    let columns = pads(width, kernel.width, stride.width, dilation.width, given.width)
    return ConvolutionGeometry(
      kernel: (kernel.height, kernel.width), stride: (stride.height, stride.width),
      dilation: (dilation.height, dilation.width), padTop: rows.0, padLeft: columns.0,
      padBottom: rows.1, padRight: columns.1)
  }
}

extension LayerBuilder {
  /// Throws unless a value is an image.
  func requireImage(_ x: Value, _ word: String) throws(ShapeError) {
    guard shape(x).rank != 3 else { return }
    throw ShapeError(
      "'\(word)' needs an image [channels, height, width], found \(shape(x))",
      help: "Give the input a shape in the data section, or put reshape: [1, height, width] before."
    )
  }
}

extension ConvolutionGeometry {
  /// Throws where a window could lie in the padding altogether.
  func requirePaddingBelowKernel() throws(ShapeError) {
    guard padTop >= kernelHeight || padLeft >= kernelWidth else { return }
    throw ShapeError(
      "a padding of \(padTop)×\(padLeft) is not less than the window of \(kernelHeight)×\(kernelWidth)"
    )
  }
}
