import NNDiagnostics
import NNModel
import NNTestSupport
import NNYAML
import Testing

/// Layers in place of blocks, and what is refused.
@Suite struct BlockExpansionTests {
  @Test func `a block's layers stand in place of its name, with what it is given`() {
    let text = """
      vars: {width: 8}
      blocks:
        feed:
          with: {units: ~, inner: "${units * 2}", rate: 0.1, body: []}
          layers:
            - dense: ${inner}
            - dropout: {rate: ${rate}}
            - residual: ${body}
        twice:
          with: {width: ${width + 1}}
          layers:
            - block: feed
              with: {units: ${width}, body: [{dense: "${width}"}]}
              id: first
      model:
        - block: feed
          with: {units: ${width}, inner: 3, rate: 0}
          from: ${"x"}
        - repeat: 2
          layers: [{block: twice}]
        - block: twice
          with: {width: 2}
          freeze: true
      """.replacing("${\"x\"}", with: "x")
    let expanded = Expanded(text)
    #expect(expanded.findings == [])
    #expect(
      expanded.written == """
        model:
          - block:
              - dense: 3
              - dropout: {rate: 0}
              - residual: []
            from: x
          - repeat: 2
            layers:
              - block:
                  - block:
                      - dense: 18
                      - dropout: {rate: 0.1}
                      - residual:
                          - dense: 9
                    id: first
          - block:
              - block:
                  - dense: 4
                  - dropout: {rate: 0.1}
                  - residual:
                      - dense: 2
                id: first
            freeze: true

        """)
  }

  @Test(arguments: [
    "a: 'plain'", "a: ${x}", "a: 'x $${y} z'", "a: '$$${x}'", "a: $${x}\nb: ['$${', '$$${']",
    "blocks: {b: {with: {n: 2}, layers: [{dense: '${n}'}]}}\nmodel: [{block: b}, {block: [{dense: 1}]}]",
  ])
  func `what is written out reads back as the same`(_ text: String) throws {
    let expanded = Expanded("vars: {x: 3}\n\(text)")
    #expect(expanded.errors.map(\.message) == [])
    let node = try #require(expanded.node)
    let again = Expanded(writeYAML(node.withoutExpressions))
    #expect(again.findings == [])
    #expect(try #require(again.node).isEqualContent(to: node))
  }

  // MARK: Limits

  @Test func `blocks and variables that multiply without end are refused quickly`() {
    let doubling = (1...40).map { "  b\($0): {layers: [{block: b\($0 - 1)}, {block: b\($0 - 1)}]}" }
    let blocks =
      "blocks:\n  b0: {layers: [{dense: 1}]}\n" + doubling.joined(separator: "\n")
      + "\nmodel: [{block: b20}]"
    let lists = (1...40).map { "  v\($0): ['${v\($0 - 1)}', '${v\($0 - 1)}']" }
    let variables =
      "vars:\n  v0: [1, 2]\n" + lists.joined(separator: "\n") + "\nx: ${v40}"
    let texts = (1...60).map { "  t\($0): '${t\($0 - 1)}${t\($0 - 1)}'" }
    let text = "vars:\n  t0: abcdefgh\n" + texts.joined(separator: "\n") + "\nx: ${t60}"
    let time = ContinuousClock().measure {
      for (file, code) in [
        (blocks, "too-many-nodes"), (variables, "too-many-nodes"), (text, "scalar-too-long"),
      ] {
        let expanded = Expanded(file)
        #expect(expanded.node == nil)
        #expect(expanded.diagnostics.map(\.code) == [code])
      }
    }
    #expect(time < .seconds(5))
  }

  @Test func `depth that a person would not write is refused`() {
    let chain = (1...3000).map { "  b\($0): {layers: [{block: b\($0 - 1)}]}" }
    let blocks =
      "blocks:\n  b0: {layers: [{dense: 1}]}\n" + chain.joined(separator: "\n")
      + "\nmodel: [{block: b3000}]"
    #expect(Expanded(blocks).diagnostics.map(\.code) == ["too-deep"])
    let variables = (0..<3000).map { "  v\($0): '${v\($0 + 1)}'" }
    let file = "vars:\n" + variables.joined(separator: "\n") + "\n  v3000: 1\nx: ${v0}"
    #expect(Set(Expanded(file).diagnostics.map(\.code)) == ["too-deep"])
    let nested = (1...120).map { "  v\($0): ['${v\($0 - 1)}']" }
    let lists = "vars:\n  v0: 1\n" + nested.joined(separator: "\n") + "\nx: ${v120}"
    #expect(Expanded(lists).diagnostics.map(\.code) == ["too-deep"])
    let signs = String(repeating: "-", count: 900)
    #expect(Expanded("x: ${\(signs)1}").diagnostics.map(\.code) == ["bad-expression"])
    let long = String(repeating: "1+", count: 5000)
    #expect(Expanded("x: ${\(long)1}").diagnostics.map(\.code) == ["bad-expression"])
  }

  @Test func `any mutilated file is reported, never fatal`() {
    let text = """
      vars: {a: 3, b: "${a * (2 + 1)}"}
      blocks:
        c: {with: {n: ~, m: "${n}"}, layers: [{dense: ${n + m}}, {block: d}]}
        d: {layers: [dropout: ${a / 10}]}
      model: [{block: c, with: {n: ${b // 2}}}, "${a}-${b}"]
      """
    let bytes = Array(text.utf8)
    var generator = SeededGenerator(seed: 4)
    for _ in 0..<3000 {
      var copy = bytes
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        let place = Int.random(in: 0..<copy.count, using: &generator)
        switch Int.random(in: 0..<3, using: &generator) {
        case 0: copy.remove(at: place)
        case 1: copy[place] = bytes[Int.random(in: 0..<bytes.count, using: &generator)]
        default: copy.insert(bytes[Int.random(in: 0..<bytes.count, using: &generator)], at: place)
        }
      }
      let expanded = Expanded(String(decoding: copy, as: UTF8.self))
      #expect(expanded.node != nil || !expanded.errors.isEmpty)
      for finding in expanded.diagnostics { #expect(finding.range.start <= finding.range.end) }
    }
  }
}
