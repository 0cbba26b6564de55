import CKernels
import Testing

/// A tile program with the memory of its slots.
struct TileCase {
  var slots: [nn_slot] = []
  var steps: [nn_tile_step] = []
  var memory: [Int: [Float]] = [:]
  var rowElements = 1
  var sums: [nn_tile_sum] = []

  mutating func array(_ values: [Float]) -> UInt16 { add(NN_SLOT_ARRAY, values) }
  mutating func scalar(_ value: Float) -> UInt16 { add(NN_SLOT_SCALAR, [value]) }
  mutating func constant(_ value: Float) -> UInt16 { add(NN_SLOT_CONSTANT, value: value) }
  mutating func temporary() -> UInt16 { add(NN_SLOT_TEMPORARY) }
  mutating func uniform(_ stream: UInt64) -> UInt16 { add(NN_SLOT_UNIFORM, stream: stream) }

  mutating func broadcast(_ values: [Float], repeats: Int) -> UInt16 {
    add(NN_SLOT_BROADCAST, values, repeats: repeats)
  }

  private mutating func add(
    _ kind: nn_slot_kind, _ values: [Float]? = nil, value: Float = 0, repeats: Int = 1,
    stream: UInt64 = 0
  ) -> UInt16 {
    slots.append(
      nn_slot(
        kind: Int32(kind.rawValue), value: value, repeat: Int64(repeats),
        period: Int64(values?.count ?? 1), stream: stream))
    if let values { memory[slots.count - 1] = values }
    return UInt16(slots.count - 1)
  }

  mutating func step(
    _ function: nn_function, _ result: UInt16, _ a: UInt16, _ b: UInt16 = 0, _ c: UInt16 = 0
  ) {
    steps.append(
      nn_tile_step(function: UInt16(function.rawValue), result: result, a: a, b: b, c: c))
  }

  /// Calls `body` with the program.
  func withProgram<Result>(_ body: (inout nn_tile_program) -> Result) -> Result {
    slots.withUnsafeBufferPointer { slots in
      steps.withUnsafeBufferPointer { steps in
        sums.withUnsafeBufferPointer { sums in
          var program = nn_tile_program(
            slots: slots.baseAddress, steps: steps.baseAddress, slot_count: Int32(slots.count),
            step_count: Int32(steps.count),
            temporary_count: Int32(slots.count { $0.kind == NN_SLOT_TEMPORARY.rawValue }),
            row_elements: Int64(rowElements), sums: sums.baseAddress,
            sum_count: Int32(sums.count), code: nil)
          return body(&program)
        }
      }
    }
  }

  var isValid: Bool { withProgram { nn_tile_program_is_valid(&$0) } }

  /// Sums up a slot by places in a period; the results are found at the slot that is returned.
  mutating func sum(_ slot: UInt16, period: Int) -> Int {
    sums.append(nn_tile_sum(slot: Int32(slot), period: Int64(period)))
    return -sums.count
  }

  /// Runs the ranges one after the other and returns the memory after it; walked step by step and
  /// compiled, which must give the same bits.
  ///
  /// Every buffer stands between guards, which must not change.
  func run(
    _ ranges: [Range<Int>], step: UInt64 = 0, firstRow: UInt64 = 0,
    sourceLocation: SourceLocation = #_sourceLocation
  ) -> [Int: [Float]] {
    #expect(isValid, sourceLocation: sourceLocation)
    let position = nn_run_position(step: step, first_row: firstRow)
    let walked = run(ranges, position, isCompiled: false, sourceLocation)
    let compiled = run(ranges, position, isCompiled: true, sourceLocation)
    for (slot, values) in walked {
      let others = compiled[slot] ?? []
      let difference = values.indices.first { !hasSameBits(values[$0], others[$0]) }
      #expect(
        difference == nil, "slot \(slot) differs when compiled", sourceLocation: sourceLocation)
    }
    return compiled
  }

  private func run(
    _ ranges: [Range<Int>], _ position: nn_run_position, isCompiled: Bool,
    _ sourceLocation: SourceLocation
  ) -> [Int: [Float]] {
    let guardSize = 32
    let guardValue: Float = 12345
    var pointers = [UnsafeMutablePointer<Float>?](repeating: nil, count: slots.count)
    for (slot, values) in memory {
      let base = UnsafeMutablePointer<Float>.allocate(capacity: values.count + 2 * guardSize)
      base.initialize(repeating: guardValue, count: values.count + 2 * guardSize)
      (base + guardSize).update(from: values, count: values.count)
      pointers[slot] = base + guardSize
    }
    let results = sums.map { sum in
      let place = UnsafeMutablePointer<Float>.allocate(capacity: Int(sum.period))
      place.initialize(repeating: 7, count: Int(sum.period))
      return place
    }
    let running = sums.map { UnsafeMutablePointer<Double>.allocate(capacity: Int($0.period)) }
    for (result, running) in zip(results, running) {
      pointers += [result, UnsafeMutableRawPointer(running).assumingMemoryBound(to: Float.self)]
    }
    defer {
      for place in results { place.deallocate() }
      for place in running { place.deallocate() }
    }
    withProgram { program in
      program.code = isCompiled ? nn_tile_compile(&program) : nil
      for range in ranges {
        nn_tile_run(&program, pointers, Int64(range.lowerBound), Int64(range.count), position)
      }
      nn_tile_code_release(program.code)
    }
    var after: [Int: [Float]] = [:]
    for (index, sum) in sums.enumerated() {
      after[-1 - index] = Array(
        UnsafeBufferPointer(start: results[index], count: Int(sum.period)))
    }
    for (slot, values) in memory {
      guard let pointer = pointers[slot] else { continue }
      after[slot] = Array(UnsafeBufferPointer(start: pointer, count: values.count))
      for place in 0..<guardSize {
        let isUntouched =
          pointer[-1 - place] == guardValue && pointer[values.count + place] == guardValue
        #expect(isUntouched, "slot \(slot) wrote outside", sourceLocation: sourceLocation)
      }
      (pointer - guardSize).deallocate()
    }
    return after
  }
}

/// Any NaN is as good as another.
private func hasSameBits(_ a: Float, _ b: Float) -> Bool {
  a.bitPattern == b.bitPattern || (a.isNaN && b.isNaN)
}

/// function(x) for one, two or three equally long operands.
func apply(_ function: nn_function, _ operands: [Float]...) -> [Float] {
  var program = TileCase()
  let slots = operands.map { program.array($0) }
  let result = program.array(.init(repeating: 0, count: operands[0].count))
  program.step(
    function, result, slots[0], slots.count > 1 ? slots[1] : 0, slots.count > 2 ? slots[2] : 0)
  return program.run([0..<operands[0].count])[Int(result)] ?? []
}
