"""nnc alone on all cases with few steps, beside the figures that were committed last."""

import json
import statistics

import cases
from runners import CORES, Failure, Runner, Variant


def run(names, path):
    rows = json.loads(path.read_text())["steps"] if path.exists() else {}
    print(f"{'case':18} {'µs':>12} {'committed':>12} {'ratio':>6}")
    for case in names:
        for bf16 in (False, True) if case in cases.HALF else (False,):
            variant = Variant("nnc", len(CORES), bf16)
            name = f"{case}{' bf16' if bf16 else ''}"
            try:
                median = measured(variant, case)
            except Failure as failure:
                print(f"{name:18} none: {failure}", flush=True)
                continue
            before = rows.get(case, {}).get("variants", {}).get(variant.key, {}).get("median")
            cells = f"{before:12.1f} {before / median:6.2f}" if before else f"{'none':>12}"
            print(f"{name:18} {median:12.1f} {cells}", flush=True)
    print("A ratio above 1 is faster than what was committed, perhaps on another machine.")
    return 0


def measured(variant, case):
    """The median of a few turns, of three steps where each takes seconds."""
    runner = Runner(variant, case)
    if case in cases.LARGE:
        runner.take(1)
        runner.times = runner.take(2)
    else:
        runner.warm_up()
        for _ in range(3):
            runner.turn()
    runner.close()
    return statistics.median(runner.times)
