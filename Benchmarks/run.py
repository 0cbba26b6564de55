#!/usr/bin/env python3
"""Measures nnc beside PyTorch and JAX, in turns.

    python3 Benchmarks/run.py                                  # everything, into results.md
    python3 Benchmarks/run.py lenet gru --rounds 3             # some cases, to the terminal
    python3 Benchmarks/run.py lenet --peers eager,jax --save   # the same, and into results.md
    python3 Benchmarks/run.py --sections whole,inference --save
    python3 Benchmarks/run.py --check                          # that the twins compute the same
    python3 Benchmarks/run.py --quick                          # nnc alone beside results.json

Every runner is a process of its own that waits while another measures. A turn gives each a share
of steps that takes about a third of a second; the median of all steps is reported, the least
beside it, and the ratio to the fastest variant of any peer.
"""

import argparse
import json
import os
import sys
import time

import cases
import data
import forecast
import inference
import input as reading
import machine
import quick
import report
import saving
import scaling
import steps
import whole
from runners import HERE

SECTIONS = ("steps", "whole", "inference", "scaling", "forecast", "input", "checkpoint")
PEERS = ("eager", "compile", "jax", "sklearn")
JSON, MARKDOWN = HERE / "results.json", HERE / "results.md"


class Results:
    """The figures so far, written after every row where they are to be kept."""

    def __init__(self, is_new, is_saved):
        self.is_saved = is_saved
        old = json.loads(JSON.read_text()) if JSON.exists() and not is_new else {}
        self.values = {"machine": machine.description()}
        # Sections are measured at different times, each with the nnc of its day.
        self.build = self.values["machine"]["versions"].pop("nnc")
        self.values["builds"] = old.get("builds", {})
        self.values |= {section: old.get(section, {}) for section in SECTIONS}
        before = old.get("machine", {})
        if before.get("processor") == self.values["machine"]["processor"]:
            self.keep_best_peak(before["peak"])
        if machine.is_disturbed(self.values["machine"]["peak"]):
            print("Others keep the processor busy; figures will be too large.", file=sys.stderr)

    def keep_best_peak(self, other):
        """A peak is what is seldom reached, so that the best of several measurements counts."""
        for threads, kinds in self.values["machine"]["peak"].items():
            for kind in kinds:
                kinds[kind] = max(kinds[kind], other.get(threads, {}).get(kind, 0))

    def add(self, section, name, figures):
        self.values[section][name] = figures
        self.values["builds"][section] = self.build
        order = list(cases.CASES)
        if section in ("steps", "forecast"):
            self.values[section] = dict(
                sorted(self.values[section].items(), key=lambda item: order.index(item[0]))
            )
        self.save()

    def save(self):
        if self.is_saved:
            JSON.write_text(json.dumps(self.values, indent=1) + "\n", encoding="utf-8")
            MARKDOWN.write_text(report.markdown(self.values), encoding="utf-8")


def list_of(known):
    def read(text):
        words = [word for word in text.split(",") if word]
        for word in words:
            if word not in known:
                raise argparse.ArgumentTypeError(f"'{word}' is none of {', '.join(known)}")
        return words

    return read


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("cases", nargs="*", metavar="CASE", help="of the steps; all if not given")
    parser.add_argument("--peers", type=list_of(PEERS), help=f"some of {', '.join(PEERS)}")
    parser.add_argument("--no-peers", action="store_true", help="nnc alone")
    parser.add_argument("--sections", type=list_of(SECTIONS), help=f"of {', '.join(SECTIONS)}")
    parser.add_argument("--rounds", type=int, default=5, help="turns of each runner")
    parser.add_argument("--save", action="store_true", help="into results.md and results.json")
    parser.add_argument("--check", action="store_true", help="compare losses, measure nothing")
    parser.add_argument("--quick", action="store_true", help="nnc beside the committed figures")
    result = parser.parse_args()
    for case in result.cases:
        if case not in cases.CASES:
            parser.error(f"'{case}' is none of {', '.join(cases.CASES)}")
    return result


def main():
    given = arguments()
    # Whoever waits shall sleep, whatever the shell says.
    for name in ("OMP_WAIT_POLICY", "GOMP_SPINCOUNT"):
        os.environ.pop(name, None)
    names = given.cases or list(cases.CASES)
    for name in names:
        data.prepare(name, cases.CASES[name])
    peers = set() if given.no_peers else set(given.peers or PEERS)
    if given.check:
        peers = set(given.peers or ("eager", "jax"))
        return 0 if all([steps.check(name, peers) for name in names]) else 1
    if given.quick:
        return quick.run(names, JSON)
    is_whole = not (given.cases or given.sections or given.peers or given.no_peers)
    sections = given.sections or (("steps",) if given.cases else SECTIONS)
    results = Results(is_new=is_whole, is_saved=given.save or is_whole)
    print(json.dumps(results.values["machine"], indent=1), flush=True)
    for section in sections:
        start = time.monotonic()
        run(section, names, peers, given.rounds, results)
        print(f"{section}: {time.monotonic() - start:.0f} s", flush=True)
    results.keep_best_peak(machine.peak())
    results.save()
    return 0


def run(section, names, peers, rounds, results):
    if section == "steps":
        for name in names:
            row = steps.measure(name, peers, rounds)
            results.add("steps", name, row)
            print(steps.line(name, row), flush=True)
    if section == "whole":
        for name in whole.EPOCHS:
            figures = whole.measure(name, peers, min(rounds, 3))
            results.add("whole", name, figures)
            for who, values in figures["commands"].items():
                print(f"{name}, {who}: {values['median']:.1f} ms", flush=True)
        results.add("whole", "check", whole.check_time(rounds))
    if section == "inference":
        for name in inference.CASES:
            data.prepare(name, cases.CASES[name])
            figures = inference.measure(name, peers, rounds)
            results.add("inference", name, figures)
            print(json.dumps({name: figures}), flush=True)
    if section == "scaling":
        for kind, members in scaling.measure(rounds).items():
            results.add("scaling", kind, members)
            print(json.dumps({kind: members}), flush=True)
    if section == "input":
        for name in reading.CASES:
            figures = reading.measure(name, rounds)
            results.add("input", name, figures)
            print(json.dumps({name: figures}), flush=True)
    if section == "checkpoint":
        figures = {"speed": saving.measure(rounds), "cost": saving.cost(rounds * 4)}
        for name, members in figures.items():
            results.add("checkpoint", name, members)
        print(json.dumps(figures), flush=True)
    if section == "forecast":
        for name in names:
            row = results.values["steps"].get(name)
            figures = forecast.measure(name, row) if row else None
            if figures:
                results.add("forecast", name, figures)
                print(f"{name}: {figures}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
