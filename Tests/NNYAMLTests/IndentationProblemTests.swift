import NNYAML
import Testing

/// Slips of indentation, and what a person sees.
@Suite struct IndentationProblemTests {
  static let cases: [(text: String, problems: String)] = [
    (
      "a:\n\tb: 1\n",
      """
      error[tab-indentation]: tabs cannot indent YAML
       --> m.yaml:2:1
        |
      2 |     b: 1
        | ^^^^
        = help: Indent with spaces, two for each level.
      """
    ),
    (
      "a: |\n\tx\n",
      """
      error[tab-indentation]: tabs cannot indent YAML
       --> m.yaml:2:1
        |
      2 |     x
        | ^^^^
        = help: Indent with spaces, two for each level.
      """
    ),
    (
      "a: [\n\tb,\n\t\"c\"]\n",
      """
      error[tab-indentation]: tabs cannot indent YAML
       --> m.yaml:2:1
        |
      2 |     b,
        | ^^^^
        = help: Indent with spaces, two for each level.
      error[tab-indentation]: tabs cannot indent YAML
       --> m.yaml:3:1
        |
      3 |     "c"]
        | ^^^^
        = help: Indent with spaces, two for each level.
      """
    ),
    (
      "a: 1\n\tb: 2\n",
      """
      error[tab-indentation]: tabs cannot indent YAML
       --> m.yaml:2:1
        |
      2 |     b: 2
        | ^^^^
        = help: Indent with spaces, two for each level.
      """
    ),
    (
      "a:\n    b: 1\n  c: 2\n",
      """
      error[bad-indentation]: the indentation of this line matches no line above
       --> m.yaml:3:3
        |
      3 |   c: 2
        |   ^^^^
        = help: Indent the entries of one mapping alike.
      note: the mapping around it begins here, at the margin
       --> m.yaml:1:1
        |
      1 | a:
        | -
      """
    ),
    (
      "a: 1\n  b: 2\n",
      """
      error[bad-indentation]: this line is indented deeper than the entry above it
       --> m.yaml:2:3
        |
      2 |   b: 2
        |   ^^
        = help: Indent entries of one mapping alike.
      note: this value goes on in the lines below it
       --> m.yaml:1:4
        |
      1 | a: 1
        |    -
      """
    ),
    (
      "a:\n- b\n c: 1\n",
      """
      error[bad-indentation]: this line is indented deeper than the entry above it
       --> m.yaml:3:2
        |
      3 |  c: 1
        |  ^^
        = help: Indent entries of one mapping alike.
      note: this value goes on in the lines below it
       --> m.yaml:2:3
        |
      2 | - b
        |   -
      """
    ),
    (
      "a: |\n   x\n  y\n",
      """
      error[bad-indentation]: the indentation of this line matches no line above
       --> m.yaml:3:3
        |
      3 |   y
        |   ^
        = help: Indent the entries of one mapping alike.
      note: the mapping around it begins here, at the margin
       --> m.yaml:1:1
        |
      1 | a: |
        | -
      """
    ),
    (
      "a: b #c\n d\n",
      """
      error[bad-indentation]: the indentation of this line matches no line above
       --> m.yaml:2:2
        |
      2 |  d
        |  ^
        = help: Indent the entries of one mapping alike.
      note: the mapping around it begins here, at the margin
       --> m.yaml:1:1
        |
      1 | a: b #c
        | -
      """
    ),
    (
      " a: 1\nb: 2\n",
      """
      error[bad-indentation]: this line stands left of the entries above
       --> m.yaml:2:1
        |
      2 | b: 2
        | ^^^^
        = help: Indent the entries of one mapping alike.
      note: the entries begin here
       --> m.yaml:1:2
        |
      1 |  a: 1
        |  -
      """
    ),
    (
      "a:\n  - b: 1\n   c: 2\n",
      """
      error[bad-indentation]: the indentation of this line matches no line above
       --> m.yaml:3:4
        |
      3 |    c: 2
        |    ^^^^
        = help: Indent the entries of one list alike.
      note: the list around it begins here, with 2 spaces before it
       --> m.yaml:2:3
        |
      2 |   - b: 1
        |   -
      """
    ),
    (
      "lr: 0.1 # x\n  momentum: 2\n",
      """
      error[bad-indentation]: the indentation of this line matches no line above
       --> m.yaml:2:3
        |
      2 |   momentum: 2
        |   ^^^^^^^^^^^
        = help: Indent the entries of one mapping alike.
      note: the mapping around it begins here, at the margin
       --> m.yaml:1:1
        |
      1 | lr: 0.1 # x
        | -
      """
    ),
    (
      "a:\n  b: 1\n c: 2\n",
      """
      error[bad-indentation]: the indentation of this line matches no line above
       --> m.yaml:3:2
        |
      3 |  c: 2
        |  ^^^^
        = help: Indent the entries of one mapping alike.
      note: the mapping around it begins here, at the margin
       --> m.yaml:1:1
        |
      1 | a:
        | -
      """
    ),
    (
      "- a\nb: 1\n",
      """
      error[missing-dash]: this line stands in a list but does not begin with '- '
       --> m.yaml:2:1
        |
      2 | b: 1
        | ^^^^
        = help: Begin it with '- ', or indent it under the entry above.
      note: the list begins here
       --> m.yaml:1:1
        |
      1 | - a
        | -
      """
    ),
    (
      "a:\n  - b\n  c: 1\n",
      """
      error[missing-dash]: this line stands in a list but does not begin with '- '
       --> m.yaml:3:3
        |
      3 |   c: 1
        |   ^^^^
        = help: Begin it with '- ', or indent it under the entry above.
      note: the list begins here
       --> m.yaml:2:3
        |
      2 |   - b
        |   -
      """
    ),
    (
      "a: - b\n",
      """
      error[misplaced-dash]: a list entry cannot begin on the line of its key
       --> m.yaml:1:4
        |
      1 | a: - b
        |    ^
        = help: Put each entry on a line of its own, or write the list in brackets: 'key: [a, b]'. Put
                quotes around a text that begins with '-'.
      """
    ),
    (
      "a: -\n",
      """
      error[misplaced-dash]: a list entry cannot begin on the line of its key
       --> m.yaml:1:4
        |
      1 | a: -
        |    ^
        = help: Put each entry on a line of its own, or write the list in brackets: 'key: [a, b]'. Put
                quotes around a text that begins with '-'.
      """
    ),
    (
      "a: x:y\nb: -1\nc: - d\n",
      """
      error[misplaced-dash]: a list entry cannot begin on the line of its key
       --> m.yaml:3:4
        |
      3 | c: - d
        |    ^
        = help: Put each entry on a line of its own, or write the list in brackets: 'key: [a, b]'. Put
                quotes around a text that begins with '-'.
      """
    ),
    (
      "a: 1\n- b\n",
      """
      error[misplaced-dash]: a list entry cannot stand among the keys of a mapping
       --> m.yaml:2:1
        |
      2 | - b
        | ^
        = help: Put the list under a key, or leave the '- ' out.
      note: the mapping begins here
       --> m.yaml:1:1
        |
      1 | a: 1
        | -
      """
    ),
  ]

  @Test(arguments: cases)
  func `a slip of indentation is explained in plain words`(_ text: String, _ problems: String) {
    #expect(read(text).problems == problems)
  }
}
