"""Inference: one row and ten thousand rows of some cases, nnc and its peers in turns."""

import statistics

from runners import CORES, SHARE, Failure, Runner, Variant
from steps import leave_weights, remark

CASES = ("iris", "lenet", "char-gpt")
ROWS = (1, 10_000)


def variants(peers):
    every = len(CORES)
    tools = ["nnc", *(tool for tool in ("eager", "compile", "jax") if tool in peers)]
    return [
        Variant(tool, threads) for tool in tools for threads in sorted({1, every}, reverse=True)
    ]


def measure(case, peers, rounds):
    """For each number of rows the figures of each variant, microseconds for all rows."""
    leave_weights(case)
    results = {str(rows): {} for rows in ROWS}
    runners = []
    for variant in variants(peers):
        try:
            runners.append(Runner(variant, case))
        except Failure as failure:
            for figures in results.values():
                figures[variant.key] = remark(case, variant, failure)
    for rows in ROWS:
        for variant, times in turns(case, runners, rows, rounds).items():
            results[str(rows)][variant.key] = times
    for runner in runners:
        runner.close()
    return results


def turns(case, runners, rows, rounds):
    results, shares, times = {}, {}, {}
    for runner in runners:
        # A second thread is no help with a row, nor one thread with work for many seconds.
        if runner.variant.threads == 1 and rows > 1 and case != "iris":
            continue
        try:
            first = runner.ask(f"infer {rows} 1")["microseconds"][0]
            if first < 1e6:
                first = runner.ask(f"infer {rows} 2")["microseconds"][-1]
        except Failure as failure:
            results[runner.variant] = remark(case, runner.variant, failure)
            continue
        # What takes seconds has no time for a turn that does not count.
        times[runner] = [first] if first > 3e6 else []
        shares[runner] = max(1, min(2000, int(SHARE * 1e6 / first)))
        if shares[runner] > 1:
            runner.ask(f"infer {rows} {shares[runner]}")
    slow = any(times.values())
    for _ in range(1 if slow else rounds):
        for runner in list(times):
            try:
                times[runner] += runner.ask(f"infer {rows} {shares[runner]}")["microseconds"]
            except Failure as failure:
                results[runner.variant] = remark(case, runner.variant, failure)
                del times[runner]
    for runner, values in times.items():
        results[runner.variant] = {
            "median": statistics.median(values), "least": min(values), "times": len(values)
        }  # fmt: skip
    return results
