import CKernels
import Glibc
import Synchronization

/// A fixed set of threads that run the same body together, the caller being the first of them.
///
/// Waiting spins for some fifty microseconds and then sleeps: a step of a small model is shorter than
/// a wake-up, and a spinning thread on a preempted core would cost milliseconds.
package final class WorkerPool: @unchecked Sendable {
  /// How many threads there are, the caller included.
  package let count: Int

  private let generation = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private var job = Job()
  private var threads: [pthread_t] = []
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let start: UnsafeMutablePointer<pthread_cond_t>
  private let finish: UnsafeMutablePointer<pthread_cond_t>

  /// Turns of a loop that only looks: some fifty microseconds, as a worker waits in a step of a few
  /// hundred for the one that has more to do.
  #if NNC_SANITIZED
    // Where each look costs a call, as many would take most of the time.
    private static let spins = 100
  #else
    private static let spins = 100_000
  #endif

  package init(threads wanted: Int) {
    mutex = .allocate(capacity: 1)
    start = .allocate(capacity: 1)
    finish = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(start, nil)
    pthread_cond_init(finish, nil)
    nn_single_thread()
    // Where the system gives fewer threads than asked for, the others do the work; the bits of
    // the result do not depend on it.
    var made: [pthread_t] = []
    let box = Box()
    for index in 1..<max(wanted, 1) {
      var thread = pthread_t()
      let argument = Unmanaged.passRetained(Argument(box: box, index: index))
      let code = pthread_create(&thread, nil, workerMain, argument.toOpaque())
      guard code == 0 else {
        argument.release()
        break
      }
      made.append(thread)
    }
    count = made.count + 1
    threads = made
    box.set(self)
  }

  deinit {
    isStopping.store(true, ordering: .releasing)
    wake()
    for thread in threads { pthread_join(thread, nil) }
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(start)
    pthread_cond_destroy(finish)
    mutex.deallocate()
    start.deallocate()
    finish.deallocate()
  }

  /// What the threads run together: a function and what it works on. It is not a closure, because
  /// handing one over to other threads takes memory for what it captures.
  private struct Job {
    var context: UnsafeMutableRawPointer?
    var body: Body?

    func run(_ worker: Int) {
      if let context, let body { body(context, worker) }
    }
  }

  /// - context: where what it works on lies; all threads share it.
  package typealias Body =
    @convention(c) (_ context: UnsafeMutableRawPointer, _ index: Int) -> Void

  /// Calls the body once on each thread with its index and returns when all have returned; takes no
  /// memory.
  package func run(_ context: UnsafeMutableRawPointer, _ body: @escaping Body) {
    guard count > 1 else {
      body(context, 0)
      return
    }
    job = Job(context: context, body: body)
    running.store(count - 1, ordering: .relaxed)
    wake()
    body(context, 0)
    waitForOthers()
    job = Job()
  }

  /// Calls the body once on each thread with its index and returns when all have returned; takes
  /// some memory to hand it over.
  package func run(_ body: (Int) -> Void) {
    withoutActuallyEscaping(body) { body in
      var body = body
      withUnsafeMutablePointer(to: &body) { body in
        run(body) { $0.assumingMemoryBound(to: ((Int) -> Void).self).pointee($1) }
      }
    }
  }

  private func wake() {
    // Under the lock, so that no worker misses it between its last look and its sleep.
    pthread_mutex_lock(mutex)
    generation.add(1, ordering: .releasing)
    pthread_cond_broadcast(start)
    pthread_mutex_unlock(mutex)
  }

  private func waitForOthers() {
    for _ in 0..<WorkerPool.spins where running.load(ordering: .acquiring) == 0 { return }
    pthread_mutex_lock(mutex)
    while running.load(ordering: .acquiring) != 0 { pthread_cond_wait(finish, mutex) }
    pthread_mutex_unlock(mutex)
  }

  fileprivate func work(_ index: Int) {
    nn_single_thread()
    var seen = 0
    while true {
      waitForWork(after: seen)
      seen = generation.load(ordering: .acquiring)
      if isStopping.load(ordering: .acquiring) { return }
      job.run(index)
      if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 {
        pthread_mutex_lock(mutex)
        pthread_cond_signal(finish)
        pthread_mutex_unlock(mutex)
      }
    }
  }

  private func waitForWork(after seen: Int) {
    for _ in 0..<WorkerPool.spins where generation.load(ordering: .acquiring) != seen { return }
    pthread_mutex_lock(mutex)
    while generation.load(ordering: .acquiring) == seen { pthread_cond_wait(start, mutex) }
    pthread_mutex_unlock(mutex)
  }
}

/// Hands the pool to its threads once it is complete, without keeping it alive.
private final class Box: @unchecked Sendable {
  private let address = Atomic<UInt>(0)

  func set(_ pool: WorkerPool) {
    let pointer = Unmanaged.passUnretained(pool).toOpaque()
    address.store(UInt(bitPattern: pointer), ordering: .releasing)
  }

  /// Waits for the pool; it outlives its threads, because its deinitialiser joins them.
  func pool() -> Unmanaged<WorkerPool> {
    while true {
      if let pointer = UnsafeRawPointer(bitPattern: address.load(ordering: .acquiring)) {
        return Unmanaged.fromOpaque(pointer)
      }
      sched_yield()
    }
  }
}

private final class Argument {
  let box: Box
  let index: Int

  init(box: Box, index: Int) {
    self.box = box
    self.index = index
  }
}

private func workerMain(_ pointer: UnsafeMutableRawPointer?) -> UnsafeMutableRawPointer? {
  guard let pointer else { return nil }
  let argument = Unmanaged<Argument>.fromOpaque(pointer).takeRetainedValue()
  argument.box.pool()._withUnsafeGuaranteedRef { $0.work(argument.index) }
  return nil
}
