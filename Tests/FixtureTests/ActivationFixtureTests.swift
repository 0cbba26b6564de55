import NNCatalogue
import NNModel
import Testing

/// That no activation is without a case of its own; words such as `exp` are parts of others.
@Suite struct ActivationFixtureTests {
  @Test func `every activation is compared with PyTorch by itself`() throws {
    let cases = try KindFixture.all().filter { $0.group == "activations" }
    let words = cases.compactMap { fixture in
      fixture.text.firstMatch(of: /activation: \{?(?<word>\w+)/).map { String($0.word) }
    }
    #expect(Set(words) == Set(Catalogue.standard.activations.words))
    for word in Set(words) {
      #expect(words.count { $0 == word } > 1 || word == "sin", "'\(word)' is not tried far away")
    }
  }
}
