import NNYAML
import Testing

/// Slips of quotes and reserved signs, and what a person sees.
@Suite struct SignProblemTests {
  static let cases: [(text: String, problems: String)] = [
    (
      "a: \"foo\nb: 1\n",
      """
      error[unclosed-quote]: the closing " is missing
       --> m.yaml:2:5
        |
      2 | b: 1
        |     ^
      note: the quote is opened here
       --> m.yaml:1:4
        |
      1 | a: "foo
        |    -
      """
    ),
    (
      "a: \"x\n...\n",
      """
      error[unclosed-quote]: the closing " is missing
       --> m.yaml:1:6
        |
      1 | a: "x
        |      ^
      note: the quote is opened here
       --> m.yaml:1:4
        |
      1 | a: "x
        |    -
      """
    ),
    (
      "a: 'x\n",
      """
      error[unclosed-quote]: the closing ' is missing
       --> m.yaml:1:6
        |
      1 | a: 'x
        |      ^
        = help: Inside single quotes an apostrophe is written twice: 'it''s'.
      note: the quote is opened here
       --> m.yaml:1:4
        |
      1 | a: 'x
        |    -
      """
    ),
    (
      "a: \"foo\nb: \"bar\"\n",
      """
      error[text-after-quote]: text follows the closing "
       --> m.yaml:2:5
        |
      2 | b: "bar"
        |     ^^^^
        = help: Inside double quotes a quote is written as \\".
      note: the quote that is opened here is closed only there
       --> m.yaml:1:4
        |
      1 | a: "foo
        |    ----
      """
    ),
    (
      "a: 'it's'\n",
      """
      error[text-after-quote]: text follows the closing '
       --> m.yaml:1:8
        |
      1 | a: 'it's'
        |        ^^
        = help: Inside single quotes an apostrophe is written twice: 'it''s'.
      note: the quoted text begins here
       --> m.yaml:1:4
        |
      1 | a: 'it's'
        |    ----
      """
    ),
    (
      "a: \"x\" y\n",
      """
      error[text-after-quote]: text follows the closing "
       --> m.yaml:1:8
        |
      1 | a: "x" y
        |        ^
        = help: Inside double quotes a quote is written as \\".
      note: the quoted text begins here
       --> m.yaml:1:4
        |
      1 | a: "x" y
        |    ---
      """
    ),
    (
      "\"a\" b\n",
      """
      error[text-after-quote]: text follows the closing "
       --> m.yaml:1:5
        |
      1 | "a" b
        |     ^
        = help: Inside double quotes a quote is written as \\".
      note: the quoted text begins here
       --> m.yaml:1:1
        |
      1 | "a" b
        | ---
      """
    ),
    (
      "é: \"ü\" x\n",
      """
      error[text-after-quote]: text follows the closing "
       --> m.yaml:1:8
        |
      1 | é: "ü" x
        |        ^
        = help: Inside double quotes a quote is written as \\".
      note: the quoted text begins here
       --> m.yaml:1:4
        |
      1 | é: "ü" x
        |    ---
      """
    ),
    (
      "a: @x\n",
      """
      error[reserved-character]: a text without quotes cannot begin with '@'
       --> m.yaml:1:4
        |
      1 | a: @x
        |    ^
        = help: Put quotes around it: "@x".
      """
    ),
    (
      "a: `x\n",
      """
      error[reserved-character]: a text without quotes cannot begin with '`'
       --> m.yaml:1:4
        |
      1 | a: `x
        |    ^
        = help: Put quotes around it: "`x".
      """
    ),
    (
      "a: %x\n",
      """
      error[reserved-character]: a text without quotes cannot begin with '%'
       --> m.yaml:1:4
        |
      1 | a: %x
        |    ^
        = help: Put quotes around it: "%x".
      """
    ),
    (
      "a: *.csv\n",
      """
      error[reserved-character]: '*' begins an alias, but no name made of letters, digits, '-' and '_' follows
       --> m.yaml:1:4
        |
      1 | a: *.csv
        |    ^
        = help: Put quotes around a text: "*.csv".
      """
    ),
    (
      "a: &.csv\n",
      """
      error[reserved-character]: '&' begins an anchor, but no name made of letters, digits, '-' and '_' follows
       --> m.yaml:1:4
        |
      1 | a: &.csv
        |    ^
        = help: Put quotes around a text: "&.csv".
      """
    ),
    (
      "a: *\n",
      """
      error[reserved-character]: '*' begins an alias, but no name made of letters, digits, '-' and '_' follows
       --> m.yaml:1:4
        |
      1 | a: *
        |    ^
        = help: Put quotes around a text: "*".
      """
    ),
    (
      "a: 1\n%foo: 2\n",
      """
      error[reserved-character]: a text without quotes cannot begin with '%'
       --> m.yaml:2:1
        |
      2 | %foo: 2
        | ^
        = help: Put quotes around it: "%foo: 2".
      """
    ),
    (
      "a: ? b\n",
      """
      error[reserved-character]: '? ' cannot begin a key here
       --> m.yaml:1:4
        |
      1 | a: ? b
        |    ^
        = help: Put quotes around a text that begins with '?'.
      """
    ),
    (
      "a: %{x}\n",
      """
      error[reserved-character]: a text without quotes cannot begin with '%'
       --> m.yaml:1:4
        |
      1 | a: %{x}
        |    ^
        = help: Put quotes around it: "%{x}".
      """
    ),
    (
      "a: \"\\q\"\n",
      """
      error[bad-escape]: '\\q' is no escape that YAML knows
       --> m.yaml:1:5
        |
      1 | a: "\\q"
        |     ^^
        = help: Write '\\\\' for a backslash, or use single quotes, in which nothing is escaped.
      """
    ),
    (
      "a: \"\\ud800\"\n",
      """
      error[bad-escape]: '\\ud800' names no character
       --> m.yaml:1:5
        |
      1 | a: "\\ud800"
        |     ^^^^^^
        = help: Write '\\x' with two digits, '\\u' with four or '\\U' with eight. Surrogates are no
                characters.
      """
    ),
    (
      "a: \"\\xZZ\"\n",
      """
      error[bad-escape]: '\\x' names no character
       --> m.yaml:1:5
        |
      1 | a: "\\xZZ"
        |     ^^
        = help: Write '\\x' with two digits, '\\u' with four or '\\U' with eight. Surrogates are no
                characters.
      """
    ),
    (
      "a: > x\n",
      """
      error[bad-block-text]: text cannot follow '>' on its line
       --> m.yaml:1:6
        |
      1 | a: > x
        |      ^
        = help: Begin the text on the next line, indented; or, if '>' belongs to the text, put quotes
                around it.
      """
    ),
    (
      "key: |x\n",
      """
      error[bad-block-text]: text cannot follow '|' on its line
       --> m.yaml:1:7
        |
      1 | key: |x
        |       ^
        = help: Begin the text on the next line, indented; or, if '|' belongs to the text, put quotes
                around it.
      """
    ),
    (
      "a: |0\n  x\n",
      """
      error[bad-block-text]: text cannot follow '|' on its line
       --> m.yaml:1:5
        |
      1 | a: |0
        |     ^
        = help: Begin the text on the next line, indented; or, if '|' belongs to the text, put quotes
                around it.
      """
    ),
  ]

  @Test(arguments: cases)
  func `a slip of quotes or signs is explained in plain words`(_ text: String, _ problems: String) {
    #expect(read(text).problems == problems)
  }
}
