import NNDiagnostics
import NNYAML

/// Values in place of expressions.
extension Expansion {
  mutating func filled(
    _ scalar: YAMLScalar, _ node: YAMLNode, _ scope: Scope, depth: Int
  ) -> YAMLNode {
    guard Template.isNeeded(for: scalar.text) else { return node }
    do throws(Reported) {
      let template = try located(node) { () throws(FormulaError) in try Template(scalar.text) }
      if let stretch = template.onlyExpression {
        let value = try value(of: stretch, scalar.text, node, scope)
        guard value.scalar == nil else { return value }
        let size = value.size
        count(size.nodes, at: node.range)
        if depth + size.levels > Self.deepest {
          stop("too-deep", "values are nested deeper than \(Self.deepest) levels", at: node.range)
        }
        return value
      }
      var text = ""
      for part in template.parts {
        switch part {
        case .text(let literal): text += literal
        case .expression(let stretch):
          let value = try value(of: stretch, scalar.text, node, scope)
          guard let inserted = value.scalar, inserted.value != .null else {
            throw reported(
              "wrong-type", "\(value.described) cannot stand inside a text",
              at: place(of: stretch, in: node))
          }
          text += inserted.text
        }
        guard text.utf8.count <= Self.longestText else {
          stop(
            "scalar-too-long", "a value is longer than \(Self.longestText) bytes", at: node.range)
          return node
        }
      }
      // Long texts count for more, so that they cannot grow out of each other without end.
      count(text.utf8.count / 64, at: node.range)
      return YAMLNode(
        .scalar(YAMLScalar(text: text, isPlain: false, value: .string(text))), at: node.range)
    } catch {
      return .standIn(at: error.range)
    }
  }

  /// The value of an expression, at the place of the scalar it stands in.
  private mutating func value(
    of stretch: Range<Int>, _ text: String, _ node: YAMLNode, _ scope: Scope
  ) throws(Reported) -> YAMLNode {
    let formula = try located(node) { () throws(FormulaError) in
      try FormulaParser.parse(text, stretch)
    }
    if let name = formula.name {
      let found = try lookUp(name, at: place(of: formula.range, in: node), scope)
      return YAMLNode(found.content, at: node.range)
    }
    switch try number(formula, node, scope) {
    case .int(let value): return YAMLNode(.int(value), at: node.range)
    case .float(let value): return YAMLNode(.float(value), at: node.range)
    }
  }

  private mutating func number(
    _ formula: Formula, _ node: YAMLNode, _ scope: Scope
  ) throws(Reported) -> FormulaNumber {
    switch formula.content {
    case .number(let number): return number
    case .name(let name):
      let range = place(of: formula.range, in: node)
      let found = try lookUp(name, at: range, scope)
      switch found.scalar?.value {
      case .int(let value): return .int(value)
      case .float(let value) where value.isFinite: return .float(value)
      default:
        throw reported(
          "wrong-type", "'\(name)' is \(found.described), and only numbers can be computed with",
          at: range)
      }
    case .negative(let inner):
      let zero = Formula(content: .number(.int(0)), range: formula.range)
      let difference = Formula(content: .operation(.subtract, zero, inner), range: formula.range)
      return try number(difference, node, scope)
    case .operation(let operation, let left, let right):
      let a = try number(left, node, scope)
      let b = try number(right, node, scope)
      let divides = operation == .divide || operation == .floorDivide || operation == .modulo
      if divides, b.asDouble == 0 {
        throw reported(
          "division-by-zero", "the expression divides by zero",
          at: place(of: right.range, in: node))
      }
      guard let result = FormulaNumber.result(of: operation, a, b) else {
        throw reported(
          "number-out-of-range", "the result is out of range for a number",
          at: place(of: formula.range, in: node))
      }
      return result
    }
  }

  /// Runs what may fail at a stretch of a scalar's text, and reports it there.
  private mutating func located<Value>(
    _ node: YAMLNode, _ body: () throws(FormulaError) -> Value
  ) throws(Reported) -> Value {
    do throws(FormulaError) {
      return try body()
    } catch {
      throw reported(
        error.code, error.message, at: place(of: error.range, in: node), help: error.help)
    }
  }

  /// Where a stretch of a scalar's text stands in the file; the whole scalar where its text is not
  /// written there letter by letter.
  private func place(of stretch: Range<Int>, in node: YAMLNode) -> SourceRange {
    let (start, end) = (node.range.start, node.range.end)
    guard let scalar = node.scalar, start.line == end.line else { return node.range }
    let text = Array(scalar.text.utf8)
    let quotes = end.offset - start.offset - text.count
    guard quotes == (scalar.isPlain ? 0 : 2), stretch.upperBound <= text.count else {
      return node.range
    }
    func position(_ offset: Int) -> SourcePosition {
      let before = String(decoding: text[..<offset], as: UTF8.self)
      return SourcePosition(
        offset: start.offset + quotes / 2 + offset, line: start.line,
        column: start.column + quotes / 2 + before.count)
    }
    return SourceRange(position(stretch.lowerBound), position(stretch.upperBound))
  }
}
