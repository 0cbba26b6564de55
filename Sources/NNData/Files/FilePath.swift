// Paths as texts: what the model file says, joined to where the model file stands.

/// A path as it is to be opened: a relative one is joined to the folder.
func joinedPath(_ path: String, to folder: String) -> String {
  if path.hasPrefix("/") || folder.isEmpty || folder == "." { return path }
  return folder.hasSuffix("/") ? folder + path : folder + "/" + path
}

/// The folder of a path (empty where it names none, else with its slash) and the name in it.
func splitPath(_ path: String) -> (folder: String, name: String) {
  guard let slash = path.lastIndex(of: "/") else { return ("", path) }
  return (String(path[...slash]), String(path[path.index(after: slash)...]))
}

func hasSuffix(_ path: String, anyOf extensions: [String]) -> Bool {
  let lower = path.lowercased()
  return extensions.contains { lower.hasSuffix($0) }
}
