extension Sequence<Diagnostic> {
  /// The findings in reading order, each once: by file in the order the files first appear, then
  /// by place, errors before warnings, and otherwise in the order given.
  package func sortedForReading() -> [Diagnostic] {
    var seen: Set<Diagnostic> = []
    var fileRanks: [String: Int] = [:]
    var ranked: [(rank: Int, order: Int, diagnostic: Diagnostic)] = []
    for diagnostic in self where seen.insert(diagnostic).inserted {
      let rank = fileRanks[diagnostic.file, default: fileRanks.count]
      fileRanks[diagnostic.file] = rank
      ranked.append((rank, ranked.count, diagnostic))
    }
    ranked.sort { left, right in
      let (a, b) = (left.diagnostic, right.diagnostic)
      if left.rank != right.rank { return left.rank < right.rank }
      if a.range.start.offset != b.range.start.offset {
        return a.range.start.offset < b.range.start.offset
      }
      if a.severity != b.severity { return a.severity == .error }
      return left.order < right.order
    }
    return ranked.map(\.diagnostic)
  }

  /// How many of the findings are errors.
  package var errorCount: Int { count { $0.severity == .error } }

  /// How many of the findings are warnings.
  package var warningCount: Int { count { $0.severity == .warning } }

  /// Whether any finding forbids going on.
  package var hasErrors: Bool { contains { $0.severity == .error } }
}

/// One line that sums findings up, such as `2 errors and 1 warning in 1 file`.
package func summary(errors: Int, warnings: Int, files: Int) -> String {
  func counted(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
  var parts: [String] = []
  if errors > 0 { parts.append(counted(errors, "error")) }
  if warnings > 0 { parts.append(counted(warnings, "warning")) }
  let findings = parts.isEmpty ? "no problems" : parts.joined(separator: " and ")
  return "\(findings) in \(counted(files, "file"))"
}
