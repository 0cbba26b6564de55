"""The rows of training steps: nnc and its peers, in turns."""

import statistics
import sys

import cases
from runners import CORES, Failure, Runner, Variant, variants, weights


def measure(case, peers, rounds):
    """A row: the operations of a step, and the figures of each variant or why it has none."""
    with_peers = variants(case, peers)
    operations = leave_weights(case)
    results = visits(case, with_peers) if case in cases.LARGE else turns(case, with_peers, rounds)
    return {"operations": operations, "batch": cases.BATCH[case], "variants": results}


def leave_weights(case):
    """Has nnc write the weights that peers begin with, and gives the operations of a step."""
    runner = Runner(Variant("nnc", len(CORES)), case)
    runner.ask(f"save {weights(case)}")
    operations = runner.ask("cost")["operations"]
    runner.close()
    return operations


def turns(case, all_variants, rounds):
    """All runners wait beside each other and measure in turns."""
    runners, results = [], {}
    for variant in all_variants:
        try:
            runner = Runner(variant, case)
            runner.warm_up()
            runners.append(runner)
        except Failure as failure:
            results[variant.key] = remark(case, variant, failure)
    for _ in range(rounds):
        for runner in list(runners):
            try:
                runner.turn()
            except Failure as failure:
                results[runner.variant.key] = remark(case, runner.variant, failure)
                runners.remove(runner)
    for runner in runners:
        results[runner.variant.key] = runner.figures()
        runner.close()
    return results


def visits(case, all_variants, rounds=2, steps=2):
    """Runners that are too large to wait beside each other come and go, each some times."""
    times, memory, results = {}, {}, {}
    for _ in range(rounds):
        for variant in all_variants:
            if variant.key in results:
                continue
            try:
                runner = Runner(variant, case)
                runner.take(1)
                times.setdefault(variant.key, []).extend(runner.take(steps))
                memory[variant.key] = runner.memory()
                runner.close()
            except Failure as failure:
                results[variant.key] = remark(case, variant, failure)
    for key, values in times.items():
        if key not in results:
            results[key] = {
                "median": statistics.median(values), "least": min(values), "steps": len(values),
                "memory": memory[key],
            }  # fmt: skip
    return results


def remark(case, variant, failure):
    print(f"  {case}, {variant.key}: {failure}", file=sys.stderr, flush=True)
    return {"remark": str(failure)}


def fastest(row, bf16=False):
    """The key of the fastest peer variant of a row; in bf16 rows any precision counts."""
    peers = [
        (figures["median"], key)
        for key, figures in row["variants"].items()
        if "median" in figures and not key.startswith("nnc") and (bf16 or not Variant.of(key).bf16)
    ]
    return min(peers)[1] if peers else None


def line(case, row):
    """A row in short, for the terminal."""
    every = len(CORES)
    parts = []
    for bf16 in (False, True):
        own = row["variants"].get(Variant("nnc", every, bf16).key, {})
        best = fastest(row, bf16)
        if "median" not in own:
            continue
        text = f"nnc{' bf16' if bf16 else ''} {own['median']:.1f} µs"
        if best:
            other = row["variants"][best]["median"]
            text += f", {best} {other:.1f} µs, ratio {other / own['median']:.2f}"
        parts.append(text)
    return f"{case:12} " + "; ".join(parts)


def check(case, peers):
    """Whether all twins compute nnc's loss from the same weights."""
    ours = Runner(Variant("nnc", 1), case)
    ours.ask(f"save {weights(case)}")
    expected = ours.ask("loss")["loss"]
    ours.close()
    same = True
    cells = []
    tools = [tool for tool in ("eager", "channels-last", "compile", "jax") if tool in peers]
    if "eager" in peers and case in cases.IMAGES:
        tools.insert(1, "channels-last")
    for tool in tools:
        try:
            twin = Runner(Variant(tool, 1), case)
            twin.ask(f"load {weights(case)}")
            loss = twin.ask("loss")["loss"]
            twin.close()
        except Failure as failure:
            cells.append(f"{tool} FAILS ({failure})")
            same = False
            continue
        is_same = abs(loss - expected) <= 1e-4 * max(abs(expected), 1e-3)
        cells.append(f"{tool} {loss:.6f}{'' if is_same else ' DIFFERS'}")
        same = same and is_same
    print(f"{case:12} nnc {expected:.6f}; {'; '.join(cells)}", flush=True)
    return same
