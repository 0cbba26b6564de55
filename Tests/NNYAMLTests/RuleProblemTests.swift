import NNYAML
import Testing

/// Texts that are YAML but break another rule, and what a person sees.
@Suite struct RuleProblemTests {
  static let cases: [(text: String, problems: String)] = [
    (
      "a: !foo!bar x\n",
      """
      error[unknown-tag]: '!foo!bar' is not a tag
       --> m.yaml:1:4
        |
      1 | a: !foo!bar x
        |    ^^^^^^^^
        = help: Put quotes around a text that begins with '!'.
      """
    ),
    (
      "a: !<x\n",
      """
      error[unknown-tag]: '!<x' is not a tag
       --> m.yaml:1:4
        |
      1 | a: !<x
        |    ^^^
        = help: Put quotes around a text that begins with '!'.
      """
    ),
    (
      "a: !!strr x\nb: !!int x\nc: !!map [1]\nd: !x\n  y: 1\ne: !!float 1\nf: !!str 1\n",
      """
      error[unknown-tag]: the tag '!!strr' is unknown
       --> m.yaml:1:4
        |
      1 | a: !!strr x
        |    ^^^^^^^^ did you mean '!!str'?
        = help: Known tags are !!str, !!int, !!float, !!bool, !!null, !!map and !!seq.
      error[bad-tag]: 'x' is not what the tag '!!int' says
       --> m.yaml:2:4
        |
      2 | b: !!int x
        |    ^^^^^^^
        = help: Remove the tag, or write a value of its type.
      error[bad-tag]: a list is not what the tag '!!map' says
       --> m.yaml:3:4
        |
      3 | c: !!map [1]
        |    ^^^^^
        = help: Remove the tag, or write a value of its type.
      error[unknown-tag]: the tag '!x' is unknown
       --> m.yaml:4:4
        |
      4 | d: !x
        |    ^^
        = help: A text that begins with '!' needs quotes.
      """
    ),
    (
      "a: !\n",
      """
      error[unknown-tag]: the tag '!' is unknown
       --> m.yaml:1:4
        |
      1 | a: !
        |    ^
        = help: A text that begins with '!' needs quotes.
      """
    ),
    (
      "x: !!int 1.5\n",
      """
      error[bad-tag]: '1.5' is not what the tag '!!int' says
       --> m.yaml:1:4
        |
      1 | x: !!int 1.5
        |    ^^^^^^^^^
        = help: Remove the tag, or write a value of its type.
      """
    ),
    (
      "a: 99999999999999999999\nb: 1e999\nc: 1e-999\nd: 0xFFFFFFFFFFFFFFFFFF\n",
      """
      error[number-out-of-range]: '99999999999999999999' does not fit into 64 bits
       --> m.yaml:1:4
        |
      1 | a: 99999999999999999999
        |    ^^^^^^^^^^^^^^^^^^^^
        = help: Integers go from -9223372036854775808 to 9223372036854775807. Put quotes around text.
      error[number-out-of-range]: '1e999' is out of range for a number
       --> m.yaml:2:4
        |
      2 | b: 1e999
        |    ^^^^^
        = help: Numbers go from about 5e-324 to 1.8e308. Put quotes around text.
      error[number-out-of-range]: '1e-999' is out of range for a number
       --> m.yaml:3:4
        |
      3 | c: 1e-999
        |    ^^^^^^
        = help: Numbers go from about 5e-324 to 1.8e308. Put quotes around text.
      error[number-out-of-range]: '0xFFFFFFFFFFFFFFFFFF' does not fit into 64 bits
       --> m.yaml:4:4
        |
      4 | d: 0xFFFFFFFFFFFFFFFFFF
        |    ^^^^^^^^^^^^^^^^^^^^
        = help: Integers go from -9223372036854775808 to 9223372036854775807. Put quotes around text.
      """
    ),
    (
      "a: x\u{7}y\n",
      """
      error[control-character]: the control character U+0007 is not allowed
       --> m.yaml:1:5
        |
      1 | a: x\\u{7}y
        |     ^^^^^
        = help: Remove it, or write '\\x07' in double quotes.
      """
    ),
    (
      "a: x\u{2028}y\n",
      """
      error[control-character]: the control character U+2028 is not allowed
       --> m.yaml:1:5
        |
      1 | a: x\\u{2028}y
        |     ^^^^^^^^
        = help: Remove it, or write '\\u2028' in double quotes.
      """
    ),
    (
      "a: 1\n---\nb: 1\n",
      """
      error[several-documents]: a file holds one document, and another begins here
       --> m.yaml:2:1
        |
      2 | ---
        | ^^^
        = help: Put it into a file of its own, or remove the line.
      """
    ),
    (
      "# c\n",
      """
      error[empty-file]: the file is empty
       --> m.yaml:1:1
        |
      1 | # c
        | ^
        = help: A model file begins with 'nnc: 1'.
      """
    ),
    (
      "---\n",
      """
      error[empty-file]: the file is empty
       --> m.yaml:1:1
        |
      1 | ---
        | ^
        = help: A model file begins with 'nnc: 1'.
      """
    ),
    (
      "%x\n",
      """
      error[unknown-directive]: the only directive is '%YAML 1.2'
       --> m.yaml:1:1
        |
      1 | %x
        | ^^
        = help: Remove the line. A text that begins with '%' needs quotes.
      """
    ),
    (
      "%YAML 1.1\n--- a\n",
      """
      error[unknown-directive]: the only directive is '%YAML 1.2'
       --> m.yaml:1:1
        |
      1 | %YAML 1.1
        | ^^^^^^^^^
        = help: Remove the line. A text that begins with '%' needs quotes.
      """
    ),
    (
      "[a] b\n",
      """
      error[unexpected-text]: nothing can follow the value that ends before it
       --> m.yaml:1:5
        |
      1 | [a] b
        |     ^
        = help: A file is one mapping: 'key: value' on every line.
      """
    ),
    (
      "a: 1\n...\nfoo\n",
      """
      error[unexpected-text]: nothing can follow the value that ends before it
       --> m.yaml:3:1
        |
      3 | foo
        | ^^^
        = help: A file is one mapping: 'key: value' on every line.
      """
    ),
  ]

  @Test(arguments: cases)
  func `a broken rule is named, located and explained`(_ text: String, _ problems: String) {
    #expect(read(text).problems == problems)
  }
}
