import NNGraph
import NNTensor
import NNTestSupport

private let image = ValueType.batched([2, 3, 5])
private let vector = ValueType.batched([7])
private let scalar = ValueType.single(.scalar)

/// Where each function of one number is smooth, and how closely its kernel is held.
let unaryRows: [(function: UnaryFunction, domain: Domain)] = [
  (.copy, .plain), (.negate, .plain), (.absolute, .eitherSign(0.1...2)),
  (.sign, .eitherSign(0.1...2)), (.step, .eitherSign(0.1...2)), (.exp, .range(-3...3)),
  (.log, .range(0.1...4)), (.log1p, .range(-0.8...4)), (.expm1, .range(-3...2)),
  (.sqrt, .range(0.1...4)), (.rsqrt, .range(0.2...4)), (.reciprocal, .eitherSign(0.3...3)),
  (.square, .range(-2...2)), (.tanh, .range(-3...3)), (.sigmoid, .range(-6...6)),
  (.erf, .range(-3...3)), (.softplus, .range(-8...8)), (.relu, .eitherSign(0.1...2)),
  (.sin, .range(-4...4)), (.cos, .range(-4...4)),
  (.gelu, .range(-4...4)), (.geluSlope, .range(-4...4)), (.silu, .range(-6...6)),
  (.siluSlope, .range(-6...6)),
  (.floor, .listed([-1.5, -0.25, 0.5, 1.75, 2.3, -2.9, 0.1])),
]

/// Where each function of two numbers is smooth.
let binaryRows: [(function: BinaryFunction, a: Domain, b: Domain)] = [
  (.add, .plain, .plain), (.subtract, .plain, .plain), (.multiply, .plain, .plain),
  (.divide, .plain, .eitherSign(0.5...2)),
  (.maximum, .distinct(offset: 0), .distinct(offset: 0.01)),
  (.minimum, .distinct(offset: 0), .distinct(offset: 0.01)),
  (.greater, .distinct(offset: 0), .distinct(offset: 0.01)),
  (.greaterEqual, .distinct(offset: 0), .distinct(offset: 0.01)),
  (.equal, .distinct(offset: 0), .distinct(offset: 0.01)),
  (.power, .range(0.4...2), .range(-2...2)),
]

/// Every function over images, vectors, scalars and mixtures of them.
let elementwiseRows: [OpCase] =
  unaryRows.flatMap { row in
    [image, vector, .single([40]), scalar].map { type in
      OpCase("\(row.function) of \(type)", Unary(row.function), [type], [row.domain])
    }
  }
  + binaryRows.flatMap { row in
    [
      (image, image), (image, scalar), (scalar, image), (vector, vector), (scalar, vector),
      (.single([600]), .single([600])), (scalar, scalar),
    ].map { a, b in
      OpCase(
        "\(row.function) of \(a) and \(b)", Binary(row.function), [a, b], [row.a, row.b])
    }
  }
  + [BinaryFunction.equal, .greater, .greaterEqual, .maximum, .minimum].map { function in
    OpCase(
      "\(function) of equals", Binary(function), [vector, vector], [.flags, .flags],
      isDifferentiable: false)
  }
  + [
    OpCase("select of images", Select(), [image, image, image], [.flags]),
    OpCase("select of an image or a scalar", Select(), [image, image, scalar], [.flags]),
    OpCase("select of a scalar or a vector", Select(), [vector, scalar, vector], [.flags]),
    OpCase("select by a scalar", Select(), [scalar, vector, vector], [.flags]),
    OpCase(
      "random numbers", RandomUniform(RandomStream(seed: 3, purpose: "test")), [vector],
      isDifferentiable: false),
    OpCase("a constant", Constant(1.5), [], isDifferentiable: false),
  ]
