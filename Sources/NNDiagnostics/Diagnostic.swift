/// How bad a finding is.
package enum Severity: String, Sendable {
  case error
  case warning
}

/// One thing that is wrong in what a person wrote: the rule, the place, the way out.
package struct Diagnostic: Hashable, Sendable {
  package let severity: Severity
  /// A stable kebab-case name of the rule, such as `unknown-field`.
  package let code: String
  /// One sentence without a full stop that states the rule and what broke it.
  package let message: String
  /// The name of the text, as in ``SourceText/name``.
  package let file: String
  package let range: SourceRange
  /// A few words shown beside the caret, such as `did you mean 'units'?`.
  package var label: String?
  /// What to do about it, in full sentences.
  package var help: String?
  /// Other places that matter, such as the first of two equal keys.
  package var notes: [Note]

  /// Another place in the same text and why it matters.
  package struct Note: Hashable, Sendable {
    package let message: String
    package let range: SourceRange

    package init(_ message: String, at range: SourceRange) {
      self.message = message
      self.range = range
    }
  }

  package init(
    _ severity: Severity = .error, _ code: String, _ message: String, file: String,
    at range: SourceRange, label: String? = nil, help: String? = nil, notes: [Note] = []
  ) {
    self.severity = severity
    self.code = code
    self.message = message
    self.file = file
    self.range = range
    self.label = label
    self.help = help
    self.notes = notes
  }

  /// Makes an error; Swift cannot leave out an argument without a label before others of its kind.
  package init(
    _ code: String, _ message: String, file: String, at range: SourceRange,
    label: String? = nil, help: String? = nil, notes: [Note] = []
  ) {
    self.init(
      .error, code, message, file: file, at: range, label: label, help: help, notes: notes)
  }
}
