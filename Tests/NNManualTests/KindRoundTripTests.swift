import NNDiagnostics
@testable import NNModel
import NNYAML
import Testing

/// What every kind passes by being registered: it is read as it is written, and its ranges hold.
@Suite struct KindRoundTripTests {
  private static let kinds = CataloguedKind.all

  /// `word: {field: value, …}` with a value for each field.
  private static func text(
    _ kind: CataloguedKind, _ value: (String, any AnyField) -> String?
  ) -> String {
    let parts = kind.type.fields.compactMap { name, field in
      value(name, field).map { "\(name): \($0)" }
    }
    return parts.isEmpty ? kind.word : "\(kind.word): {\(parts.joined(separator: ", "))}"
  }

  @Test(arguments: kinds)
  private func `a kind with its defaults written out is the kind without`(
    _ kind: CataloguedKind
  ) throws {
    let short = try kind.read(
      Self.text(kind) { $1.isRequired ? $1.sample : nil })
    let long = try kind.read(
      Self.text(kind) { $1.isRequired ? $1.sample : $1.text })
    #expect(short.diagnostics.map(\.message) == [])
    #expect(long.diagnostics.map(\.message) == [])
    #expect(try #require(short.kind).written == #require(long.kind).written)
  }

  @Test(arguments: kinds)
  private func `a kind with all fields set reads back to the same`(_ kind: CataloguedKind) throws {
    let first = try kind.read(Self.text(kind) { $1.sample })
    #expect(first.diagnostics.map(\.message) == [])
    let written = try #require(first.kind).written
    for (name, field) in kind.type.fields {
      // Cells are written as the texts they are.
      let plain = written.replacing("'", with: "")
      #expect(plain.contains("\(name): \(field.sample)"), "\(written)")
    }
    let second = try kind.read(written)
    #expect(second.diagnostics.map(\.message) == [])
    #expect(second.kind?.written == written)
  }

  @Test(arguments: kinds)
  private func `a number just outside its range is one finding at its place`(
    _ kind: CataloguedKind
  ) throws {
    for (name, field) in kind.type.fields {
      let outliers = outliers(of: field)
      #expect(field.range == nil || !outliers.isEmpty, "\(name) has a range but takes no number")
      for number in outliers {
        let value = try #require(field.text(of: number), "\(name) has a range but takes no number")
        let text = Self.text(kind) { other, field in
          other == name ? value : field.isRequired ? field.sample : nil
        }
        let found = try kind.read(text).diagnostics
        #expect(found.map(\.code) == ["out-of-range"], "\(text)")
        #expect(found.first?.range == valueRange(text, kind.word, name), "\(text)")
      }
    }
  }

  /// The numbers just outside a field's range.
  private func outliers(of field: any AnyField) -> [Double] {
    let step = field.counts ? 1 : 0.001
    guard let range = field.range ?? (field.counts ? .anyCount : nil) else { return [] }
    let limits = field.counts ? range.ofCounts : range
    var result: [Double] = []
    if let lower = limits.lower { result.append(limits.lowerIsOpen ? lower : lower - step) }
    if let upper = limits.upper, upper.isFinite {
      result.append(limits.upperIsOpen ? upper : upper + step)
    }
    return result
  }
}
