/// All kinds a model file may name.
package struct Catalogue: Sendable {
  package var layers = Registry<any Layer>("layer")
  package var activations = Registry<any Activation>("activation")
  package var losses = Registry<any Loss>("loss")
  package var optimizers = Registry<any Optimizer>("optimizer")
  package var schedules = Registry<any Schedule>("schedule")
  package var initializers = Registry<any Initializer>("initializer")
  package var metrics = Registry<any Metric>("metric")

  package init() {}
}

extension Registry where Instance == any Layer {
  package init(_ families: [(name: String, layers: [any Layer.Type])]) {
    func add<K: Layer>(_ type: K.Type, _ family: String, to registry: inout Self) {
      registry.add(type, family: family) { $0 }
    }
    self.init("layer")
    for family in families {
      for type in family.layers { add(type, family.name, to: &self) }
    }
  }
}

extension Registry where Instance == any Activation {
  package init(_ types: [any Activation.Type]) {
    func add<K: Activation>(_ type: K.Type, to registry: inout Self) { registry.add(type) { $0 } }
    self.init("activation")
    for type in types { add(type, to: &self) }
  }
}

extension Registry where Instance == any Loss {
  package init(_ types: [any Loss.Type]) {
    func add<K: Loss>(_ type: K.Type, to registry: inout Self) { registry.add(type) { $0 } }
    self.init("loss")
    for type in types { add(type, to: &self) }
  }
}

extension Registry where Instance == any Optimizer {
  package init(_ types: [any Optimizer.Type]) {
    func add<K: Optimizer>(_ type: K.Type, to registry: inout Self) { registry.add(type) { $0 } }
    self.init("optimizer")
    for type in types { add(type, to: &self) }
  }
}

extension Registry where Instance == any Schedule {
  package init(_ types: [any Schedule.Type]) {
    func add<K: Schedule>(_ type: K.Type, to registry: inout Self) { registry.add(type) { $0 } }
    self.init("schedule")
    for type in types { add(type, to: &self) }
  }
}

extension Registry where Instance == any Initializer {
  package init(_ types: [any Initializer.Type]) {
    func add<K: Initializer>(_ type: K.Type, to registry: inout Self) { registry.add(type) { $0 } }
    self.init("initializer")
    for type in types { add(type, to: &self) }
  }
}

extension Registry where Instance == any Metric {
  package init(_ types: [any Metric.Type]) {
    func add<K: Metric>(_ type: K.Type, to registry: inout Self) { registry.add(type) { $0 } }
    self.init("metric")
    for type in types { add(type, to: &self) }
  }
}
