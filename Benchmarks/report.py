"""Writes results.md from the figures of results.json."""

from runners import Variant
from steps import fastest

# In the order of the columns.
PEERS = ("eager", "channels-last", "compile", "jax")


def markdown(results):
    """The whole report."""
    parts = [HEAD, machine(results["machine"], results["builds"])]
    if results.get("steps"):
        parts += [training(results), peers(results), half(results)]
    if results.get("whole"):
        parts.append(whole(results))
    if results.get("inference"):
        parts.append(inference(results))
    if results.get("scaling"):
        parts.append(scaling(results))
    if results.get("forecast"):
        parts.append(forecast(results))
    if results.get("input"):
        parts.append(reading(results))
    if results.get("checkpoint", {}).keys() >= {"speed", "cost"}:
        parts.append(checkpoint(results["checkpoint"]))
    return "\n".join(part for part in parts if part)


HEAD = """\
# Benchmarks

Written by `make bench`; do not edit by hand. Every runner is a process of its own; they take turns
and wait while another measures. Figures are medians of all steps of all turns. A step is forward,
backward and update, until its loss is known. A ratio is the median of the *fastest* variant of any
peer divided by nnc's: above 1 nnc is faster. `run.py --check` proves that nnc and its peers compute
the same loss from the same weights.
"""


def table(header, rows):
    """A table whose first column is text and whose others are figures."""
    lines = ["| " + " | ".join(header) + " |", "| --- |" + " ---: |" * (len(header) - 1)]
    lines += ["| " + " | ".join(row) + " |" for row in rows]
    return "\n".join(lines) + "\n"


def duration(microseconds):
    if microseconds < 1e3:
        return f"{microseconds:.3g} µs" if microseconds < 100 else f"{microseconds:.0f} µs"
    unit, size = ("ms", 1e3) if microseconds < 1e6 else ("s", 1e6)
    value = microseconds / size
    return f"{value:.2f} {unit}" if value < 10 else f"{value:.1f} {unit}"


def megabytes(count):
    return f"{count / 1e6:.0f} MB"


def ratio(value):
    return f"{value:.2f}" if value < 10 else f"{value:.1f}"


def machine(values, builds):
    peak = values["peak"]
    rows = [
        [f"{threads} {'thread' if threads == '1' else 'threads'}"]
        + [f"{figures[kind]:.0f}" if figures.get(kind) else "none" for kind in ("f32", "bf16")]
        for threads, figures in peak.items()
    ]
    versions = ", ".join(f"{name} {version}" for name, version in values["versions"].items())
    text = (
        f"## Machine\n\n{values['processor']}, {values['cores']} cores, "
        f"{values['memory'] / 1e9:.0f} GB, {values['system']}. {versions}.\n\n"
        f"{built(builds)}\n\n"
        "The most that multiply-adds in registers reach, GFLOP/s:\n"
    )
    return text + "\n" + table(["", "f32", "bf16"], rows)


def built(builds):
    """Which nnc each section was measured with."""
    sections = {}
    for section, build in builds.items():
        sections.setdefault(build, []).append(section)
    parts = [f"{build}: {', '.join(names)}" for build, names in sections.items()]
    return f"The nnc of each section, {'; '.join(parts)}."


def own(results, row, bf16=False, threads=None):
    key = Variant("nnc", threads or results["machine"]["cores"], bf16).key
    figures = row["variants"].get(key, {})
    return figures if "median" in figures else None


def share(results, row, figures, kind):
    """Percent of the peak of all threads."""
    peak = results["machine"]["peak"][str(results["machine"]["cores"])].get(kind)
    if not peak:
        return "–"
    return f"{100 * row['operations'] / figures['median'] / 1e3 / peak:.0f}%"


def training(results):
    rows = []
    cores = results["machine"]["cores"]
    for case, row in results["steps"].items():
        figures = own(results, row)
        if not figures:
            continue
        single = own(results, row, threads=1)
        best = fastest(row)
        torch = row["variants"].get(Variant("eager", cores).key, {}).get("memory")
        rows.append(
            [
                f"{case}, batch {row['batch']}",
                duration(figures["median"]),
                duration(figures["least"]),
                ratio(single["median"] / figures["median"]) if single else "–",
                described(best) if best else "–",
                duration(row["variants"][best]["median"]) if best else "–",
                against(row, best, figures),
                share(results, row, figures, "f32"),
                megabytes(figures["memory"]),
                megabytes(torch) if torch else "–",
                ratio(figures["memory"] / torch) if torch else "–",
            ]
        )
    return (
        f"## A training step, f32, {cores} threads\n\n"
        + table(
            [
                "case", "nnc", "least", f"1 → {cores} threads", "fastest peer", "its median",
                "ratio", "of the peak", "nnc's memory", "PyTorch's", "ratio",
            ],
            rows,
        )
        + "\nMemory is the greatest resident set of the process, libraries and data included.\n"
    )  # fmt: skip


def against(row, best, figures):
    """How many times faster than the fastest peer."""
    return f"**{ratio(row['variants'][best]['median'] / figures['median'])}**" if best else "–"


def described(key):
    variant = Variant.of(key)
    return f"{variant.name}, {variant.threads} {'thread' if variant.threads == 1 else 'threads'}"


def peers(results):
    """The medians of every variant."""
    keys = [
        key
        for tool in PEERS
        for bf16 in (False, True)
        for key in every_key(results)
        if Variant.of(key).tool == tool and Variant.of(key).bf16 == bf16
    ]
    remarks = []
    rows = []
    for case, row in results["steps"].items():
        cells = []
        for key in keys:
            figures = row["variants"].get(key)
            if figures is None:
                cells.append("")
            elif "median" in figures:
                cells.append(duration(figures["median"]))
            else:
                if figures["remark"] not in remarks:
                    remarks.append(figures["remark"])
                cells.append(f"none [{remarks.index(figures['remark']) + 1}]")
        rows.append([case, *cells])
    notes = "".join(f"\n[{index}] {text}\n" for index, text in enumerate(remarks, start=1))
    return (
        "## Every peer\n\nMedians; the largest networks are not measured in every variant. PyTorch "
        "compiled with one thread only where steps are tiny; JAX with one thread is bound to one "
        "processor.\n\n" + table(["case", *(described(key) for key in keys)], rows) + notes
    )


def every_key(results):
    keys = {key: None for row in results["steps"].values() for key in row["variants"]}
    return sorted(keys, key=lambda key: -Variant.of(key).threads)


def half(results):
    rows, missing = [], set()
    cores = results["machine"]["cores"]
    for case, row in results["steps"].items():
        figures, plain = own(results, row, True), own(results, row)
        if not figures:
            remark = row["variants"].get(Variant("nnc", cores, True).key, {}).get("remark")
            missing |= {remark} if remark else set()
            continue
        best = fastest(row, bf16=True)
        rows.append(
            [
                case,
                duration(figures["median"]),
                duration(figures["least"]),
                described(best) if best else "–",
                duration(row["variants"][best]["median"]) if best else "–",
                against(row, best, figures),
                share(results, row, figures, "bf16"),
                ratio(plain["median"] / figures["median"]) if plain else "–",
            ]
        )
    if not rows and not missing:
        return ""
    text = (
        f"## A training step, bf16, {cores} threads\n\nBeside the fastest variant of any peer in "
        "any precision; PyTorch's bf16 is its autocast.\n\n"
    )
    if missing:
        text += "Not every row: " + "; ".join(sorted(missing)) + "\n\n"
    if not rows:
        return text
    return text + table(
        ["case", "nnc", "least", "fastest peer", "its median", "ratio", "of the bf16 peak",
         "nnc's f32 ÷ bf16"], rows,
    )  # fmt: skip


def whole(results):
    text = "## Whole processes\n\nFrom the start of the command to the checkpoint on disk.\n\n"
    rows = []
    for name, values in results["whole"].items():
        if name == "check":
            continue
        nnc = values["commands"]["nnc"]["median"]
        for who, figures in values["commands"].items():
            rows.append(
                [
                    f"{name}, {values['epochs']} epochs: {who}",
                    duration(figures["median"] * 1e3),
                    duration(figures["least"] * 1e3),
                    ratio(figures["median"] / nnc),
                ]
            )
    text += table(["process", "median", "least", "÷ nnc"], rows)
    if "check" in results["whole"]:
        text += f"\n`nnc check models/iris.yaml`: {duration(results['whole']['check'] * 1e3)}.\n"
    return text


def inference(results):
    keys = {
        key: None
        for case in results["inference"].values()
        for figures in case.values()
        for key in figures
    }
    rows = []
    for case, by_rows in results["inference"].items():
        for count, figures in by_rows.items():
            medians = {key: value["median"] for key, value in figures.items() if "median" in value}
            own = min((medians[key] for key in medians if key.startswith("nnc")), default=None)
            other = min(
                (medians[key] for key in medians if not key.startswith("nnc")), default=None
            )
            rows.append(
                [f"{case}, {int(count):,} {'row' if count == '1' else 'rows'}"]
                + [duration(medians[key]) if key in medians else "" for key in keys]
                + [f"**{ratio(other / own)}**" if own and other else "–"]
            )
    return (
        "## Inference, f32\n\nFrom rows in memory to probabilities in memory; a peer predicts as "
        "many rows together as it is fastest with. The ratio is of the fastest variants.\n\n"
        + table(["case", *(described(key) for key in keys), "ratio"], rows)
    )


def scaling(results):
    cores = str(results["machine"]["cores"])
    peak = results["machine"]["peak"][cores].get("f32")
    text = (
        f"## Scaling, {cores} threads\n\nWhat a step of nnc costs; beside the time its growth "
        "over the row before, and that of the operations.\n\n"
    )
    rows = []
    for kind, members in results["scaling"].items():
        before = None
        for member in members:
            name = f"{kind} × {member['size']}" if "batch" in kind else f"{kind}: {member['size']}"
            percent = 100 * member["operations"] / member["median"] / 1e3 / peak if peak else 0
            rows.append(
                [
                    name,
                    duration(member["median"]),
                    ratio(member["median"] / before["median"]) if before else "",
                    ratio(member["operations"] / before["operations"]) if before else "",
                    f"{percent:.0f}%",
                ]
            )
            before = member
    return text + table(["network", "step", "growth", "of operations", "of the peak"], rows)


def forecast(results):
    rows = []
    for case, values in results["forecast"].items():
        off = values["predicted"] / values["measured"] - 1
        rows.append(
            [
                case,
                duration(values["predicted"] * 1e6),
                duration(values["measured"] * 1e6),
                f"{100 * off:+.0f}%",
            ]
        )
    return "## What `nnc show` predicts\n\nSeconds of an epoch.\n\n" + table(
        ["case", "predicted", "measured", "off by"], rows
    )


TOOLS = {
    "nnc": "nnc", "pandas": "pandas, C", "pandas-pyarrow": "pandas, pyarrow", "polars": "polars",
    "numpy": "NumPy", "copy": "a copy in memory", "pillow": "Pillow", "torchvision": "torchvision",
}  # fmt: skip


def reading(results):
    """What is read in a second, on one core."""
    text = (
        "## Input, one core\n\nFrom a file that the system has in memory to prepared 32-bit floats "
        "and class indices, by what training itself calls. Megabytes of text and of the floats made, "
        "or images, in a second; the median, and in brackets the best.\n\n"
    )
    for cases in (("decimals", "integers", "mixed"), ("idx", "npy"), ("jpeg",)):
        rows = {case: results["input"][case] for case in cases if case in results["input"]}
        tools = list(dict.fromkeys(tool for row in rows.values() for tool in row["tools"]))
        if rows:
            text += table(
                ["case", *(TOOLS[tool] for tool in tools)],
                [[described_input(case, row), *(rate(row, tool) for tool in tools)]
                 for case, row in rows.items()],
            ) + "\n"  # fmt: skip
    return text.rstrip("\n") + "\n"


def checkpoint(rows):
    """Half a gigabyte there and back, and what a training pays."""
    speed, cost = rows["speed"], rows["cost"]
    text = (
        "## Checkpoints\n\nWriting ends when the file is on the disk under its name, with the SHA-256 of "
        "its content and of the file known; reading, when the content is known to be unchanged and all "
        "of it lies where a model computes. Beside them a plain copy of the same file, read from "
        "memory as they do, to the disk or to the system's cache.\n\n"
    )
    words = ("write", "copy, on the disk", "read", "copy")
    text += table(
        [f"{megabytes(speed['bytes'])}", "time", "MB/s"],
        [[word, duration(speed[word]), f"{speed['bytes'] / speed[word]:.0f}"] for word in words],
    )
    share = 100 * (cost["every"] / cost["end"] - 1)
    return text + (
        f"\nmnist-5k as a whole process takes {duration(cost['every'] * 1e3)} with a checkpoint after "
        f"every epoch and {duration(cost['end'] * 1e3)} with one at the end: {share:+.1f}%.\n"
    )


def described_input(case, row):
    unit = "images/s" if row["images"] else "MB/s"
    if case in ("idx", "npy"):
        return f"{case}, {megabytes(row['floats'] * 4)} of floats, {unit}"
    return f"{case}, {row['images']} images, {unit}" if row["images"] else (
        f"{case}.csv, {megabytes(row['bytes'])}, {unit}"
    )  # fmt: skip


def rate(row, tool):
    figures = row["tools"].get(tool, {})
    if "median" not in figures:
        return "–"
    # Bytes in a microsecond are megabytes in a second.
    amount = row["images"] * 1e6 or (row["floats"] * 4 if "numpy" in row["tools"] else row["bytes"])
    return f"{amount / figures['median']:.0f} ({amount / figures['least']:.0f})"
