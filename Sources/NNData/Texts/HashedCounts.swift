import NNTensor

/// Counts of n-grams in buckets: no vocabulary is fitted, and whatever a new text holds has a bucket.
///
/// The n-grams are words that follow each other, with a blank between them, or characters. The bucket of
/// one is the FNV-1a hash of its UTF-8 bytes modulo the number of buckets. All are counted upwards: with
/// signs, as some libraries have them, the numbers would no longer be counts.
package struct HashedCounts: Sendable, Equatable {
  package let buckets: Int
  /// How many pieces an n-gram is made of.
  package let sizes: ClosedRange<Int>

  /// Counts the n-grams of a text.
  ///
  /// - Parameters:
  ///   - pieces: of the text, in their order.
  ///   - separated: whether a blank stands between two pieces.
  ///   - output: a number for each bucket, zeros at first.
  func count(
    _ pieces: [ExactText], separated: Bool, into output: UnsafeMutableBufferPointer<Float>
  ) {
    for first in pieces.indices {
      var hash = FNV1a()
      for place in first..<min(first + sizes.upperBound, pieces.count) {
        if separated, place > first { hash.add(UInt8(ascii: " ")) }
        for byte in pieces[place].text.utf8 { hash.add(byte) }
        guard place - first + 1 >= sizes.lowerBound else { continue }
        output[Int(hash.value % UInt64(buckets))] += 1
      }
    }
  }
}
