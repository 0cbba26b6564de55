import ArgumentParser
import NNData
import NNJSON

struct Cache: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Lists and clears the prepared samples that are kept.",
    discussion: """
      A model file with 'cache: true' in its data section keeps its prepared samples in \
      ~/.cache/nnc, or where NNC_CACHE says, under a digest of the content of its files, of all that \
      is declared about them and of the program. What differs in anything is prepared anew.

        nnc cache
        nnc cache clear
        nnc cache clear 3f2a
      """,
    subcommands: [List.self, Clear.self], defaultSubcommand: List.self)

  struct List: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Lists what is kept.")

    @Flag(help: "Print one JSON document on standard output.")
    var json = false

    func run() {
      let entries = CacheFolder.ofUser.entries()
      if json {
        let document: JSONValue = [
          "folder": .string(CacheFolder.ofUser.path),
          "entries": .array(
            entries.map {
              [
                "key": .string($0.key), "title": .string($0.title),
                "samples": JSONValue($0.samples), "bytes": JSONValue($0.bytes),
                "used_at": JSONValue($0.usedAt),
              ]
            }),
        ]
        Console.out(document.serialized(pretty: true))
        return
      }
      guard !entries.isEmpty else {
        Console.out("nothing is kept in \(CacheFolder.ofUser.path)")
        return
      }
      var table = TextTable([
        ("key", false), ("model", false), ("samples", true), ("size", true), ("last used", true),
      ])
      for entry in entries {
        table.add([
          String(entry.key.prefix(12)), entry.title, grouped(entry.samples),
          scaled(Double(entry.bytes), "B"), "\(duration(age(of: entry))) ago",
        ])
      }
      Console.out(table.text)
      let bytes = entries.reduce(0) { $0 + $1.bytes }
      Console.error(
        "\n\(scaled(Double(bytes), "B")) in \(CacheFolder.ofUser.path); nnc cache clear removes it")
    }

    private func age(of entry: CacheListing) -> Double {
      max(secondsSince1970() - Double(entry.usedAt), 0)
    }
  }

  struct Clear: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Removes what is kept; whatever still needs it is prepared anew.")

    @Argument(help: "Beginnings of the keys to remove; by default all are.")
    var keys: [String] = []

    func run() throws {
      CacheFolder.ofUser.removeLeftovers()
      let entries = CacheFolder.ofUser.entries()
      if let unknown = keys.first(where: { key in !entries.contains { $0.key.hasPrefix(key) } }) {
        throw Failure.input(
          "nothing is kept under '\(unknown)'", help: "nnc cache lists the keys.")
      }
      let meant = entries.filter { entry in
        keys.isEmpty || keys.contains { entry.key.hasPrefix($0) }
      }
      for entry in meant where !CacheFolder.ofUser.remove(entry.key) {
        throw Failure.input("'\(CacheFolder.ofUser.path)/\(entry.key)' cannot be removed")
      }
      let bytes = meant.reduce(0) { $0 + $1.bytes }
      Console.error(
        "removed \(meant.count) of \(entries.count), \(scaled(Double(bytes), "B")), from "
          + CacheFolder.ofUser.path)
    }
  }
}
