import Foundation
import NNJSON
import Testing

/// Where weights came from, held against the files at hand.
@Suite struct ProvenanceTests {
  let program: Program
  let folder: Workspace
  private let checkpoint = "runs/flowers/1/best.safetensors"

  init() throws {
    program = try Program()
    folder = try Workspace()
    try #require(try program.run("train", "flowers.yaml", in: folder).code == 0)
  }

  private func findings(_ options: String...) throws -> (code: Int32, [String: String]) {
    let result = try program.start(["provenance", "--json"] + options + [checkpoint], in: folder)
      .result()
    var findings: [String: String] = [:]
    for check in try result.json["checks"]?.elements ?? [] {
      let name = check["what"]?.stringValue ?? ""
      findings[name] = (check["finding"]?.stringValue ?? "") + (check["why"]?.stringValue ?? "")
    }
    return (result.code, findings)
  }

  private func change(_ name: String, _ old: String, _ new: String) throws {
    let text = String(decoding: try folder.bytes(name), as: UTF8.self)
    try #require(text.contains(old))
    try folder.write(text.replacing(old, with: new), to: name)
  }

  @Test func `all is the same`() throws {
    let (code, found) = try findings()
    #expect(code == 0)
    #expect(
      found == [
        "content": "same", "model file": "same", "data": "same", "lock": "same",
      ])
    let text = try program.run("provenance", checkpoint, in: folder)
    #expect(text.code == 0)
    #expect(text.output.contains("flowers.csv"))
  }

  @Test func `changed files are told by key and by name`() throws {
    try change("flowers.yaml", "units: 8", "units: 9")
    try change("flowers.csv", "4.0,3.0,a", "4.1,3.0,a")
    let (code, found) = try findings()
    #expect(code == 1)
    #expect(found["model file"] == "differsmodel.0.dense.units was 8, is 9")
    #expect(found["data"]?.hasPrefix("differsSHA-256 was ") == true)
    #expect(found["lock"] == "same")
  }

  @Test func `missing files are told`() throws {
    for name in ["flowers.csv", "flowers.yaml"] {
      try FileManager.default.removeItem(at: folder.url.appending(path: name))
    }
    let (code, found) = try findings()
    #expect(code == 1)
    #expect(found["data"] == "missing")
    #expect(found["model file"] == "missing")
  }

  @Test func `the lock of other weights is told`() throws {
    try change("flowers.yaml", "seed: 7", "seed: 8")
    try #require(try program.run("train", "flowers.yaml", in: folder).code == 0)
    let (code, found) = try findings()
    #expect(code == 1)
    #expect(found["model file"] == "differsseed was 7, is 8")
    #expect(found["lock"] == "differsit is of another model file")
  }

  @Test func `a path that leaves the folder is followed only if the person's file has it`() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "in"), withIntermediateDirectories: true)
    try folder.write(
      Workspace.model.replacing("flowers.csv", with: "../flowers.csv"), to: "in/flowers.yaml")
    try #require(try program.run("train", "in/flowers.yaml", in: folder).code == 0)
    func data(_ options: [String]) throws -> String {
      let result = try program.start(
        ["provenance", "--json"] + options + ["runs/flowers/2"], in: folder
      ).result()
      let checks = try result.json["checks"]?.elements ?? []
      return checks.first { $0["what"]?.stringValue == "data" }?["finding"]?.stringValue ?? ""
    }
    #expect(try data([]) == "same")
    try folder.write(Workspace.model, to: "in/flowers.yaml")
    #expect(try data([]) == "unchecked")
    #expect(try data(["--follow"]) == "same")
    // Evaluation reads what it names, and asks likewise.
    let refused = try program.run("evaluate", "runs/flowers/2", in: folder)
    #expect(refused.code == 1)
    #expect(refused.errors.contains("names '../flowers.csv', which leaves the folder"))
    let asked = try program.run(
      "evaluate", "--model", "in/flowers.yaml", "runs/flowers/2", in: folder)
    #expect(asked.code == 0, "\(asked.errors)")
  }

  @Test func `what is no checkpoint of nnc is told`() throws {
    try folder.write("no tensors", to: "x.safetensors")
    let result = try program.run("provenance", "x.safetensors", in: folder)
    #expect(result.code == 1)
    #expect(result.errors.contains("error:"))
  }
}
