import Synchronization

#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Processors that are online.
let processorCount = max(sysconf(CInt(_SC_NPROCESSORS_ONLN)), 1)

/// What `body` gives for each number from zero on, each on a thread of its own.
///
/// The calling thread takes zero, and those for which the system has no thread.
func inParallel<Value: Sendable>(
  _ count: Int, _ body: @Sendable (Int) -> Value
) -> [Value] {
  let values = Mutex([Value?](repeating: nil, count: count))
  @Sendable func run(_ index: Int) {
    let value = body(index)
    values.withLock { $0[index] = value }
  }
  withoutActuallyEscaping(run) { run in
    var threads: [pthread_t] = []
    while threads.count + 1 < count, let thread = started(run, threads.count + 1) {
      threads.append(thread)
    }
    for index in 0..<count where index == 0 || index > threads.count { run(index) }
    for thread in threads { pthread_join(thread, nil) }
  }
  return values.withLock { $0.compactMap(\.self) }
}

private func started(_ body: @escaping @Sendable (Int) -> Void, _ index: Int) -> pthread_t? {
  var thread = pthread_t()
  let work = Unmanaged.passRetained(Work(body, index))
  guard pthread_create(&thread, nil, workMain, work.toOpaque()) == 0 else {
    work.release()
    return nil
  }
  return thread
}

private final class Work: Sendable {
  private let body: @Sendable (Int) -> Void
  private let index: Int

  init(_ body: @escaping @Sendable (Int) -> Void, _ index: Int) {
    self.body = body
    self.index = index
  }

  func run() { body(index) }
}

private func workMain(_ work: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  if let work { Unmanaged<Work>.fromOpaque(work).takeRetainedValue().run() }
  return nil
}
