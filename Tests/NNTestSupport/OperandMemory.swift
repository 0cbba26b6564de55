import NNGraph
import NNTensor

extension LayoutRule {
  /// The memory orders of images among an op's operands.
  struct Choice: CustomStringConvertible {
    let inputs: Layout
    let outputs: Layout

    var description: String { "\(inputs) to \(outputs)" }
  }

  /// All that the rule allows.
  var choices: [Choice] {
    let (plain, last) = (Layout.plain, Layout.channelsLast)
    switch self {
    case .plain: return [Choice(inputs: plain, outputs: plain)]
    case .channelsLast: return [Choice(inputs: last, outputs: last)]
    case .same, .likeFirst: return [plain, last].map { Choice(inputs: $0, outputs: $0) }
    case .anyInput: return [plain, last].map { Choice(inputs: $0, outputs: plain) }
    case .anyOutput: return [plain, last].map { Choice(inputs: plain, outputs: $0) }
    }
  }
}

/// A reference tensor in memory as a kernel wants it, with a guard behind it.
final class OperandMemory {
  let operand: Operand
  private let buffer: UnsafeMutableRawPointer
  private let written: [UInt8]
  private let places: [Int]

  /// Bytes behind the tensor that nobody may write.
  private static let canaries = [UInt8](repeating: 0xBE, count: 64)

  init(_ tensor: ReferenceTensor, _ wanted: Layout) {
    let layout: Layout = tensor.type.isImage ? wanted : .plain
    let count = tensor.values.count
    places = layout == .plain ? Array(0..<count) : channelsLastPlaces(tensor.sizes)
    var ordered = [Double](repeating: 0, count: count)
    for (index, place) in places.enumerated() { ordered[place] = tensor.values[index] }
    let size = tensor.type.dataType.byteCount
    written =
      ordered.flatMap { value in
        let bits = tensor.type.dataType.bits(of: value)
        return (0..<size).map { UInt8(truncatingIfNeeded: bits >> (8 * $0)) }
      } + OperandMemory.canaries
    buffer = .allocate(byteCount: written.count, alignment: TensorBuffer.alignment)
    buffer.copyMemory(from: written, byteCount: written.count)
    operand = Operand(pointer: buffer, type: tensor.type, layout: layout, rows: tensor.rows)
  }

  /// Memory for a result, full of what is none.
  convenience init(garbageLike tensor: ReferenceTensor, _ layout: Layout) {
    let garbage: Double = tensor.type.dataType == .int32 ? -77 : .nan
    self.init(
      ReferenceTensor(
        tensor.type, rows: tensor.rows, tensor.values.map { _ in garbage }), layout)
  }

  deinit { buffer.deallocate() }

  private var bytes: [UInt8] {
    written.indices.map { buffer.load(fromByteOffset: $0, as: UInt8.self) }
  }

  var isUnchanged: Bool { bytes == written }

  /// Row major; NaN everywhere if something was written behind the end.
  var values: [Double] {
    let bytes = bytes
    guard bytes.suffix(OperandMemory.canaries.count).elementsEqual(OperandMemory.canaries) else {
      return places.map { _ in .nan }
    }
    let size = operand.type.dataType.byteCount
    return places.map { place in
      var bits: UInt32 = 0
      for byte in 0..<size { bits |= UInt32(bytes[place * size + byte]) << (8 * byte) }
      return operand.type.dataType.value(ofBits: bits)
    }
  }
}

extension DataType {
  /// A number as an element, in the lower bytes.
  func bits(of value: Double) -> UInt32 {
    switch self {
    case .float32: Float(value).bitPattern
    case .bfloat16: Float(roundedToBFloat16(value)).bitPattern >> 16
    case .int32: UInt32(bitPattern: Int32(value))
    }
  }

  func value(ofBits bits: UInt32) -> Double {
    switch self {
    case .float32: Double(Float(bitPattern: bits))
    case .bfloat16: Double(Float(bitPattern: bits << 16))
    case .int32: Double(Int32(bitPattern: bits))
    }
  }
}

/// Where each element of `[batch, channels, …]` lies, channels last.
private func channelsLastPlaces(_ sizes: [Int]) -> [Int] {
  let plane = sizes.dropFirst(2).reduce(1, *)
  var places: [Int] = []
  for n in 0..<sizes[0] {
    for c in 0..<sizes[1] {
      for pixel in 0..<plane { places.append((n * plane + pixel) * sizes[1] + c) }
    }
  }
  return places
}
