import NNYAML
import Testing

/// Slips of brackets, braces and commas, and what a person sees.
@Suite struct BracketProblemTests {
  static let cases: [(text: String, problems: String)] = [
    (
      "a: [1, 2\nb: 3\n",
      """
      error[unclosed-bracket]: a ',' or the closing ']' is missing
       --> m.yaml:1:9
        |
      1 | a: [1, 2
        |         ^
      note: the '[' is opened here
       --> m.yaml:1:4
        |
      1 | a: [1, 2
        |    -
      """
    ),
    (
      "a: {b: 1, c: 2\nd: 3\n",
      """
      error[unclosed-bracket]: a ',' or the closing '}' is missing
       --> m.yaml:1:15
        |
      1 | a: {b: 1, c: 2
        |               ^
      note: the '{' is opened here
       --> m.yaml:1:4
        |
      1 | a: {b: 1, c: 2
        |    -
      """
    ),
    (
      "{a: 1, b: {c: 2}\n",
      """
      error[unclosed-bracket]: the closing '}' is missing
       --> m.yaml:1:17
        |
      1 | {a: 1, b: {c: 2}
        |                 ^
      note: the '{' is opened here
       --> m.yaml:1:1
        |
      1 | {a: 1, b: {c: 2}
        | -
      """
    ),
    (
      "[a, b\n",
      """
      error[unclosed-bracket]: the closing ']' is missing
       --> m.yaml:1:6
        |
      1 | [a, b
        |      ^
      note: the '[' is opened here
       --> m.yaml:1:1
        |
      1 | [a, b
        | -
      """
    ),
    (
      "a: [1, 2\n",
      """
      error[unclosed-bracket]: the closing ']' is missing
       --> m.yaml:1:9
        |
      1 | a: [1, 2
        |         ^
      note: the '[' is opened here
       --> m.yaml:1:4
        |
      1 | a: [1, 2
        |    -
      """
    ),
    (
      "model:\n  - dense: {units: 16, activation: relu\n  - dropout: 0.1\n",
      """
      error[unclosed-bracket]: a ',' or the closing '}' is missing
       --> m.yaml:2:40
        |
      2 |   - dense: {units: 16, activation: relu
        |                                        ^
      note: the '{' is opened here
       --> m.yaml:2:12
        |
      2 |   - dense: {units: 16, activation: relu
        |            -
      """
    ),
    (
      "a: b\r\nc: [1,\r\n 2\r\n",
      """
      error[unclosed-bracket]: the closing ']' is missing
       --> m.yaml:3:3
        |
      3 |  2
        |   ^
      note: the '[' is opened here
       --> m.yaml:2:4
        |
      2 | c: [1,
        |    -
      """
    ),
    (
      "a: [b\nc: d]\n",
      """
      error[unclosed-bracket]: a ',' or the closing ']' is missing
       --> m.yaml:1:6
        |
      1 | a: [b
        |      ^
      note: the '[' is opened here
       --> m.yaml:1:4
        |
      1 | a: [b
        |    -
      """
    ),
    (
      "a: [1, 2}\n",
      """
      error[mismatched-bracket]: '}' cannot close '['
       --> m.yaml:1:9
        |
      1 | a: [1, 2}
        |         ^ expected ']'
      note: the '[' is opened here
       --> m.yaml:1:4
        |
      1 | a: [1, 2}
        |    -
      """
    ),
    (
      "a: ]\n",
      """
      error[mismatched-bracket]: ']' closes nothing
       --> m.yaml:1:4
        |
      1 | a: ]
        |    ^
        = help: Remove it, or put quotes around the text it belongs to.
      """
    ),
    (
      "{a: 1}}\n",
      """
      error[mismatched-bracket]: '}' closes nothing
       --> m.yaml:1:7
        |
      1 | {a: 1}}
        |       ^
        = help: Remove it, or put quotes around the text it belongs to.
      """
    ),
    (
      "a: [1, 2]]\n",
      """
      error[mismatched-bracket]: ']' closes nothing
       --> m.yaml:1:10
        |
      1 | a: [1, 2]]
        |          ^
        = help: Remove it, or put quotes around the text it belongs to.
      """
    ),
    (
      "a: [x, {y: 1, ]\n",
      """
      error[mismatched-bracket]: ']' cannot close '{'
       --> m.yaml:1:15
        |
      1 | a: [x, {y: 1, ]
        |               ^ expected '}'
      note: the '{' is opened here
       --> m.yaml:1:8
        |
      1 | a: [x, {y: 1, ]
        |        -
      """
    ),
    (
      "a: {b: 1 c: 2}\n",
      """
      error[missing-comma]: a ',' or the closing '}' is missing before this
       --> m.yaml:1:11
        |
      1 | a: {b: 1 c: 2}
        |           ^
      note: the '{' is opened here
       --> m.yaml:1:4
        |
      1 | a: {b: 1 c: 2}
        |    -
      """
    ),
    (
      "a: [b: 1 c: 2]\n",
      """
      error[missing-comma]: a ',' or the closing ']' is missing before this
       --> m.yaml:1:11
        |
      1 | a: [b: 1 c: 2]
        |           ^
        = help: Put braces around each mapping in a list: '[{a: 1}, {b: 2}]'.
      note: the '[' is opened here
       --> m.yaml:1:4
        |
      1 | a: [b: 1 c: 2]
        |    -
      """
    ),
    (
      "a: ,b\n",
      """
      error[missing-value]: a text without quotes cannot begin with ','
       --> m.yaml:1:4
        |
      1 | a: ,b
        |    ^
        = help: Put quotes around it.
      """
    ),
    (
      "a: [1,, 2]\n",
      """
      error[missing-value]: a value is missing before ','
       --> m.yaml:1:7
        |
      1 | a: [1,, 2]
        |       ^
      """
    ),
  ]

  @Test(arguments: cases)
  func `a slip of brackets is explained in plain words`(_ text: String, _ problems: String) {
    #expect(read(text).problems == problems)
  }
}
