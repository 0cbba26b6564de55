import NNGraph
import NNJSON
import NNTraining
import Testing

#if canImport(FoundationEssentials)
  import FoundationEssentials
#else
  import Foundation
#endif

/// Ten training steps in bf16 beside PyTorch's autocast; see Scripts/fixtures/bfloat16.py.
///
/// PyTorch rounds the results of products too, so the two are only as near to each other as each is
/// to exact arithmetic: a hundredth of the loss.
@Suite(.enabled(if: bfloat16Products != nil)) struct PyTorchBFloat16Tests {
  @Test(arguments: ["dense", "conv2d"])
  func `ten steps give nearly PyTorch's losses`(_ name: String) throws {
    let folder = bfloat16Folder.appending(path: name)
    let fixture = try TrainingFixture(at: folder)
    let expected = try JSONValue.parse(
      Array(try Data(contentsOf: folder.appending(path: "expected.json"))))
    let exact = try #require(expected["exact"]?.elements).compactMap(\.doubleValue)
    let trainer = try fixture.trainer(shards: 3, threads: 2)
    var losses: [Double] = []
    _ = try trainer.train { event in
      if case .step(let report) = event { losses.append(report.loss) }
    }
    #expect(losses.count == fixture.losses.count)
    for (step, loss) in losses.enumerated() {
      for other in [fixture.losses[step], exact[step]] {
        #expect(abs(loss - other) <= 0.01 * other, "step \(step): \(loss), not \(other)")
      }
    }
    // Rounding operands must show, or they were not rounded.
    #expect(zip(losses, exact).contains { abs($0 - $1) > 1e-5 * $1 })
  }
}

private let bfloat16Folder = URL(filePath: #filePath)
  .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Fixtures/bfloat16")
