#if canImport(Glibc)
  import Glibc
#elseif canImport(Musl)
  import Musl
#else
  import Darwin
#endif

/// Processors that threads of this process can run on.
let processorCount = max(sysconf(CInt(_SC_NPROCESSORS_ONLN)), 1)

/// Calls `body` with each number from zero on, on a thread for each, and returns when all have returned.
///
/// The calling thread takes zero, and those for which the system has no thread.
func inParallel(_ count: Int, _ body: @Sendable (Int) -> Void) {
  withoutActuallyEscaping(body) { body in
    var threads: [pthread_t] = []
    var index = 1
    while index < count {
      var thread = pthread_t()
      let work = Unmanaged.passRetained(Work(body, index))
      guard pthread_create(&thread, nil, workMain, work.toOpaque()) == 0 else {
        work.release()
        break
      }
      threads.append(thread)
      index += 1
    }
    for index in [0] + Array(index..<max(index, count)) where index < count { body(index) }
    for thread in threads { pthread_join(thread, nil) }
  }
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
