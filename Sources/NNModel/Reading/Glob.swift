/// A pattern for names: `*` stands for any characters, dots too, `?` for any one of them.
package struct Glob: Sendable, Hashable {
  package let text: String

  package init(_ text: String) {
    self.text = text
  }

  /// Whether the pattern is a whole name.
  ///
  /// - Complexity: O(*m* · *n*) in the lengths of both; a star never leads to more than one retry
  ///   at each place.
  package func matches(_ name: String) -> Bool {
    let (pattern, letters) = (Array(text.unicodeScalars), Array(name.unicodeScalars))
    var (place, letter) = (0, 0)
    // Where the last star stood, and up to where it reaches so far.
    var star: (place: Int, letter: Int)?
    while letter < letters.count {
      if place < pattern.count, pattern[place] == "*" {
        star = (place, letter)
        place += 1
      } else if place < pattern.count, pattern[place] == "?" || pattern[place] == letters[letter] {
        place += 1
        letter += 1
      } else if let last = star {
        star = (last.place, last.letter + 1)
        place = last.place + 1
        letter = last.letter + 1
      } else {
        return false
      }
    }
    return pattern[place...].allSatisfy { $0 == "*" }
  }
}
