import NNGraph
package import NNModel
import NNTensor
package import NNYAML

/// What is put around a sequence, an image or a volume before a window moves over it.
package enum Padding<Sizes: AxisSizes>: FieldValue, Equatable {
  /// Nothing.
  case valid
  /// As much as makes the result ⌈size / stride⌉; where that is odd, one more behind.
  case same
  case number(Sizes)

  package static var expectation: String {
    "same, valid\(Sizes.axisNames.count == 1 ? " or" : ",") \(Sizes.expectation)"
  }

  package var shownInManual: String {
    switch self {
    case .valid: "valid"
    case .same: "same"
    case .number(let sizes): sizes.shownInManual
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
    guard let sizes = Sizes.read(node, &reader) else { return nil }
    guard sizes.axes.allSatisfy({ $0 >= 0 }) else {
      return reader.wrongType(node, "a padding of at least 0")
    }
    return .number(sizes)
  }

  /// The geometry of a window over images of some sizes.
  func geometry(
    kernel: Sizes, stride: Sizes, dilation: Sizes? = nil, over sizes: [Int]
  ) -> ConvolutionGeometry {
    ConvolutionGeometry(
      sizes.indices.map { axis in
        let (kernel, stride) = (kernel.axes[axis], stride.axes[axis])
        let dilation = dilation?.axes[axis] ?? 1
        let pads = pads(axis, sizes[axis], stride, covered: (kernel - 1) * dilation + 1)
        return .init(
          kernel: kernel, stride: stride, dilation: dilation, padBefore: pads.before,
          padAfter: pads.after)
      })
  }

  private func pads(
    _ axis: Int, _ size: Int, _ stride: Int, covered: Int
  ) -> (before: Int, after: Int) {
    switch self {
    case .valid: return (0, 0)
    case .number(let sizes): return (sizes.axes[axis], sizes.axes[axis])
    case .same:
      let outputs = (size + stride - 1) / stride
      let total = max((outputs - 1) * stride + covered - size, 0)
      return (total / 2, total - total / 2)
    }
  }
}

extension LayerBuilder {
  /// Throws unless a value has channels and, besides, the axes a layer works on.
  func requireChannels(_ x: Value, and axes: [String], _ word: String) throws(ShapeError) {
    guard shape(x).rank != axes.count + 1 else { return }
    let needed = "[channels, \(axes.joined(separator: ", "))]"
    guard axes.count > 1 else {
      throw ShapeError(
        "'\(word)' needs \(needed), found \(shape(x))",
        help: "Put permute before what is [length, channels], or reshape: [1, length] before a "
          + "single channel.")
    }
    throw ShapeError(
      "'\(word)' needs \(axes.count == 2 ? "an image" : "a volume") \(needed), found \(shape(x))",
      help: "Give the input a shape in the data section, or put "
        + "reshape: [1, \(axes.joined(separator: ", "))] before.")
  }

  /// The sizes behind the channels; throws unless there are one to three.
  func requireChannels(_ x: Value, _ word: String) throws(ShapeError) -> [Int] {
    guard (2...4).contains(shape(x).rank) else {
      throw ShapeError(
        "'\(word)' needs [channels, length], [channels, height, width] or [channels, depth, "
          + "height, width], found \(shape(x))")
    }
    return Array(shape(x).sizes.dropFirst())
  }
}

extension ConvolutionGeometry {
  /// Throws where a window could lie in the padding altogether.
  func requirePaddingBelowKernel() throws(ShapeError) {
    guard axes.contains(where: { $0.padBefore >= $0.kernel }) else { return }
    throw ShapeError(
      "a padding of \(described(axes.map(\.padBefore))) is not less than the window of "
        + described(kernel))
  }
}
