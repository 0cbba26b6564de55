import NNDiagnostics
package import NNModel

package struct SQLiteSource: Source {
  package static let word = "sqlite"
  package static let summary = """
    The rows of an SQLite database, which is only read: those that a query gives, or all of a table. \
    Integers and reals are numbers, texts are words, null is missing. Say ORDER BY where rows are to \
    have an order.
    """
  package static let example =
    "sqlite: {path: shop.sqlite, query: SELECT age FROM customers ORDER BY id}"
  package static let extensions = [".sqlite", ".sqlite3", ".db"]

  @Field("The file, relative to the model file.", principal: true)
  package var path: Located<String>

  @Field("What is asked of it.")
  package var query: Located<String>? = nil

  @Field("The table whose rows are taken, instead of a query; by default the only one.")
  package var table: Located<String>? = nil

  package init() {}

  package var files: [Located<String>] { [path] }
  package var isTyped: Bool { true }

  package func read(
    _ amount: ReadAmount, baseDirectory: String, _ reader: inout Reader
  ) -> Table? {
    if query != nil, let table {
      reader.error(
        "conflicting-fields", "'table' cannot stand beside 'query'", at: table.range,
        help: "Keep one of them.")
      return nil
    }
    let format = SQLiteFormat(query: query?.value, table: table?.value)
    let file = DataFile(path: path.value, baseDirectory: baseDirectory, format: .typed(format))
    do throws(FileProblem) {
      let (found, diagnostics) = try format.rows(file, amount)
      reader.diagnostics += diagnostics
      switch found {
      case .success(let table): return table
      case .failure(.statement(let reason)):
        reader.error(
          "bad-query", "'\(path.value)': \(reason)",
          at: query?.range ?? table?.range ?? path.range)
      case .failure(let problem): reader.diagnostics.append(problem.diagnostic(of: path.value))
      }
    } catch {
      file.report(error, at: path.range, &reader)
    }
    return nil
  }
}
