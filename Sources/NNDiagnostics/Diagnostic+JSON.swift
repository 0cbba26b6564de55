package import NNJSON

extension Diagnostic {
  /// The finding as `--json` prints it. `label` is absent when there is none, `help` is null.
  package var json: JSONValue {
    var members: [JSONValue.Member] = [
      .init("severity", .string(severity.rawValue)),
      .init("code", .string(code)),
      .init("message", .string(message)),
      .init("file", .string(file)),
    ]
    members += range.jsonMembers
    if let label { members.append(.init("label", .string(label))) }
    members.append(.init("help", JSONValue(help)))
    let notes = notes.map { note in
      JSONValue.object([.init("message", .string(note.message))] + note.range.jsonMembers)
    }
    members.append(.init("notes", .array(notes)))
    return .object(members)
  }
}

/// The document that every reporting command prints under `--json`.
package func diagnosticsDocument(_ diagnostics: [Diagnostic]) -> JSONValue {
  ["diagnostics": .array(diagnostics.map(\.json))]
}

extension SourceRange {
  fileprivate var jsonMembers: [JSONValue.Member] {
    [
      .init("line", JSONValue(start.line)),
      .init("column", JSONValue(start.column)),
      .init("endLine", JSONValue(end.line)),
      .init("endColumn", JSONValue(end.column)),
    ]
  }
}
