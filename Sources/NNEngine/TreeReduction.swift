/// Combines parts in one balanced binary tree whose form depends on their number alone, so that
/// the bits of the result do not depend on who made the parts or when.
///
/// - combine: joins the second part into the first.
package func reduceInTree(_ range: Range<Int>, _ combine: (_ into: Int, _ from: Int) -> Void) {
  guard range.count > 1 else { return }
  let middle = treeMiddle(range)
  reduceInTree(range.lowerBound..<middle, combine)
  reduceInTree(middle..<range.upperBound, combine)
  combine(range.lowerBound, middle)
}

/// Where the tree cuts: the left half is the largest power of two that leaves something right.
func treeMiddle(_ range: Range<Int>) -> Int {
  var half = 1
  while half * 2 < range.count { half *= 2 }
  return range.lowerBound + half
}
