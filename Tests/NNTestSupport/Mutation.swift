import NNTensor

/// Some bytes as a seed damages them: flips, cuts, repeats, and numbers that are larger than anything.
package func mutated(_ bytes: [UInt8], seed: UInt64) -> [UInt8] {
  let stream = RandomStream(seed: seed, purpose: "fuzz")
  var result = bytes
  func below(_ bound: Int, _ index: UInt64) -> Int { stream.integer(below: bound, at: index) }
  for change in 0..<UInt64(1 + seed % 4) where !result.isEmpty {
    // What stands at the beginning or the end tells of all the rest.
    let reach = below(2, change * 8) == 0 ? min(result.count, 160) : result.count
    let from = below(2, change * 8 + 1) == 0 ? 0 : result.count - reach
    let place = from + below(reach, change * 8 + 2)
    switch below(5, change * 8 + 3) {
    case 0: result[place] ^= UInt8(1 << below(8, change * 8 + 4))
    case 1: result[place] = UInt8(below(256, change * 8 + 4))
    case 2: result.removeSubrange(place..<min(place + 1 + below(9, change * 8 + 4), result.count))
    case 3:
      for byte in place..<min(place + 1 << below(4, change * 8 + 4), result.count) {
        result[byte] = below(2, change * 8 + 5) == 0 ? 0xFF : 0x39
      }
    default:
      result.insert(contentsOf: result[place..<min(place + 8, result.count)], at: place)
    }
  }
  return result
}
