/// What a finding's code stands for: the rule that was broken, and the way out.
package struct FindingCode: Sendable, Equatable {
  package let code: String
  /// Sentences that say what the rule is.
  package let rule: String
  /// Sentences that say what to do.
  package let wayOut: String
  /// Lines of a file that break the rule, and the same lines in order.
  package let example: Example?

  package struct Example: Sendable, Equatable {
    package let wrong: String
    package let right: String
  }

  init(_ code: String, _ rule: String, _ wayOut: String, _ wrong: String, _ right: String) {
    self.code = code
    self.rule = rule
    self.wayOut = wayOut
    example = Example(wrong: wrong, right: right)
  }

  /// Without an example, where lines of a file would not show it.
  init(_ code: String, _ rule: String, _ wayOut: String) {
    self.code = code
    self.rule = rule
    self.wayOut = wayOut
    example = nil
  }

  /// All codes, by what they are about.
  package static let groups: [(title: String, codes: [FindingCode])] = [
    ("Text and signs", textCodes),
    ("Words and values", wordCodes),
    ("Variables and blocks", expansionCodes),
    ("Layers and losses", modelCodes),
    ("Columns and rows", dataCodes),
    ("Files", fileCodes),
  ]

  package static let all: [FindingCode] = groups.flatMap(\.codes)
}
