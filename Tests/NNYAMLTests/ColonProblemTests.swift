import NNYAML
import Testing

/// Slips with colons, and what a person sees.
@Suite struct ColonProblemTests {
  static let cases: [(text: String, problems: String)] = [
    (
      "b: 2\nfoo\nc: 3\n",
      """
      error[missing-colon]: 'foo' stands where a key is expected, without a ':'
       --> m.yaml:2:1
        |
      2 | foo
        | ^^^
        = help: Write 'key: value', or 'key:' above its entries.
      """
    ),
    (
      "a\nb: 1\n",
      """
      error[missing-colon]: a key cannot follow a text without one
       --> m.yaml:2:1
        |
      2 | b: 1
        | ^^
        = help: Write 'key: value' on every line.
      note: this line has no ':'
       --> m.yaml:1:1
        |
      1 | a
        | -
      """
    ),
    (
      "a:1\nb: 2\n",
      """
      error[missing-space]: a space is missing after ':'
       --> m.yaml:1:2
        |
      1 | a:1
        |  ^
        = help: Write 'key: value'. Put quotes around a text that has a colon.
      """
    ),
    (
      "b: 2\na:1\n",
      """
      error[missing-space]: a space is missing after ':'
       --> m.yaml:2:2
        |
      2 | a:1
        |  ^
        = help: Write 'key: value'. Put quotes around a text that has a colon.
      """
    ),
    (
      "a: {b:1}\n",
      """
      error[missing-space]: a space is missing after ':'
       --> m.yaml:1:6
        |
      1 | a: {b:1}
        |      ^
        = help: Write 'key: value'. Put quotes around a text that has a colon.
      """
    ),
    (
      "- a\n-b\n- c\n",
      """
      error[missing-space]: a space is missing after '-'
       --> m.yaml:2:1
        |
      2 | -b
        | ^
        = help: Write '- entry'. Put quotes around a text that begins with '-'.
      """
    ),
    (
      "a: {b: 1, b:2, c:3}\n",
      """
      error[missing-space]: a space is missing after ':'
       --> m.yaml:1:12
        |
      1 | a: {b: 1, b:2, c:3}
        |            ^
        = help: Write 'key: value'. Put quotes around a text that has a colon.
      error[missing-space]: a space is missing after ':'
       --> m.yaml:1:17
        |
      1 | a: {b: 1, b:2, c:3}
        |                 ^
        = help: Write 'key: value'. Put quotes around a text that has a colon.
      """
    ),
    (
      "a: b: c\n",
      """
      error[second-colon]: a value cannot be 'key: value' on the line of its own key
       --> m.yaml:1:5
        |
      1 | a: b: c
        |     ^
        = help: Put it on the next line, indented, or in braces: 'outer: {inner: value}'. Put quotes
                around a text that has a colon.
      """
    ),
    (
      "a: \"x\": 1\n",
      """
      error[second-colon]: a value cannot be 'key: value' on the line of its own key
       --> m.yaml:1:7
        |
      1 | a: "x": 1
        |       ^
        = help: Put it on the next line, indented, or in braces: 'outer: {inner: value}'. Put quotes
                around a text that has a colon.
      """
    ),
  ]

  @Test(arguments: cases)
  func `a slip with a colon is explained in plain words`(_ text: String, _ problems: String) {
    #expect(read(text).problems == problems)
  }
}
