import NNCheckpoint
import NNData
import NNModel
import NNYAML

extension DataSpec {
  /// Where the prepared samples of this data are kept: under the digest of the content of every file,
  /// of the data section, of the seed that divides it, and of this very program, whose every change
  /// may be one of a transform. Nil where nothing is kept, or a file cannot be read, which is told
  /// when it is read.
  ///
  /// - node: the data section, resolved.
  func cacheEntry(
    _ node: YAMLNode, seed: Int, title: String, baseDirectory: String,
    in folder: CacheFolder
  ) -> CacheEntry? {
    guard isCached, var section = node.mapping, let program = DataSpec.program else { return nil }
    // Where samples are and how much memory they take changes nothing about them.
    section.entries.removeAll { ["cache", "memory"].contains($0.key) }
    var declared = node
    declared.content = .mapping(section)
    var text = "program \(program)\nseed \(seed)\n"
    for file in sourceFiles(baseDirectory: baseDirectory) {
      guard let digest = try? file.digest else { return nil }
      text += "\(digest) \(file.path)\n"
    }
    text += writeYAML(declared.withoutExpressions)
    return CacheEntry(key: ContentDigest(of: text).hexadecimal, title: title, in: folder)
  }

  /// The digest of the running program.
  private static let program = try? ContentDigest(ofFile: "/proc/self/exe").hexadecimal
}
