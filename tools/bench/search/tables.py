"""Tables of results, for a terminal or in Markdown."""

import statistics


def figures(times):
    """Mean, median and 99th percentile of times in nanoseconds, in µs."""
    ordered = sorted(time / 1000 for time in times)
    last = min(len(ordered) - 1, int(0.99 * len(ordered)))
    return {"mean": statistics.fmean(ordered), "median": statistics.median(ordered),
            "p99": ordered[last]}


def shown(value):
    return f"{value:,.0f}" if value >= 100 else f"{value:.1f}"


def grid(rows, markdown):
    """Rows of cells, the first one the heading, as lines."""
    if markdown:
        head = ["| " + " | ".join(rows[0]) + " |", "|" + "---|" * len(rows[0])]
        return head + ["| " + " | ".join(row) + " |" for row in rows[1:]]
    widths = [max(len(row[i]) for row in rows) for i in range(len(rows[0]))]
    return ["  ".join(cell.ljust(width) if i < 2 else cell.rjust(width)
                      for i, (cell, width) in enumerate(zip(row, widths))).rstrip() for row in rows]


def cell_rows(name, times, engines, own, clock):
    """Three rows of a class of queries: a figure of each engine, and the ratio to the best peer."""
    of_engine = {engine: figures([pair[clock] for pair in times[engine]])
                 for engine in engines if times.get(engine)}
    for figure in ("mean", "median", "p99"):
        peers = {engine: values[figure] for engine, values in of_engine.items() if engine not in own}
        row = [name if figure == "mean" else "", figure]
        row += [shown(of_engine[engine][figure]) if engine in of_engine else "–"
                for engine in engines]
        best = min(peers, key=peers.get) if peers else None
        for engine in own:
            ratio = best and of_engine.get(engine) and of_engine[engine][figure] / peers[best]
            row.append(f"{ratio:.2f} {best}" if ratio else "–")
        yield row


def time_tables(results, markdown=False, clock=0):
    """A table a command. `clock` is 0 for the engines' own, 1 for that of who asks."""
    engines, own = results["engines"], results["own"]
    heading = ["µs", "", *engines, *(f"{name} / best" for name in own)]
    lines = []
    for command, classes in results["times"].items():
        rows = [heading]
        for name, times in classes.items():
            count = max(len(pairs) for pairs in times.values())
            rows += cell_rows(f"{name} ({count})", times, engines, own, clock)
        lines += ["", f"{'### ' if markdown else ''}{command}", "", *grid(rows, markdown)]
    return lines


def megabytes(count):
    return "–" if count is None else f"{count / 1e6:,.1f}"


def build_table(results, markdown=False):
    """What building took and gave: one row an engine whose build compares."""
    text = results["corpus"]["bytes"]
    rows = [["engine", "version", "threads", "s", "processor s", "MB/s of text", "peak RSS, MB",
             "peak RssAnon, MB", "index, MB", "without text, MB", "index / text"]]
    for name, built in results["built"].items():
        stored = built["stored"]
        rows.append([name, built["version"], str(built["threads"]), f"{built['seconds']:.1f}",
                     f"{built['processor']:.1f}", f"{text / 1e6 / built['seconds']:.1f}",
                     megabytes(built["peak_rss"]), megabytes(built["peak_anonymous"]),
                     megabytes(built["bytes"]),
                     megabytes(None if stored is None else built["bytes"] - stored),
                     f"{built['bytes'] / text:.3f}"])
    return ["", f"{'### ' if markdown else ''}Build", "", *grid(rows, markdown)]


def overlap_table(results, markdown=False):
    """How many of the best ten each engine has in common with the first, in a hundred."""
    classes = sorted({name for shares in results["overlap"].values() for name in shares})
    if not classes:
        return []
    rows = [["engine", "", *classes]]
    for engine, shares in results["overlap"].items():
        rows.append([engine, "", *(f"{100 * shares[name]:.1f}" if name in shares else "–"
                                   for name in classes)])
    return ["", f"{'### ' if markdown else ''}Best ten in common with {results['engines'][0]}, %", "",
            *grid(rows, markdown)]


def everything(results, markdown=False, clock=0):
    lines = build_table(results, markdown) if results["built"] else []
    return "\n".join(lines + overlap_table(results, markdown)
                     + time_tables(results, markdown, clock)).strip("\n")
