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
  private let written: [UInt32]
  private let places: [Int]

  /// Elements behind the tensor that nobody may write.
  private static let guardCount = 16
  private static let canary: UInt32 = 0x7FC0_BEEF

  init(_ tensor: ReferenceTensor, _ wanted: Layout) {
    let layout: Layout = tensor.type.isImage ? wanted : .plain
    let count = tensor.values.count
    places = layout == .plain ? Array(0..<count) : channelsLastPlaces(tensor.sizes)
    var ordered = [Double](repeating: 0, count: count)
    for (index, place) in places.enumerated() { ordered[place] = tensor.values[index] }
    let isInteger = tensor.type.dataType == .int32
    written =
      ordered.map {
        isInteger ? UInt32(bitPattern: Int32($0)) : Float($0).bitPattern
      } + [UInt32](repeating: OperandMemory.canary, count: OperandMemory.guardCount)
    buffer = .allocate(byteCount: written.count * 4, alignment: TensorBuffer.alignment)
    for (index, word) in written.enumerated() {
      buffer.storeBytes(of: word, toByteOffset: index * 4, as: UInt32.self)
    }
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

  private var words: [UInt32] {
    written.indices.map { buffer.load(fromByteOffset: $0 * 4, as: UInt32.self) }
  }

  var isUnchanged: Bool { words == written }

  /// Row major; NaN everywhere if something was written behind the end.
  var values: [Double] {
    let words = words
    guard words.suffix(OperandMemory.guardCount).allSatisfy({ $0 == OperandMemory.canary }) else {
      return places.map { _ in .nan }
    }
    return places.map { place in
      operand.type.dataType == .int32
        ? Double(Int32(bitPattern: words[place])) : Double(Float(bitPattern: words[place]))
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
