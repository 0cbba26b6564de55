// swift-tools-version: 6.1
import PackageDescription

// One direction: each target imports only those above it in this list.
// ARCHITECTURE.md tells the story that the order follows.

// Scripts/sanitize.sh alone says so. What is linked with Swift's static library hides its malloc and
// its locks, the sanitizers' own, from all other libraries.
let isSanitized = Context.environment["NNC_SANITIZED"] != nil

let swift: [SwiftSetting] =
  [
    .swiftLanguageMode(.v6),
    .enableUpcomingFeature("ExistentialAny"),
    .enableUpcomingFeature("InternalImportsByDefault"),
    .enableUpcomingFeature("MemberImportVisibility"),
  ] + (isSanitized ? [.define("NNC_SANITIZED")] : [])

func module(
  _ name: String, _ dependencies: [Target.Dependency] = [], linker: [LinkerSetting] = []
) -> Target {
  .target(
    name: name, dependencies: dependencies, swiftSettings: swift, linkerSettings: linker)
}

func tests(
  _ name: String, _ dependencies: [Target.Dependency], exclude: [String] = []
) -> Target {
  .testTarget(name: name, dependencies: dependencies, exclude: exclude, swiftSettings: swift)
}

let collections = Target.Dependency.product(
  name: "OrderedCollections", package: "swift-collections")
let crypto = Target.Dependency.product(name: "Crypto", package: "swift-crypto")
let arguments = Target.Dependency.product(name: "ArgumentParser", package: "swift-argument-parser")

let package = Package(
  name: "nnc",
  products: [.executable(name: "nnc", targets: ["nnc"])],
  dependencies: [
    .package(url: "https://github.com/apple/swift-argument-parser", from: "1.8.2"),
    .package(url: "https://github.com/apple/swift-collections", from: "1.6.0"),
    .package(url: "https://github.com/apple/swift-crypto", from: "4.5.2"),
  ],
  targets: [
    .systemLibrary(
      name: "CLibYAML", pkgConfig: "yaml-0.1", providers: [.apt(["libyaml-dev"])]),
    .systemLibrary(
      name: "CSQLite", pkgConfig: "sqlite3", providers: [.apt(["libsqlite3-dev"])]),
    .systemLibrary(name: "CZlib", pkgConfig: "zlib", providers: [.apt(["zlib1g-dev"])]),
    .systemLibrary(name: "CZstd", pkgConfig: "libzstd", providers: [.apt(["libzstd-dev"])]),
    .target(
      name: "CKernels",
      cSettings: [.define("_GNU_SOURCE")],
      linkerSettings: [
        .linkedLibrary("dnnl"), .linkedLibrary("dl"), .linkedLibrary("m"),
      ]),

    .target(
      name: "CImages", linkerSettings: [.linkedLibrary("png16"), .linkedLibrary("jpeg")]),

    module("NNDiagnostics", ["NNJSON"]),
    module("NNJSON"),
    module("NNYAML", ["CLibYAML", "NNDiagnostics"]),
    module("NNTensor"),
    module("NNGraph", ["CKernels", "NNTensor"]),
    module("NNModel", ["NNDiagnostics", "NNYAML", "NNTensor", "NNGraph", collections]),
    module("NNCatalogue", ["NNModel", "NNTensor", "NNGraph"]),
    module(
      "NNData",
      [
        "CImages", "CSQLite", "CZlib", "CZstd", "NNDiagnostics", "NNYAML", "NNJSON", "NNTensor",
        "NNModel",
        collections,
      ]),
    module(
      "NNManual", ["NNDiagnostics", "NNJSON", "NNModel", "NNCatalogue", "NNData"]),
    module("NNPlan", ["NNTensor", "NNGraph", "CKernels"]),
    module("NNEngine", ["NNTensor", "NNGraph", "NNPlan", "CKernels"]),
    module("NNCheckpoint", ["NNJSON", "NNTensor", crypto]),
    module(
      "NNTraining",
      [
        "NNDiagnostics", "NNYAML", "NNJSON", "NNTensor", "NNGraph", "NNModel", "NNCatalogue",
        "NNData", "NNPlan", "NNEngine", "NNCheckpoint",
      ]),
    .executableTarget(
      name: "nnc",
      dependencies: [
        arguments, "NNDiagnostics", "NNYAML", "NNJSON", "NNTensor", "NNModel", "NNCatalogue",
        "NNData", "NNPlan", "NNCheckpoint", "NNTraining", "NNGraph", "NNManual",
      ],
      swiftSettings: swift,
      // The program carries Swift's libraries with it. `--static-swift-stdlib` would do the same,
      // but `swift test` does not take it, and then everything would be compiled twice.
      linkerSettings: isSanitized
        ? []
        : [
          .unsafeFlags(["-static-stdlib"], .when(platforms: [.linux], configuration: .release)),
          .linkedLibrary(
            "swiftSynchronization", .when(platforms: [.linux], configuration: .release)),
          .linkedLibrary("_FoundationCShims", .when(platforms: [.linux], configuration: .release)),
          .linkedLibrary(
            "_FoundationCollections", .when(platforms: [.linux], configuration: .release)),
        ]),

    .executableTarget(
      name: "nnc-bench",
      dependencies: [
        "CKernels", "NNCatalogue", "NNCheckpoint", "NNData", "NNDiagnostics", "NNEngine", "NNGraph",
        "NNJSON", "NNModel", "NNPlan", "NNTensor", "NNTraining", "NNYAML",
      ],
      path: "Benchmarks/Runner", swiftSettings: swift),

    .target(
      name: "NNTestSupport",
      dependencies: ["CKernels", "NNTensor", "NNGraph", "NNPlan", "NNEngine"],
      path: "Tests/NNTestSupport", swiftSettings: swift),
    tests("CKernelsTests", ["CKernels", "NNTestSupport"]),
    tests("NNJSONTests", ["NNJSON"]),
    tests("NNDiagnosticsTests", ["NNDiagnostics", "NNJSON"]),
    tests("NNYAMLTests", ["NNYAML", "NNDiagnostics"]),
    tests("NNTensorTests", ["NNTensor"]),
    tests("NNGraphTests", ["NNTensor", "NNGraph", "NNTestSupport"]),
    tests(
      "NNModelTests",
      [
        "NNCatalogue", "NNDiagnostics", "NNGraph", "NNModel", "NNTensor", "NNTestSupport", "NNYAML",
      ]),
    tests(
      "NNCatalogueTests",
      [
        "NNCatalogue", "NNDiagnostics", "NNGraph", "NNModel", "NNPlan", "NNTensor",
        "NNTestSupport", "NNYAML",
      ]),
    tests(
      "NNDataTests",
      ["NNData", "NNDiagnostics", "NNYAML", "NNJSON", "NNTensor", "NNModel", "NNTestSupport"]),
    tests("NNPlanTests", ["NNTensor", "NNGraph", "NNPlan", "NNTestSupport"]),
    tests(
      "NNEngineTests",
      ["CKernels", "NNTensor", "NNGraph", "NNPlan", "NNEngine", "NNTestSupport"]),
    tests(
      "NNCheckpointTests", ["NNCheckpoint", "NNJSON", "NNTensor", "NNTestSupport"],
      exclude: ["Golden"]),
    tests(
      "NNTrainingTests",
      [
        "NNCheckpoint", "NNData", "NNDiagnostics", "NNEngine", "NNGraph", "NNJSON", "NNManual",
        "NNModel", "NNTensor", "NNTestSupport", "NNTraining",
      ]),
    tests(
      "NNManualTests",
      ["NNCatalogue", "NNData", "NNDiagnostics", "NNManual", "NNModel", "NNYAML"]),
    tests(
      "FixtureTests",
      [
        "NNCatalogue", "NNCheckpoint", "NNData", "NNDiagnostics", "NNEngine", "NNGraph", "NNJSON",
        "NNModel", "NNPlan", "NNTensor", "NNTestSupport", "NNTraining", "NNYAML",
      ]),
    .target(name: "CAllocationCount", path: "Tests/CAllocationCount"),
    tests(
      "ModelTests",
      ["CAllocationCount", "NNCheckpoint", "NNData", "NNEngine", "NNGraph", "NNJSON", "NNTraining"]),
    // These run the program that `make build` leaves; depending on its target would link the tests
    // with its static libraries.
    tests("CommandLineTests", ["NNJSON"]),
    tests("DocumentationTests", []),
  ]
)

// Scripts/fuzz.sh alone builds this: nothing else names libFuzzer's library.
if let runtime = Context.environment["NNC_FUZZ_RUNTIME"] {
  package.products.append(.executable(name: "nnc-fuzz", targets: ["nnc-fuzz"]))
  package.targets += [
    .target(name: "CFuzzer", path: "Scripts/fuzz/CFuzzer"),
    .executableTarget(
      name: "nnc-fuzz",
      dependencies: [
        "CFuzzer", "NNCheckpoint", "NNData", "NNDiagnostics", "NNTensor", "NNTraining",
      ],
      path: "Scripts/fuzz/Targets", swiftSettings: swift,
      linkerSettings: [.unsafeFlags([runtime]), .linkedLibrary("stdc++")]),
  ]
}
