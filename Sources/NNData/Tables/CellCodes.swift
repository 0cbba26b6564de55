/// Codes of cells by their bytes as they are written: of a column of words most cells have been met
/// before, and need neither a string nor its hash.
///
/// Whoever fills it decides what is the same word; cells of different bytes may have one code. A cell
/// that is not found may still have been added: what would have to be searched for long is not kept, so
/// that no file can make it slow.
struct CellCodes {
  private struct Entry {
    let hash: UInt64
    let start: Int
    let count: Int
    let code: Int32
  }

  /// How many places are searched.
  private static let reach = 16
  /// More would not stay in the cache, and are hardly words that come again.
  private static let most = 1 << 16

  private var entries: [Entry] = []
  /// Places of `entries` plus one, zero where there is none; a power of two of them.
  private var slots = [Int32](repeating: 0, count: 256)

  /// The code of a cell that was added before.
  ///
  /// - Parameters:
  ///   - start: where it begins in the text.
  ///   - count: its bytes.
  ///   - hash: as ``hash(_:_:)`` tells.
  ///   - text: the same for every call.
  /// - Returns: nil where it has to be made out.
  func code(
    of start: Int, _ count: Int, _ hash: UInt64, in text: UnsafePointer<UInt8>
  ) -> Int32? {
    let base = UnsafeRawPointer(text)
    let mask = slots.count &- 1
    for step in 0..<CellCodes.reach {
      let slot = slots[(Int(truncatingIfNeeded: hash) &+ step) & mask]
      guard slot > 0 else { return nil }
      let entry = entries[Int(slot) &- 1]
      if entry.hash == hash, entry.count == count, isEqual(base + entry.start, base + start, count)
      {
        return entry.code
      }
    }
    return nil
  }

  mutating func add(_ code: Int32, for start: Int, _ count: Int, _ hash: UInt64) {
    guard entries.count < CellCodes.most else { return }
    if entries.count * 4 > slots.count {
      slots = Array(repeating: 0, count: slots.count * 2)
      for place in entries.indices { insert(place) }
    }
    entries.append(Entry(hash: hash, start: start, count: count, code: code))
    insert(entries.count - 1)
  }

  private mutating func insert(_ place: Int) {
    let mask = slots.count &- 1
    for step in 0..<CellCodes.reach {
      let slot = (Int(truncatingIfNeeded: entries[place].hash) &+ step) & mask
      if slots[slot] == 0 {
        slots[slot] = Int32(truncatingIfNeeded: place + 1)
        return
      }
    }
  }

  @inline(__always)
  private func isEqual(_ left: UnsafeRawPointer, _ right: UnsafeRawPointer, _ count: Int) -> Bool {
    var index = 0
    while index &+ 8 <= count {
      guard
        (left + index).loadUnaligned(as: UInt64.self)
          == (right + index).loadUnaligned(as: UInt64.self)
      else { return false }
      index &+= 8
    }
    while index < count {
      guard
        left.load(fromByteOffset: index, as: UInt8.self)
          == right.load(fromByteOffset: index, as: UInt8.self)
      else { return false }
      index &+= 1
    }
    return true
  }

  /// Eight bytes at a time, each mixed in by the two halves of a product.
  @inline(__always)
  static func hash(_ text: UnsafePointer<UInt8>, _ count: Int) -> UInt64 {
    let cell = UnsafeRawPointer(text)
    var hash = 0x9E37_79B9_7F4A_7C15 ^ UInt64(truncatingIfNeeded: count)
    var index = 0
    while index &+ 8 <= count {
      hash = mixed(hash, UInt64(littleEndian: (cell + index).loadUnaligned(as: UInt64.self)))
      index &+= 8
    }
    var rest: UInt64 = 0
    while index < count {
      rest = rest << 8 | UInt64(cell.load(fromByteOffset: index, as: UInt8.self))
      index &+= 1
    }
    return mixed(hash, rest)
  }

  @inline(__always)
  private static func mixed(_ hash: UInt64, _ word: UInt64) -> UInt64 {
    let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return product.high ^ product.low
  }
}
