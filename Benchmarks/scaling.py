"""What a step of nnc costs against batch, depth and width."""

import statistics

import cases
import data
from runners import CORES, HERE, Runner, Variant

FACTORS = (1, 2, 4, 8)
# Rows or windows enough for a batch eight times as large.
DATA = {
    "mnist-mlp": data.Table((784,), 10, 1024),
    "char-gpt": data.Text(128, 95, 128),
}
DEPTHS = (2, 4, 8, 16)
WIDTHS = (128, 256, 512, 1024)
USUAL_DEPTH, USUAL_WIDTH = 4, 256


def model_files():
    """The kind, the factor or size, and the model file of each network to measure."""
    for case, kind in DATA.items():
        name = f"scaling-{case}"
        data.prepare(name, kind)
        text = (HERE / f"cases/{case}.yaml").read_text(encoding="utf-8")
        text = text.replace(f"../.data/{case}.", f"{name}.")
        for factor in FACTORS:
            batch = f"batch: {cases.BATCH[case] * factor},"
            scaled = text.replace(f"batch: {cases.BATCH[case]},", batch)
            yield f"batch of {case}", factor, written(f"{name}-{factor}", scaled)
    text = (HERE / "cases/mnist-mlp.yaml").read_text(encoding="utf-8")
    text = text.replace("../.data/mnist-mlp.", "scaling-mnist-mlp.")
    for depth in DEPTHS:
        yield "layers of an mlp", depth, written(f"depth-{depth}", mlp(text, depth, USUAL_WIDTH))
    for width in WIDTHS:
        yield "width of an mlp", width, written(f"width-{width}", mlp(text, USUAL_DEPTH, width))


def mlp(text, depth, width):
    """The text of a case with other hidden layers."""
    before, _, rest = text.partition("model:\n")
    after = rest[rest.index("  - dense: y") :]
    layer = f"  - dense: {{units: {width}, activation: relu}}\n"
    return f"{before}model:\n{layer * depth}{after}"


def written(name, text):
    path = data.FOLDER / f"{name}.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def measure(rounds):
    """For each kind a list of sizes with their operations and times."""
    results = {}
    groups = {}
    for kind, size, path in model_files():
        groups.setdefault(kind, []).append((size, path))
    for kind, members in groups.items():
        runners = []
        for size, path in members:
            runner = Runner(Variant("nnc", len(CORES)), "", model=str(path))
            operations = runner.ask("cost")["operations"]
            runner.warm_up()
            runners.append((size, operations, runner))
        for _ in range(rounds):
            for _, _, runner in runners:
                runner.turn()
        results[kind] = [
            {"size": size, "operations": operations, "median": statistics.median(runner.times)}
            for size, operations, runner in runners
        ]
        for _, _, runner in runners:
            runner.close()
    return results
