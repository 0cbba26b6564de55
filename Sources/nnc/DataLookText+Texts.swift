import NNData

extension DataLookText {
  /// How long texts are, how many indices they need, and the first as the network sees it.
  func texts(_ looks: [TextLook]) -> String {
    guard !looks.isEmpty else { return "" }
    var table = TextTable([
      ("text", false), ("length", false), ("indices", false),
      ("the first sample to train on", false),
    ])
    for look in looks {
      let cut = look.cutRows == 0 ? "" : ", \(grouped(look.cutRows)) cut"
      let unknown = look.unknown.map { share in
        share == 0 ? "" : ", \(percent(share)) unknown"
      }
      // Characters stand side by side, with what is none of them in its brackets.
      let separator = look.pieces == .characters ? "" : " "
      table.add([
        "\(look.role.rawValue) \(look.feature)",
        "\(grouped(look.least)) … \(grouped(look.most)) \(look.pieces.rawValue), "
          + "median \(grouped(look.median))\(cut)",
        grouped(look.indices) + (unknown ?? ""),
        look.sample.map(visible).joined(separator: separator) + (look.isSampleCut ? " …" : ""),
      ])
    }
    return table.text
  }

  private func percent(_ share: Double) -> String {
    let tenths = (share * 1000).rounded() / 10
    return tenths == 0 ? "under 0.1%" : "\(tenths)%"
  }

  /// A piece on one line, whatever it is.
  private func visible(_ piece: String) -> String {
    piece.unicodeScalars.map { scalar in
      switch scalar {
      case "\n": "⏎"
      case "\t": "⇥"
      default: scalar.properties.generalCategory == .control ? "?" : String(Character(scalar))
      }
    }.joined()
  }
}
