/// The texts that stand for a value nobody has: the one list of them.
package let missingTexts: [String] = ["", "NA", "N/A", "NaN", "nan", "null", "NULL", "?"]

/// Whether a cell holds no value; blanks around it do not matter.
func isMissing(_ cell: [UInt8]) -> Bool {
  // All of them are short, and comparing is only worth it then.
  guard cell.count <= 16 else { return cell.allSatisfy(isBlank) }
  let text = String(decoding: trimmed(cell), as: UTF8.self)
  return missingTexts.contains(text)
}

func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }

/// A cell without the spaces and tabs around it.
func trimmed(_ cell: [UInt8]) -> [UInt8] {
  guard let first = cell.firstIndex(where: { !isBlank($0) }),
    let last = cell.lastIndex(where: { !isBlank($0) })
  else { return [] }
  return first == 0 && last == cell.count - 1 ? cell : Array(cell[first...last])
}
