// Paths as texts: what the model file says, joined to where the model file stands.
import NNDiagnostics

/// A path as it is to be opened: a relative one is joined to the folder.
package func joinedPath(_ path: String, to folder: String) -> String {
  if path.hasPrefix("/") || folder.isEmpty || folder == "." { return path }
  return folder.hasSuffix("/") ? folder + path : folder + "/" + path
}

/// The folder of a path (empty where it names none, else with its slash) and the name in it.
func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return ("", path) }
  return (String(path[...slash]), String(path[path.index(after: slash)...]))
}

/// The files that a path with stars in its last part stands for, sorted by name; nil of a path without
/// any, or where there is a file of that very name.
func matchingPaths(_ path: String, baseDirectory: String) -> [String]? {
  let written = splitPath(path)
  let opened = joinedPath(path, to: baseDirectory)
  guard isPattern(written.name), sizeOfFile(opened) == nil else { return nil }
  let names = listFolder(splitPath(opened).folder) ?? []
  // Hidden files are not meant by a star.
  let isHidden = written.name.hasPrefix(".")
  return names.filter { matches($0, pattern: written.name) && (isHidden || !$0.hasPrefix(".")) }
    .map { written.folder + $0 }
}

/// The path that was probably meant by one that leads nowhere, if something near exists.
package func nearestPath(to path: String, baseDirectory: String) -> String? {
  let written = splitPath(path)
  guard let names = listFolder(splitPath(joinedPath(path, to: baseDirectory)).folder),
    let name = nearest(to: written.name, among: names)
  else { return nil }
  return written.folder + name
}

/// The ends of names of compressed files.
let compressedExtensions = [".gz", ".zst"]

func isCompressed(_ path: String) -> Bool { hasSuffix(path, anyOf: compressedExtensions) }

func hasSuffix(_ path: String, anyOf extensions: [String]) -> Bool {
  let lower = path.lowercased()
  return extensions.contains { lower.hasSuffix($0) }
}
