import CKernels
import Glibc
import Synchronization

/// A fixed set of threads that run the same body together, the caller being the first of them.
///
/// Waiting spins for some microseconds and then sleeps: a step of a small model is shorter than a
/// wake-up, and a spinning thread on a preempted core would cost milliseconds.
package final class WorkerPool: @unchecked Sendable {
  /// How many threads there are, the caller included.
  package let count: Int

  private let generation = Atomic<Int>(0)
  private let running = Atomic<Int>(0)
  private let isStopping = Atomic<Bool>(false)
  private var body: ((Int) -> Void)?
  private var threads: [pthread_t] = []
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let start: UnsafeMutablePointer<pthread_cond_t>
  private let finish: UnsafeMutablePointer<pthread_cond_t>

  private static let spins = 20_000

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

  /// Calls the body once on each thread with its index and returns when all have returned.
  package func run(_ body: (Int) -> Void) {
    guard count > 1 else {
      body(0)
      return
    }
    withoutActuallyEscaping(body) { body in
      self.body = body
      running.store(count - 1, ordering: .relaxed)
      wake()
      body(0)
      waitForOthers()
      self.body = nil
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
      body?(index)
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
