import NNModel

/// Beyond this a terminal shows no table that anyone could read.
private let mostClassesShown = 20

/// A table of counts for people: a row for each true class, a column for each predicted one.
func text(of table: CountTable, named name: String) -> String {
  guard table.classes.count <= mostClassesShown else {
    return "\(name): \(table.classes.count) by \(table.classes.count) classes; --json prints it"
  }
  let names = table.classes.map(shown)
  var text = TextTable([("\(name): true ↓ predicted →", false)] + names.map { ($0, true) })
  for (name, counts) in zip(names, table.counts) { text.add([name] + counts.map(grouped)) }
  return text.text
}

/// A class's name, cut short, without what would steer a terminal.
private func shown(_ name: String) -> String {
  let cut = name.count > 20 ? name.prefix(19) + "…" : name[...]
  return String(
    cut.map { character in
      character.unicodeScalars.contains { $0.properties.generalCategory == .control }
        ? "?" : character
    })
}
