import Foundation
import NNJSON
import Testing

/// The program as people run it: `nnc` beside the bundle of the tests.
struct Program {
  let path: String

  /// - Throws: a failure that says how to make the program, where it was not built.
  init() throws {
    let own = try FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/exe")
    // The bundle may be run by a helper of SwiftPM, which then lies elsewhere.
    let candidates = [own] + CommandLine.arguments
    let path = candidates.lazy.map { argument in
      URL(filePath: argument).deletingLastPathComponent().appending(path: "nnc").path
    }.first { FileManager.default.isExecutableFile(atPath: $0) }
    self.path = try #require(path, "nnc is not beside the tests; run make build first")
  }

  /// What a run left behind.
  struct Result {
    let code: Int32
    let output: String
    let errors: String

    /// Standard output as the one JSON document it must be.
    var json: JSONValue {
      get throws { try JSONValue.parse(output) }
    }
  }

  /// A run that has begun.
  final class Run {
    let process = Process()
    private let folder: Workspace
    private let outputFile: URL
    private let errorFile: URL

    fileprivate init(
      _ path: String, _ arguments: [String], _ folder: Workspace, input: String?,
      environment: [String: String]
    ) throws {
      self.folder = folder
      let number = UUID().uuidString
      outputFile = folder.logs.appending(path: "\(number).out")
      errorFile = folder.logs.appending(path: "\(number).err")
      process.executableURL = URL(filePath: path)
      process.arguments = arguments
      process.currentDirectoryURL = folder.url
      process.environment = ProcessInfo.processInfo.environment.merging(environment) { $1 }
      // Files instead of pipes: nobody has to read while the program runs.
      try Data().write(to: outputFile)
      try Data().write(to: errorFile)
      process.standardOutput = try FileHandle(forWritingTo: outputFile)
      process.standardError = try FileHandle(forWritingTo: errorFile)
      let inputFile = folder.logs.appending(path: "\(number).in")
      try Data((input ?? "").utf8).write(to: inputFile)
      process.standardInput = try FileHandle(forReadingFrom: inputFile)
      try process.run()
    }

    var errorsSoFar: String { (try? String(contentsOf: errorFile, encoding: .utf8)) ?? "" }

    /// How much longer than it should need a program may take: under a sanitizer it is slow.
    private static let patience =
      ProcessInfo.processInfo.environment["NNC_PATIENCE"].flatMap { Double($0) } ?? 1

    /// Waits until something is true, at most so many seconds.
    func wait(_ seconds: Double, until isTrue: () -> Bool) -> Bool {
      let end = Date(timeIntervalSinceNow: seconds * Run.patience)
      while !isTrue() {
        guard Date() < end, process.isRunning else { return isTrue() }
        Thread.sleep(forTimeInterval: 0.005)
      }
      return true
    }

    func interrupt() { kill(process.processIdentifier, SIGINT) }

    /// The outcome; a program that does not end by itself in two minutes is ended and found out
    /// by its code.
    func result() throws -> Result {
      if !wait(120, until: { !process.isRunning }) { kill(process.processIdentifier, SIGKILL) }
      process.waitUntilExit()
      return Result(
        code: process.terminationReason == .exit ? process.terminationStatus : -1,
        output: try String(contentsOf: outputFile, encoding: .utf8), errors: errorsSoFar)
    }
  }

  func start(
    _ arguments: [String], in folder: Workspace, input: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Run {
    try Run(path, arguments, folder, input: input, environment: environment)
  }

  func run(
    _ arguments: String..., in folder: Workspace, input: String? = nil,
    environment: [String: String] = [:]
  ) throws -> Result {
    try start(arguments, in: folder, input: input, environment: environment).result()
  }
}

/// A folder with a small model and its data that goes away with the test.
final class Workspace {
  let url: URL
  let logs: URL

  init() throws {
    let base = FileManager.default.temporaryDirectory
      .appending(path: "nnc-command-line-\(UUID().uuidString)")
    url = base.appending(path: "work")
    logs = base.appending(path: "logs")
    for folder in [url, logs] {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    }
    var rows = "length,width,species\n"
    for index in 0..<24 {
      let kind = index % 3
      let species = ["a", "b", "\"c, or d\""][kind]
      rows += "\(4 + kind).\(index % 7),\(3 - kind).\(index % 5),\(species)\n"
    }
    try write(rows, to: "flowers.csv")
    try write(Workspace.model, to: "flowers.yaml")
  }

  deinit { try? FileManager.default.removeItem(at: url.deletingLastPathComponent()) }

  func write(_ text: String, to name: String) throws {
    try Data(text.utf8).write(to: url.appending(path: name))
  }

  func bytes(_ name: String) throws -> Data { try Data(contentsOf: url.appending(path: name)) }

  func exists(_ name: String) -> Bool {
    FileManager.default.fileExists(atPath: url.appending(path: name).path)
  }

  static let model = """
    nnc: 1
    name: flowers
    seed: 7
    data:
      source: flowers.csv
      split: {train: 0.5, validation: 0.25, test: 0.25, stratify: species}
      inputs:
        size: {columns: [length, width], scale: standard}
      targets:
        species: {column: species, type: category}
    model:
      - dense: {units: 8, activation: relu}
      - dense: species
    loss: cross_entropy
    optimizer: {adam: {lr: 1e-2}}
    train: {epochs: 5, batch: 4}
    metrics: [accuracy]

    """
}
