import NNTensor
import Testing

@Suite struct ShapeTests {
  @Test(
    arguments: [
      (shape: [], count: 1, strides: [], text: "[]"),
      (shape: [5], count: 5, strides: [1], text: "[5]"),
      (shape: [2, 3, 4], count: 24, strides: [12, 4, 1], text: "[2, 3, 4]"),
      (shape: [2, 0, 4], count: 0, strides: [0, 4, 1], text: "[2, 0, 4]"),
    ] as [(shape: Shape, count: Int, strides: [Int], text: String)])
  private func `a shape knows its elements, strides and text`(
    _ row: (shape: Shape, count: Int, strides: [Int], text: String)
  ) {
    #expect(row.shape.count == row.count)
    #expect(row.shape.strides == row.strides)
    #expect(row.shape.description == row.text)
    #expect(row.shape.rank == row.strides.count)
  }

  @Test(arguments: [0, 1, 63, 64, 65, 1000])
  private func `a buffer is aligned, and all of it is zero`(_ byteCount: Int) {
    let buffer = TensorBuffer(byteCount: byteCount)
    #expect(UInt(bitPattern: buffer.base) % UInt(TensorBuffer.alignment) == 0)
    let bytes = (0..<byteCount).map { buffer.base.load(fromByteOffset: $0, as: UInt8.self) }
    #expect(bytes.allSatisfy { $0 == 0 })
    let aligned = TensorBuffer.aligned(byteCount)
    #expect(aligned % 64 == 0 && aligned >= byteCount && aligned < byteCount + 64)
  }

  @Test private func `a tensor may be filled with a number`() {
    let tensor = Tensor([2, 3], filledWith: 1.5)
    #expect(tensor == Tensor([2, 3], [1.5, 1.5, 1.5, 1.5, 1.5, 1.5]))
    #expect(Tensor(.scalar, filledWith: 2).values == [2])
  }
}
