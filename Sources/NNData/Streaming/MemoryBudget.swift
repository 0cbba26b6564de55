// How much memory data may take, and how a person says it.
package import NNModel
package import NNYAML

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#endif

/// So many bytes, written with a unit: 500 MB, 1.5 GiB.
package struct ByteSize: FieldValue, Equatable {
  package let bytes: Int
  private let text: String

  package static let expectation = "a size such as 500 MB, 2 GB or 1.5 GiB"
  package static func sample(within range: Bounds?) -> String { "2 GB" }
  package var shownInManual: String { text }

  /// Decimal units as the International System has them, binary ones as IEC 80000-13 does.
  private static let units: [(name: String, bytes: Double)] = [
    ("kB", 1e3), ("MB", 1e6), ("GB", 1e9), ("TB", 1e12), ("KiB", 0x1p10), ("MiB", 0x1p20),
    ("GiB", 0x1p30), ("TiB", 0x1p40),
  ]

  package static func read(_ node: YAMLNode, _ reader: inout Reader) -> ByteSize? {
    guard let scalar = node.scalar else { return reader.wrongType(node, expectation) }
    let text = scalar.text
    let digits = text.prefix { $0.isNumber || $0 == "." }
    let unit = text.dropFirst(digits.count).drop { $0 == " " }
    if let number = Double(digits), let unit = units.first(where: { $0.name == unit }),
      number * unit.bytes < 0x1p62
    {
      let size = ByteSize(bytes: Int(number * unit.bytes), text: text)
      guard size.bytes < MemoryBudget.least else { return size }
      reader.error(
        "out-of-range", "\(text) is out of range: it must be at least 1 MB", at: node.range)
      return nil
    }
    let isBare = Double(text) != nil
    return reader.wrongType(
      node, expectation, help: isBare ? "Write the unit behind the number: \(text) MB." : nil,
      among: [])
  }
}

/// How much memory the data of a training may take.
package enum MemoryBudget {
  /// The least that a person may ask for: a table is read in pieces of a sixteenth of it.
  static let least = 1_000_000

  /// A quarter of what this machine has, or of what it lets this process have.
  package static var standard: Int { max((machineBytes ?? 1 << 32) / 4, least) }

  private static var machineBytes: Int? {
    let pages = sysconf(Int32(_SC_PHYS_PAGES))
    let page = sysconf(Int32(_SC_PAGESIZE))
    let physical = pages > 0 && page > 0 ? pages.multipliedReportingOverflow(by: page) : nil
    let own = physical.flatMap { $0.overflow ? nil : $0.partialValue }
    return [own, containerBytes].compactMap { $0 }.min()
  }

  /// What a container is limited to, by the second version of Linux's control groups.
  private static var containerBytes: Int? {
    guard let bytes = try? readFile("/sys/fs/cgroup/memory.max", limit: 64).bytes else {
      return nil
    }
    return Int(String(decoding: bytes, as: UTF8.self).prefix { $0.isNumber })
  }
}
