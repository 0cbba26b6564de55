import CKernels
package import NNGraph
package import NNPlan

/// The arrays after one run of an update over all of their elements, in f32.
package func runUpdate(
  _ program: UpdateProgram, arrays: [[Float]], scalars: [Float] = []
) throws(KernelError) -> [[Float]] {
  let pointers = (arrays + scalars.map { [$0] }).map { values in
    let memory = UnsafeMutablePointer<Float>.allocate(capacity: values.count)
    memory.initialize(from: values, count: values.count)
    return memory
  }
  defer { for pointer in pointers { pointer.deallocate() } }
  let bound = try program.bound(
    arrays: Array(pointers.prefix(arrays.count)),
    scalars: Array(pointers.dropFirst(arrays.count)))
  bound.run(begin: 0, count: arrays.first?.count ?? 0, RunPosition())
  return zip(arrays, pointers).map { Array(UnsafeBufferPointer(start: $1, count: $0.count)) }
}
