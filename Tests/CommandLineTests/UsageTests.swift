import Foundation
import NNJSON
import Testing

/// Exit codes and streams: results on standard output, everything else on standard error.
@Suite struct UsageTests {
  let program: Program
  let folder: Workspace

  init() throws {
    program = try Program()
    folder = try Workspace()
  }

  @Test(arguments: [
    ["--help"], ["--version"], ["check", "--help"], ["train", "--help"], ["help", "predict"],
  ])
  func `help is a result`(_ arguments: [String]) throws {
    let result = try program.start(arguments, in: folder).result()
    #expect(result.code == 0)
    #expect(!result.output.isEmpty)
    #expect(result.errors == "")
  }

  @Test(arguments: [
    ["trian", "flowers.yaml"], ["train"], ["check"], ["train", "flowers.yaml", "--epochs", "3"],
    ["train", "flowers.yaml", "--threads", "0"], ["train", "flowers.yaml", "--seed", "-1"],
    ["train", "flowers.yaml", "--seed", "many"], ["predict", "weights.safetensors"],
    ["evaluate", "--split", "tests", "x"], ["evaluate", "--split", "test", "--data", "y", "x"],
    ["show", "--graph", "png", "flowers.yaml"],
  ])
  func `wrong usage ends with 2 and prints no result`(_ arguments: [String]) throws {
    let result = try program.start(arguments, in: folder).result()
    #expect(result.code == 2)
    #expect(result.output == "")
    #expect(!result.errors.isEmpty)
  }

  @Test func `a clean file is checked in silence on standard output`() throws {
    let result = try program.run("check", "flowers.yaml", in: folder)
    #expect(result.code == 0)
    #expect(result.output == "")
    #expect(result.errors == "no problems in 1 file\n")
  }

  @Test func `all problems of all files are told, with places, without colour`() throws {
    try folder.write(
      Workspace.model.replacing("units: 8", with: "unitz: 8")
        .replacing("adam:", with: "adma:"), to: "typo.yaml")
    let result = try program.run("check", "typo.yaml", "flowers.yaml", "none.yaml", in: folder)
    #expect(result.code == 1)
    #expect(result.output == "")
    #expect(result.errors.contains("error[unknown-field]: 'dense' has no field 'unitz'"))
    #expect(result.errors.contains("--> typo.yaml:12:13"))
    #expect(result.errors.contains("did you mean 'units'?"))
    #expect(result.errors.contains("error[unknown-optimizer]: there is no optimizer 'adma'"))
    #expect(result.errors.contains("error[unreadable-file]"))
    #expect(result.errors.hasSuffix("3 errors in 3 files\n"))
    #expect(!result.errors.contains("\u{1B}"))
  }

  @Test(arguments: ["", "1"])
  func `no colour and no live progress where there is no terminal`(_ noColour: String) throws {
    let result = try program.run(
      "train", "flowers.yaml", in: folder,
      environment: ["NO_COLOR": noColour, "TERM": "xterm-256color", "FORCE_COLOR": "1"])
    #expect(result.code == 0)
    #expect(!result.errors.contains("\u{1B}"))
    #expect(!result.errors.contains("\r"))
    #expect(!result.output.contains("\u{1B}"))
  }

  @Test func `a file that cannot be read is one clear problem`() throws {
    try FileManager.default.createDirectory(
      at: folder.url.appending(path: "folder.yaml"), withIntermediateDirectories: false)
    for (name, reason) in [
      ("none.yaml", "No such file"), ("folder.yaml", "directory"),
      ("flowers.csv/model.yaml", "Not a directory"),
    ] {
      for command in ["check", "show", "train"] {
        let result = try program.run(command, name, in: folder)
        #expect(result.code == 1, "\(command) \(name)")
        #expect(result.output == "")
        #expect(result.errors.contains("error[unreadable-file]"))
        #expect(result.errors.localizedCaseInsensitiveContains(reason))
        #expect(result.errors.hasSuffix("1 error in 1 file\n"))
      }
    }
    #expect(!folder.exists("runs"))
  }

  @Test func `nothing is trained while a file has a problem`() throws {
    try folder.write(
      Workspace.model.replacing("train: {epochs", with: "trainr: {epochs"), to: "typo.yaml")
    let result = try program.run("train", "typo.yaml", in: folder)
    #expect(result.code == 1)
    #expect(result.errors.contains("did you mean 'train'?"))
    #expect(result.errors.hasSuffix("1 error in 1 file\n"))
    #expect(!folder.exists("runs"))
  }

  @Test func `a problem in the data shows the line of the data`() throws {
    try folder.write("length,width,species\n5.1,3.5,a\n4.9,3.0 cm,b\n", to: "flowers.csv")
    let result = try program.run("check", "flowers.yaml", in: folder)
    #expect(result.code == 1)
    #expect(result.errors.contains("--> flowers.csv:3:5"))
    #expect(result.errors.contains("3 | 4.9,3.0 cm,b\n  |     ^^^^^^"))
  }
}
