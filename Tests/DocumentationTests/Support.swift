import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#endif
import Foundation

/// The checkout that the tests were built from.
let repository = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

func text(_ path: String) throws -> String {
  try String(contentsOf: repository.appending(path: path), encoding: .utf8)
}

/// The fenced blocks of a page that are in a language.
func blocks(of page: String, language: String) throws -> [String] {
  var blocks: [String] = []
  var open: [Substring]?
  var isWanted = false
  for line in try text(page).split(separator: "\n", omittingEmptySubsequences: false) {
    guard line.hasPrefix("```") else {
      open?.append(line)
      continue
    }
    if let lines = open {
      if isWanted { blocks.append(lines.joined(separator: "\n")) }
      open = nil
    } else {
      open = []
      isWanted = line.dropFirst(3) == language
    }
  }
  return blocks
}

/// A folder that goes when the test ends.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appending(path: "nnc-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}

/// One run of the program, in a folder of its own that looks like the checkout.
struct NNC {
  let code: Int32
  let output: String
  let errors: String
  private let folder: TemporaryFolder

  init(_ arguments: [String], in given: TemporaryFolder? = nil) throws {
    folder = try given ?? TemporaryFolder()
    for name in ["models", "datasets"] where given == nil {
      try FileManager.default.createSymbolicLink(
        at: folder.url.appending(path: name), withDestinationURL: repository.appending(path: name))
    }
    let process = Process()
    process.executableURL = try NNC.program()
    process.arguments = arguments
    process.currentDirectoryURL = folder.url
    let (out, err) = (folder.url.appending(path: "out.txt"), folder.url.appending(path: "err.txt"))
    for url in [out, err] { try Data().write(to: url) }
    process.standardOutput = try FileHandle(forWritingTo: out)
    process.standardError = try FileHandle(forWritingTo: err)
    try process.run()
    process.waitUntilExit()
    code = process.terminationStatus
    output = try String(contentsOf: out, encoding: .utf8)
    errors = try String(contentsOf: err, encoding: .utf8)
  }

  /// The program that lies beside the bundle of the tests.
  private static func program() throws -> URL {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    let candidates = [own] + CommandLine.arguments
    let found = candidates.lazy.map { argument in
      URL(filePath: argument).deletingLastPathComponent().appending(path: "nnc")
    }.first { FileManager.default.isExecutableFile(atPath: $0.path) }
    return try #require(found, "nnc is not beside the tests; run make build first")
  }

  /// Where the run that `train` made lies.
  var runFolder: String {
    let name = output.split(separator: "\n").first { $0.hasPrefix("weights") } ?? ""
    let path = name.split(separator: " ").last ?? ""
    return folder.url.appending(path: String(path)).deletingLastPathComponent().path
  }
}
