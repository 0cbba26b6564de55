import NNYAML
import Testing

/// Texts whose keys, aliases or merges break a rule, and what a person sees.
@Suite struct KeyProblemTests {
  static let cases: [(text: String, problems: String)] = [
    (
      "a: 1\na: 2\n\"a\": 3\n",
      """
      error[duplicate-key]: the key 'a' is given twice
       --> m.yaml:2:1
        |
      2 | a: 2
        | ^
      note: first given here
       --> m.yaml:1:1
        |
      1 | a: 1
        | -
      error[duplicate-key]: the key 'a' is given twice
       --> m.yaml:3:1
        |
      3 | "a": 3
        | ^^^
      note: first given here
       --> m.yaml:1:1
        |
      1 | a: 1
        | -
      """
    ),
    (
      "lr: 0.1\nlr: 0.2 # twice\n",
      """
      error[duplicate-key]: the key 'lr' is given twice
       --> m.yaml:2:1
        |
      2 | lr: 0.2 # twice
        | ^^
      note: first given here
       --> m.yaml:1:1
        |
      1 | lr: 0.1
        | --
      """
    ),
    (
      "x: {lr: 1, momentum: 2, \"lr\": 3}\n",
      """
      error[duplicate-key]: the key 'lr' is given twice
       --> m.yaml:1:25
        |
      1 | x: {lr: 1, momentum: 2, "lr": 3}
        |                         ^^^^
      note: first given here
       --> m.yaml:1:5
        |
      1 | x: {lr: 1, momentum: 2, "lr": 3}
        |     --
      """
    ),
    (
      "- [a, b]: c\n",
      """
      error[bad-key]: a list cannot be a key
       --> m.yaml:1:3
        |
      1 | - [a, b]: c
        |   ^^^^^^
      """
    ),
    (
      "{{ x }}: 1\n",
      """
      error[bad-key]: a mapping cannot be a key
       --> m.yaml:1:2
        |
      1 | {{ x }}: 1
        |  ^^^^^
        = help: Put quotes around the text if the braces belong to it.
      """
    ),
    (
      "a: {{ x }}\n",
      """
      error[bad-key]: a mapping cannot be a key
       --> m.yaml:1:5
        |
      1 | a: {{ x }}
        |     ^^^^^
        = help: Put quotes around the text if the braces belong to it.
      """
    ),
    (
      "~: 1\n",
      """
      error[bad-key]: null cannot be a key
       --> m.yaml:1:1
        |
      1 | ~: 1
        | ^
        = help: Put quotes around the key if it is meant as text.
      """
    ),
    (
      "? [a]\n: b\n",
      """
      error[bad-key]: a list cannot be a key
       --> m.yaml:1:3
        |
      1 | ? [a]
        |   ^^^
      """
    ),
    (
      "&a: 1\n",
      """
      error[bad-key]: null cannot be a key
       --> m.yaml:1:3
        |
      1 | &a: 1
        |   ^
        = help: Put quotes around the key if it is meant as text.
      """
    ),
    (
      "a: *foo\nfoo: &foo 1\nb: *fo\n",
      """
      error[unknown-alias]: the alias '*foo' stands before its anchor
       --> m.yaml:1:4
        |
      1 | a: *foo
        |    ^^^^
        = help: Move the anchor above its first alias.
      note: the anchor is here
       --> m.yaml:2:11
        |
      2 | foo: &foo 1
        |           -
      error[unknown-alias]: no anchor is named '&fo'
       --> m.yaml:3:4
        |
      3 | b: *fo
        |    ^^^ did you mean '*foo'?
        = help: '*' begins an alias. Put quotes around a text that begins with it.
      """
    ),
    (
      "a: {b: *x, c: *y}\n",
      """
      error[unknown-alias]: no anchor is named '&x'
       --> m.yaml:1:8
        |
      1 | a: {b: *x, c: *y}
        |        ^^
        = help: '*' begins an alias. Put quotes around a text that begins with it.
      error[unknown-alias]: no anchor is named '&y'
       --> m.yaml:1:15
        |
      1 | a: {b: *x, c: *y}
        |               ^^
        = help: '*' begins an alias. Put quotes around a text that begins with it.
      """
    ),
    (
      "<<: [*none]\n",
      """
      error[unknown-alias]: no anchor is named '&none'
       --> m.yaml:1:6
        |
      1 | <<: [*none]
        |      ^^^^^
        = help: '*' begins an alias. Put quotes around a text that begins with it.
      """
    ),
    (
      "a: &a [1, *a]\n",
      """
      error[recursive-alias]: the alias '*a' stands inside what it names
       --> m.yaml:1:11
        |
      1 | a: &a [1, *a]
        |           ^^
      note: the anchor is here
       --> m.yaml:1:4
        |
      1 | a: &a [1, *a]
        |    --
      """
    ),
    (
      "<<: 1\n<<: {}\n",
      """
      error[bad-merge]: '<<' merges mappings, and this is not one
       --> m.yaml:1:5
        |
      1 | <<: 1
        |     ^
        = help: Write '<<: *name' or '<<: [*first, *second]', where the anchors name mappings.
      error[duplicate-key]: the key '<<' is given twice
       --> m.yaml:2:1
        |
      2 | <<: {}
        | ^^
        = help: Merge several mappings with one key: '<<: [*first, *second]'.
      note: first given here
       --> m.yaml:1:1
        |
      1 | <<: 1
        | --
      """
    ),
    (
      "x: &a {b: 1, c: 2}\ny:\n  b: 9\n  <<: *a\n  d: 4\nz: {<<: [*a, {c: 7, e: 8}, 3]}\n",
      """
      error[bad-merge]: item 3 of '<<' is not a mapping
       --> m.yaml:6:9
        |
      6 | z: {<<: [*a, {c: 7, e: 8}, 3]}
        |         ^^^^^^^^^^^^^^^^^^^^^
        = help: Write '<<: *name' or '<<: [*first, *second]', where the anchors name mappings.
      """
    ),
    (
      "base: &base 3\nx: {<<: *base}\n",
      """
      error[bad-merge]: '<<' merges mappings, and this is not one
       --> m.yaml:2:9
        |
      2 | x: {<<: *base}
        |         ^^^^^
        = help: Write '<<: *name' or '<<: [*first, *second]', where the anchors name mappings.
      """
    ),
  ]

  @Test(arguments: cases)
  func `a broken rule about keys and aliases is shown where it is broken`(
    _ text: String, _ problems: String
  ) {
    #expect(read(text).problems == problems)
  }
}
