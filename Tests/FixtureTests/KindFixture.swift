import NNCatalogue
import NNCheckpoint
import NNJSON
import NNModel
import NNTensor

import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// A kind at work and what PyTorch makes of it; see Scripts/fixtures/README.md.
struct KindFixture: Sendable, CustomTestStringConvertible {
  struct Input: Sendable {
    let name: String
    let shape: Shape
    let dataType: DataType
    /// Of indices.
    let classes: Int?
  }

  let group: String
  let name: String
  let layers: [String]
  let loss: String?
  let target: TargetType?
  let inputs: [Input]
  let isTraining: Bool
  let rows: Int
  let tensors: [String: Tensor]

  var testDescription: String { "\(group), \(name)" }

  /// Everything of the case that a word could stand in.
  var text: String { (layers + [loss ?? ""]).joined(separator: "\n") }

  static func all() throws -> [KindFixture] {
    try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      .filter { $0.hasSuffix(".json") }.flatMap { try group(String($0.dropLast(5))) }
  }

  private static let folder = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/kinds")

  private static func group(_ name: String) throws -> [KindFixture] {
    let file = try Checkpoint(contentsOf: folder.appending(path: "\(name).safetensors").path)
    let entries = try JSONValue.parse(
      Array(try Data(contentsOf: folder.appending(path: "\(name).json"))))
    return try #require(entries.elements).map { entry in
      let prefix = "\(try #require(entry["name"]?.stringValue))/"
      let own = file.tensors.filter { $0.name.hasPrefix(prefix) }
      let tensors = Dictionary(
        uniqueKeysWithValues: own.map { (String($0.name.dropFirst(prefix.count)), $0.tensor) })
      return try KindFixture(group: name, entry, tensors)
    }
  }

  private init(group: String, _ entry: JSONValue, _ tensors: [String: Tensor]) throws {
    self.group = group
    self.tensors = tensors
    name = try #require(entry["name"]?.stringValue)
    layers = try #require(entry["layers"]?.elements).compactMap(\.stringValue)
    loss = entry["loss"]?.stringValue
    isTraining = entry["training"]?.boolValue ?? true
    rows = try #require(entry["rows"]?.integerValue.map { Int($0) })
    inputs = try #require(entry["inputs"]?.elements).map { input in
      Input(
        name: try #require(input["name"]?.stringValue), shape: input.shape,
        dataType: input["indices"]?.boolValue == true ? .int32 : .float32,
        classes: input["classes"]?.integerValue.map { Int($0) })
    }
    target = entry["target"].map { target in
      switch target["kind"]?.stringValue {
      case "binary": .binary(positive: "yes")
      case "category":
        .category(
          classes: (0..<(target["classes"]?.integerValue.map { Int($0) } ?? 0)).map { "\($0)" },
          shape: target.shape)
      default: .number(target.shape)
      }
    }
  }
}

extension JSONValue {
  fileprivate var shape: Shape {
    Shape((self["shape"]?.elements ?? []).compactMap { $0.integerValue.map { Int($0) } })
  }
}
