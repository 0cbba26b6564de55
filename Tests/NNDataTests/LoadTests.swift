@testable import NNData
import NNDiagnostics
import NNModel
import NNTensor
import Testing

private let flowers = """
  length,width,colour,species
  1,10,red,b
  2,20,blue,a
  3,30,red,b
  4,40,green,a

  """

@Suite struct LoadTests {
  @Test func `the iris are prepared as the model file says`() throws {
    var reading = Reading(
      """
      source: iris.csv
      split: {train: 0.7, validation: 0.15, test: 0.15, stratify: species}
      inputs:
        measurements: {columns: [sepal_length, "petal_*"], scale: standard}
      targets:
        species: {column: species, type: category}
      """)
    let loaded = reading.load(in: datasets)
    let data = try #require(loaded)
    #expect(places(reading.reader.diagnostics) == [])
    #expect(data.splits[.train]?.count == 105)
    #expect(data.splits[.validation]?.count == 23)
    #expect(data.splits[.test]?.count == 22)
    #expect(data.schema.inputs.map(\.shape) == [[3]])
    #expect(
      data.schema.targets.map(\.type)
        == [.category(classes: ["setosa", "versicolor", "virginica"])])
    #expect(data.schema.inputs.first?.range.start.line == 4)
    let train = try #require(data.splits[.train])
    let values = try #require(floats(train.inputs.first))
    for column in 0..<3 {
      let numbers = (0..<105).map { Double(values[$0 * 3 + column]) }
      let mean = numbers.reduce(0, +) / 105
      let variance = numbers.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / 105
      #expect(abs(mean) < 1e-6)
      #expect(abs(variance - 1) < 1e-5)
    }
    let classes = try #require(indices(train.targets.first))
    #expect((0..<3).map { wanted in classes.count { $0 == wanted } } == [35, 35, 35])
    #expect(data.sourceFiles.map(\.path) == ["iris.csv"])
  }

  @Test func `columns become tensors of every kind`() throws {
    let (data, diagnostics) = load(
      """
      source: data.csv
      inputs:
        short: [length, width]
        bare: width
        image: {columns: "*th", shape: [2, 1, 1], scale: {factor: 0.5}}
        colour: {column: colour, type: category}
        index: {column: colour, type: category, encode: index}
      targets:
        species: {type: binary, positive: a}
      """, csv: flowers)
    #expect(places(diagnostics) == [])
    let train = try #require(data?.splits[.train])
    #expect(train.inputs.map(\.sampleShape) == [[2], [1], [2, 1, 1], [3], []])
    #expect(floats(train.inputs[0]) == [1, 10, 2, 20, 3, 30, 4, 40])
    #expect(floats(train.inputs[1]) == [10, 20, 30, 40])
    #expect(floats(train.inputs[2]) == [0.5, 5, 1, 10, 1.5, 15, 2, 20])
    #expect(floats(train.inputs[3]) == [0, 0, 1, 1, 0, 0, 0, 0, 1, 0, 1, 0])
    #expect(indices(train.inputs[4]) == [2, 0, 2, 1])
    #expect(data?.schema.inputs.map(\.classes) == [nil, nil, nil, nil, 3])
    #expect(floats(train.targets[0]) == [0, 1, 0, 1])
    #expect(data?.preprocessing.inputs[3].classes == ["blue", "green", "red"])
    #expect(data?.preprocessing.targets[0].classes == ["b", "a"])
  }

  @Test func `rows written in the model file are data`() throws {
    var reading = Reading(
      """
      source: {rows: {columns: [a, b, y], values: [[0, 0, 0], [0, 1, 1], [1, 0, 1]]}}
      inputs: {x: [a, b]}
      targets: {y: {type: binary}}
      """)
    let loaded = reading.load(in: ".")
    let data = try #require(loaded)
    #expect(floats(data.splits[.train]?.inputs[0]) == [0, 0, 0, 1, 1, 0])
    #expect(floats(data.splits[.train]?.targets[0]) == [0, 1, 1])
    #expect(data.sourceFiles == [])
    var short = Reading(
      "source: {rows: [[0, 'x,\"y'], [0x10, '\"q']]}\n"
        + "inputs: {x: column_1}\ntargets: {y: {column: column_2, type: category}}")
    let shortLoaded = short.load(in: ".")
    let other = try #require(shortLoaded)
    #expect(floats(other.splits[.train]?.inputs[0]) == [0, 16])
    #expect(other.preprocessing.targets[0].classes == ["\"q", "x,\"y"])
  }

  @Test func `numeric classes are sorted by value, given ones keep their order`() {
    #expect(sortedClasses(["10", "9", "1"]) == ["1", "9", "10"])
    #expect(sortedClasses(["10", "9", "b"]) == ["10", "9", "b"])
    let (data, _) = load(
      """
      source: data.csv
      inputs: {x: length}
      targets: {s: {column: species, type: category, classes: [b, c, a]}}
      """, csv: flowers)
    #expect(indices(data?.splits[.train]?.targets[0]) == [0, 2, 0, 2])
  }

  @Test func `statistics come from the training rows alone`() throws {
    let (data, diagnostics) = load(
      """
      source: data.csv
      split: {train: 0.8, test: 0.2, shuffle: false}
      inputs: {x: {column: a, scale: standard}, z: {column: a, scale: min_max}}
      targets: {y: {column: b, scale: standard}}
      """, csv: "a,b\n1,1\n2,2\n3,3\n4,4\n1e6,1e6\n")
    #expect(places(diagnostics) == [])
    guard case .number(let scaling)? = data?.preprocessing.inputs[0].content else {
      Issue.record("no scaling")
      return
    }
    #expect(scaling.offsets == [2.5])
    #expect(scaling.factors == [1 / 1.25.squareRoot()])
    #expect(floats(data?.splits[.train]?.inputs[1]) == [0, 1.0 / 3, 2.0 / 3, 1])
    let target = try #require(data?.preprocessing.targets[0])
    let scaled = try #require(floats(data?.splits[.test]?.targets[0]))
    #expect(abs(target.unscaled(scaled[0]) - 1e6) < 0.1)
  }

  @Test(arguments: ["standard", "min_max"])
  func `a constant column becomes zeros`(_ scale: String) {
    let (data, diagnostics) = load(
      """
      source: data.csv
      inputs: {x: {column: a, scale: \(scale)}}
      targets: {y: b}
      """, csv: "a,b\n0.1,1\n0.1,2\n0.1,3\n")
    #expect(places(diagnostics) == [])
    #expect(floats(data?.splits[.train]?.inputs[0]) == [0, 0, 0])
  }

  @Test(arguments: [
    ("mean", [1, 3, 2, 6, 3, 9] as [Float], 0), ("median", [1, 2, 2, 6, 2, 9], 0),
    ("{constant: 7}", [1, 7, 2, 6, 7, 9], 0), ("drop", [1, 2, 6, 9], 2),
  ])
  func `missing values follow the policy`(_ policy: String, _ expected: [Float], _ dropped: Int) {
    let (data, diagnostics) = load(
      """
      source: data.csv
      split: {train: 0.67, test: 0.33, shuffle: false}
      inputs: {x: {column: a, missing: \(policy)}}
      targets: {y: b}
      """, csv: "a,b\n1,1\n?,2\n2,3\n6,4\nNA,5\n9,6\n")
    #expect(places(diagnostics) == [])
    let values = [SplitName.train, .test].flatMap { floats(data?.splits[$0]?.inputs[0]) ?? [] }
    if policy == "mean" {
      #expect(values == [1, 3, 2, 6, 3, 9])
    } else {
      #expect(values == expected)
    }
    #expect(data?.droppedRows == dropped)
    if policy == "drop" {
      #expect(data?.rowNumbers == [.train: [1, 3, 4], .test: [6]])
    }
  }

  @Test func `a missing word may be a class of its own`() {
    let (data, _) = load(
      """
      source: data.csv
      inputs: {x: {column: a, type: category, encode: index, missing: {constant: none}}}
      targets: {y: {column: b, missing: drop}}
      """, csv: "a,b\nu,1\n,2\nv,?\n")
    #expect(data?.preprocessing.inputs[0].classes == ["none", "u"])
    #expect(indices(data?.splits[.train]?.inputs[0]) == [1, 0])
  }

  @Test func `parts may come from files of their own`() throws {
    let folder = TestFolder(["a.csv": "x,y\n1,u\n2,v\n", "b.tsv": "y\tz\tx\nv\t0\t5\n"])
    var reading = Reading(
      """
      train: a.csv
      test: b.tsv
      inputs: {x: {column: x, scale: min_max}}
      targets: {y: {type: category}}
      """)
    let loaded = reading.load(in: folder.path)
    let data = try #require(loaded)
    #expect(floats(data.splits[.test]?.inputs[0]) == [4])
    #expect(indices(data.splits[.test]?.targets[0]) == [1])
    #expect(data.rowNumbers == [.train: [1, 2], .test: [1]])
    #expect(data.sourceFiles.map(\.openedPath) == ["\(folder.path)/a.csv", "\(folder.path)/b.tsv"])
  }

  @Test func `the header alone tells the shapes`() throws {
    var reading = Reading(
      """
      source: digits.csv.gz
      inputs: {pixels: {columns: "pixel_*", shape: [1, 8, 8]}, flat: "pixel_1*"}
      targets: {digit: {type: category}}
      """)
    #expect(reading.spec?.schemaWithoutData() == nil)
    let header = reading.spec?.checkHeader(baseDirectory: datasets, &reading.reader)
    let schema = try #require(header)
    #expect(schema.inputs.map(\.shape) == [[1, 8, 8], [11]])
    #expect(schema.targets.map(\.type) == [.category(classes: nil)])
  }

  @Test func `the classes of a one-hot input are read where the file does not give them`() throws {
    let folder = TestFolder(["data.csv": flowers])
    var reading = Reading(
      "source: data.csv\ninputs: {c: {column: colour, type: category}}\ntargets: {y: length}\n")
    let schema = reading.spec?.checkHeader(baseDirectory: folder.path, &reading.reader)
    #expect(schema?.inputs.map(\.shape) == [[3]])
    let given = Reading(
      "source: data.csv\ntargets: {y: length}\n"
        + "inputs: {c: {column: colour, type: category, classes: [red, blue]}}\n")
    #expect(given.spec?.schemaWithoutData()?.inputs.map(\.shape) == [[2]])
  }
}
