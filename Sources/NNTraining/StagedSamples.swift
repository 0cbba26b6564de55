// Samples of a file become batches in memory, a step ahead of the training that takes them.
import Glibc
import NNData
import NNEngine
import NNGraph
import NNModel
import NNTensor

/// The rows of one step in memory, each input of a graph by itself.
final class StagedRows {
  /// In the order of the graph's inputs.
  let columns: [UnsafeMutableRawPointer]
  private let layout: SampleLayout
  /// For each field of a record where it goes.
  private let places: [Int?]
  private var records: UnsafeMutableRawBufferPointer
  private let fields: [UnsafeMutableRawPointer]
  let capacity: Int

  /// - capacity: rows of a step.
  init(_ layout: SampleLayout, graph: Graph, capacity: Int) {
    self.layout = layout
    self.capacity = capacity
    records = .allocate(byteCount: max(capacity * layout.width * 4, 4), alignment: 64)
    fields = layout.fields.map { field in
      let size = max(capacity * field.count * 4, 4)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      return memory
    }
    // An input may be called as a target is; the targets come behind the inputs.
    places = graph.inputs.map { input in
      let name = input.name
      if let place = layout.fields.firstIndex(where: { $0.name == name && $0.role == .input }) {
        return place
      }
      return layout.fields.firstIndex {
        $0.role == .target && "target.\($0.name)" == name
          || $0.role == .weight && name == DataSchema.weightInput
      }
    }
    let fields = fields
    columns = zip(places, graph.inputs).map { place, input in
      if let place { return fields[place] }
      // Predictions have no targets and no weights; their places stay zero.
      let size = max(graph.type(input.value).shape.count * capacity * 4, 4)
      let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: 64)
      memory.initializeMemory(as: UInt8.self, repeating: 0, count: size)
      return memory
    }
  }

  deinit {
    for (place, column) in zip(places, columns) where place == nil { column.deallocate() }
    for field in fields { field.deallocate() }
    records.deallocate()
  }

  /// Reads rows of a file, at most as many as there is room for.
  func stage(_ rows: ArraySlice<Int>, of file: SampleFile) throws(StorageProblem) {
    let width = layout.width
    try file.read(rows, into: .init(rebasing: records[..<(rows.count * width * 4)]))
    let words = records.bindMemory(to: UInt32.self)
    for (field, memory) in zip(layout.fields, fields) {
      let output = memory.assumingMemoryBound(to: UInt32.self)
      for row in 0..<rows.count {
        guard let from = words.baseAddress.map({ $0 + row * width + field.offset }) else { return }
        (output + row * field.count).update(from: from, count: field.count)
      }
    }
  }

  /// A copy of a target's staged values.
  func target(_ name: String, count: Int) -> FeatureArray? {
    guard
      let place = layout.fields.firstIndex(where: { $0.role == .target && $0.name == name })
    else { return nil }
    let field = layout.fields[place]
    let memory = fields[place]
    let storage: FeatureArray.Storage =
      field.dataType == .int32
      ? .index(
        Array(
          UnsafeBufferPointer(
            start: memory.assumingMemoryBound(to: Int32.self), count: count * field.count)))
      : .float(
        Array(
          UnsafeBufferPointer(
            start: memory.assumingMemoryBound(to: Float.self), count: count * field.count)))
    return FeatureArray(name: name, sampleShape: field.sampleShape, storage: storage)
  }
}

/// A thread that stages the steps of an epoch, a few ahead of whoever takes them.
final class StagingThread: @unchecked Sendable {
  private let file: SampleFile
  private let order: [Int]
  private let stepRows: Int
  private let slots: [StagedRows]
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let changed: UnsafeMutablePointer<pthread_cond_t>
  // All below are guarded by the mutex.
  private var staged = 0
  private var taken = 0
  private var released = 0
  private var isStopping = false
  private var problem: StorageProblem?
  private var thread = pthread_t()
  private var isRunning = false

  /// - slots: memory for as many steps as may be ahead; at least two.
  init(_ file: SampleFile, order: [Int], stepRows: Int, slots: [StagedRows]) {
    self.file = file
    self.order = order
    self.stepRows = stepRows
    self.slots = slots
    mutex = .allocate(capacity: 1)
    changed = .allocate(capacity: 1)
    pthread_mutex_init(mutex, nil)
    pthread_cond_init(changed, nil)
    let argument = Unmanaged.passUnretained(self).toOpaque()
    isRunning =
      pthread_create(
        &thread, nil,
        { argument in
          if let argument {
            Unmanaged<StagingThread>.fromOpaque(argument).takeUnretainedValue().run()
          }
          return nil
        }, argument) == 0
  }

  deinit {
    pthread_mutex_destroy(mutex)
    pthread_cond_destroy(changed)
    mutex.deallocate()
    changed.deallocate()
  }

  /// Ends the thread; must be called before the last reference goes.
  func stop() {
    locked { isStopping = true }
    pthread_cond_broadcast(changed)
    if isRunning { pthread_join(thread, nil) }
    isRunning = false
  }

  private func locked<Result>(_ body: () -> Result) -> Result {
    pthread_mutex_lock(mutex)
    defer { pthread_mutex_unlock(mutex) }
    return body()
  }

  private var stepCount: Int { (order.count + stepRows - 1) / stepRows }

  private func rows(ofStep step: Int) -> ArraySlice<Int> {
    order[step * stepRows..<min((step + 1) * stepRows, order.count)]
  }

  private func run() {
    for step in 0..<stepCount {
      let goesOn = locked {
        while step - released >= slots.count, !isStopping { pthread_cond_wait(changed, mutex) }
        return !isStopping
      }
      guard goesOn else { return }
      var found: StorageProblem?
      do throws(StorageProblem) {
        try slots[step % slots.count].stage(rows(ofStep: step), of: file)
      } catch {
        found = error
      }
      locked {
        if found == nil { staged = step + 1 } else { problem = found }
      }
      pthread_cond_broadcast(changed)
      if found != nil { return }
    }
  }

  /// The rows of the next step, which stay until the one after it is asked for; nil behind the last.
  func next() throws(StorageProblem) -> (rows: StagedRows, count: Int)? {
    guard taken < stepCount else { return nil }
    let step = taken
    taken += 1
    guard isRunning else {
      // Where the system gives no thread, this one reads.
      try slots[0].stage(rows(ofStep: step), of: file)
      return (slots[0], rows(ofStep: step).count)
    }
    let problem = locked {
      released = step
      pthread_cond_broadcast(changed)
      while staged <= step, self.problem == nil { pthread_cond_wait(changed, mutex) }
      return staged > step ? nil : self.problem
    }
    if let problem { throw problem }
    return (slots[step % slots.count], rows(ofStep: step).count)
  }
}
