// The members of a zip archive, as NumPy writes it: stored or deflated, with 64-bit sizes where they
// are needed. Every size and place is a stranger's number and is held against the file.
import CZlib

/// What a zip archive says it holds.
struct ZipArchive {
  struct Member {
    let name: String
    let isDeflated: Bool
    let checkSum: UInt32
    let storedCount: Int
    let byteCount: Int
    /// Where its own header begins.
    fileprivate let header: Int
  }

  let members: [Member]
  private let bytes: FileBytes

  init(_ bytes: FileBytes) throws(FormatProblem) {
    self.bytes = bytes
    let directory = try ZipArchive.directory(bytes)
    guard let entries = bytes.copy(directory.range) else {
      throw .malformed("its directory lies outside of it")
    }
    var members: [Member] = []
    var place = 0
    var left = bytes.count
    for _ in 0..<directory.count {
      guard littleEndian(UInt32.self, entries, at: place) == 0x0201_4B50,
        let member = try ZipArchive.member(entries, &place)
      else { throw .malformed("its directory is damaged") }
      // Each byte is of one member, else a small archive could hold any number of large ones.
      guard member.storedCount >= 0, member.storedCount <= left else {
        throw .malformed("its members share bytes, or lie outside of it")
      }
      left -= member.storedCount
      members.append(member)
    }
    self.members = members
  }

  /// Where the directory of an archive lies, and how many members it tells of.
  private static func directory(
    _ bytes: FileBytes
  ) throws(FormatProblem) -> (range: Range<Int>, count: Int) {
    // The last record has 22 bytes and a remark of up to 65,535.
    let from = max(bytes.count - 22 - 65_535, 0)
    let tail = bytes.copy(from..<bytes.count) ?? []
    let end = stride(from: tail.count - 22, through: 0, by: -1).first { place in
      littleEndian(UInt32.self, tail, at: place) == 0x0605_4B50
        && littleEndian(UInt16.self, tail, at: place + 20) == UInt16(tail.count - 22 - place)
    }
    guard let end, let count = littleEndian(UInt16.self, tail, at: end + 10),
      let size = littleEndian(UInt32.self, tail, at: end + 12),
      let start = littleEndian(UInt32.self, tail, at: end + 16)
    else { throw .malformed("it is no zip archive, or ends early") }
    var directory = (start: Int(start), size: Int(size), count: Int(count))
    if count == .max || size == .max || start == .max {
      // A locator stands before it, and tells where the record with 64-bit sizes is.
      guard let locator = bytes.copy(from + end - 20..<from + end),
        littleEndian(UInt32.self, locator, at: 0) == 0x0706_4B50,
        let place = littleEndian(UInt64.self, locator, at: 8), place <= UInt64(bytes.count),
        let record = bytes.copy(Int(place)..<Int(place) + 56),
        littleEndian(UInt32.self, record, at: 0) == 0x0606_4B50,
        let wideCount = littleEndian(UInt64.self, record, at: 32).flatMap(Int.init(exactly:)),
        let wideSize = littleEndian(UInt64.self, record, at: 40).flatMap(Int.init(exactly:)),
        let wideStart = littleEndian(UInt64.self, record, at: 48).flatMap(Int.init(exactly:))
      else { throw .malformed("the record of its 64-bit sizes is damaged") }
      directory = (wideStart, wideSize, wideCount)
    }
    let (endOfDirectory, overflows) = directory.start.addingReportingOverflow(directory.size)
    guard !overflows, endOfDirectory <= bytes.count, directory.count <= directory.size / 46 else {
      throw .malformed("its directory lies outside of it")
    }
    return (directory.start..<endOfDirectory, directory.count)
  }

  /// Reads an entry of the directory and moves behind it; nil where it ends early.
  private static func member(
    _ entries: [UInt8], _ place: inout Int
  ) throws(FormatProblem) -> Member? {
    guard let flags = littleEndian(UInt16.self, entries, at: place + 8),
      let method = littleEndian(UInt16.self, entries, at: place + 10),
      let checkSum = littleEndian(UInt32.self, entries, at: place + 16),
      let stored = littleEndian(UInt32.self, entries, at: place + 20),
      let size = littleEndian(UInt32.self, entries, at: place + 24),
      let nameCount = littleEndian(UInt16.self, entries, at: place + 28),
      let extraCount = littleEndian(UInt16.self, entries, at: place + 30),
      let remarkCount = littleEndian(UInt16.self, entries, at: place + 32),
      let header = littleEndian(UInt32.self, entries, at: place + 42)
    else { return nil }
    let name = place + 46
    let extra = name + Int(nameCount)
    let remark = extra + Int(extraCount)
    guard remark + Int(remarkCount) <= entries.count else { return nil }
    place = remark + Int(remarkCount)
    let text = String(decoding: entries[name..<extra], as: UTF8.self)
    guard flags & 1 == 0 else {
      throw .unsupported("its member '\(shortened(text))' is encrypted", help: nil)
    }
    guard method == 0 || method == 8 else {
      throw .unsupported(
        "its member '\(shortened(text))' is compressed by a method other than deflate",
        help: "numpy.savez and numpy.savez_compressed write what can be read.")
    }
    // Sizes that do not fit stand in a field of their own, in this order.
    var wide = wideNumbers(entries[extra..<remark])[...]
    func resolved(_ number: UInt32) -> Int? {
      guard number == .max else { return Int(number) }
      return wide.popFirst().flatMap(Int.init(exactly:))
    }
    guard let byteCount = resolved(size), let storedCount = resolved(stored),
      let start = resolved(header)
    else { return nil }
    return Member(
      name: text, isDeflated: method == 8, checkSum: checkSum, storedCount: storedCount,
      byteCount: byteCount, header: start)
  }

  private static func wideNumbers(_ extra: ArraySlice<UInt8>) -> [UInt64] {
    let extra = Array(extra)
    var place = 0
    while let tag = littleEndian(UInt16.self, extra, at: place),
      let size = littleEndian(UInt16.self, extra, at: place + 2)
    {
      if tag == 1 {
        return (0..<Int(size) / 8).compactMap {
          littleEndian(UInt64.self, extra, at: place + 4 + 8 * $0)
        }
      }
      place += 4 + Int(size)
    }
    return []
  }

  /// Where the bytes of a member lie.
  func range(of member: Member) throws(FormatProblem) -> Range<Int> {
    let name = shortened(member.name)
    let problem = FormatProblem.malformed("its member '\(name)' lies outside of it")
    guard member.header >= 0, member.header <= bytes.count,
      let header = bytes.copy(member.header..<member.header + 30),
      littleEndian(UInt32.self, header, at: 0) == 0x0403_4B50,
      let nameCount = littleEndian(UInt16.self, header, at: 26),
      let extraCount = littleEndian(UInt16.self, header, at: 28)
    else { throw problem }
    let start = member.header + 30 + Int(nameCount) + Int(extraCount)
    guard member.storedCount >= 0, start <= bytes.count, member.storedCount <= bytes.count - start,
      member.isDeflated || member.storedCount == member.byteCount
    else { throw problem }
    return start..<start + member.storedCount
  }

  /// The bytes of a member, decompressed, and checked against its sum.
  func contents(of member: Member) throws(FormatProblem) -> [UInt8] {
    let range = try range(of: member)
    let damaged = FormatProblem.malformed("its member '\(shortened(member.name))' is damaged")
    guard member.isDeflated else {
      guard checkSum(of: range) == member.checkSum, let stored = bytes.copy(range) else {
        throw damaged
      }
      return stored
    }
    // Deflate does not reach more than 1032 bytes for one.
    guard member.byteCount >= 0, member.byteCount / 1032 <= member.storedCount,
      member.byteCount <= decompressionLimit,
      let contents = bytes.withBytes({
        inflated(UnsafeRawBufferPointer(rebasing: $0[range]), byteCount: member.byteCount)
      }), contents.withUnsafeBytes({ checkSum(of: $0) }) == member.checkSum
    else { throw damaged }
    return contents
  }

  /// Reports a stored member whose bytes are not what its sum says.
  func check(_ member: Member, _ range: Range<Int>) throws(FormatProblem) {
    guard checkSum(of: range) == member.checkSum else {
      throw .malformed("its member '\(shortened(member.name))' is damaged")
    }
  }

  private func checkSum(of range: Range<Int>) -> UInt32 {
    bytes.withBytes { checkSum(of: UnsafeRawBufferPointer(rebasing: $0[range])) }
  }

  private func checkSum(of bytes: UnsafeRawBufferPointer) -> UInt32 {
    let start = bytes.bindMemory(to: UInt8.self).baseAddress
    return UInt32(truncatingIfNeeded: crc32_z(0, start, bytes.count))
  }
}

/// The bytes that deflate made of so many; nil where they are others or more or fewer.
private func inflated(_ input: UnsafeRawBufferPointer, byteCount: Int) -> [UInt8]? {
  var stream = z_stream()
  // Less than zero: without a frame around it.
  guard
    inflateInit2_(&stream, -15, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  else { return nil }
  defer { inflateEnd(&stream) }
  var isWhole = false
  let output = [UInt8](unsafeUninitializedCapacity: byteCount) { output, count in
    var consumed = 0
    var status = Z_OK
    while status == Z_OK {
      let available = min(input.count - consumed, 1 << 30)
      let room = min(byteCount - count, 1 << 30)
      stream.next_in = UnsafeMutablePointer(
        mutating: input.bindMemory(to: UInt8.self).baseAddress.map { $0 + consumed })
      stream.avail_in = UInt32(available)
      stream.next_out = output.baseAddress.map { $0 + count }
      stream.avail_out = UInt32(room)
      status = inflate(&stream, Z_NO_FLUSH)
      consumed += available - Int(stream.avail_in)
      count += room - Int(stream.avail_out)
    }
    isWhole = status == Z_STREAM_END && count == byteCount
  }
  return isWhole ? output : nil
}
