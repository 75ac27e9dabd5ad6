"""``sh packaging/dev bench [ROW…] [--short] [--json FILE]``: one table of ratios."""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from tests.benchmarks.machine import machine, settings, stay_on_cores
from tests.benchmarks.row import Plan, Row, RowFailedError
from tests.benchmarks.table import facts, heading, row_lines
from tests.benchmarks.topics import chosen, row_names

_SHORT_WINDOW_S = 0.5


def main() -> int:
    """Run the rows that were named, or all but the soak; 1 if one could not be measured."""
    options = _options()
    plan = _plan(options)
    stay_on_cores()
    facts_of_run = {
        "date": datetime.now().astimezone().isoformat(timespec="seconds"),
        "machine": machine(),
        "settings": settings(plan),
    }
    print(facts(f"machine, {facts_of_run['date']}", machine()))
    print(facts("settings", settings(plan)), end="\n\n")
    print(heading(), flush=True)
    rows, failures = _measure(options.rows, plan)
    if options.json:
        result = {**facts_of_run, "rows": [asdict(row) for row in rows], "failed": failures}
        options.json.write_text(json.dumps(result, indent=2) + "\n")
    return 1 if failures else 0


def _measure(names: list[str], plan: Plan) -> tuple[list[Row], dict[str, str]]:
    """The rows in the order of the table, and why others are missing."""
    rows, failures = list[Row](), dict[str, str]()
    for topic, lines in chosen(names):
        try:
            for row in topic.run(plan, lines):
                rows.append(row)
                print(row_lines(row), flush=True)
        except RowFailedError as error:
            failures[topic.name] = str(error)
            print(f"{topic.name}: NOT MEASURED: {error}", flush=True)
    return rows, failures


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="packaging/dev bench")
    parser.add_argument(
        "rows", nargs="*", metavar="ROW", help=f"one of {', '.join(row_names())}; none: all"
    )
    parser.add_argument("--short", action="store_true", help="prove that it works, roughly")
    parser.add_argument("--rounds", type=int, default=5, help="turns of app and reference")
    parser.add_argument("--seconds", type=float, default=2.0, help="length of a window")
    parser.add_argument("--minutes", type=float, default=60.0, help="length of the soak")
    parser.add_argument("--json", type=Path, metavar="FILE")
    options = parser.parse_args()
    unknown = [name for name in options.rows if name not in row_names()]
    if unknown:
        parser.error(f"there is no row {unknown[0]}; choose from {', '.join(row_names())}")
    if options.rounds < 1 or options.seconds <= 0 or options.minutes <= 0:
        parser.error("rounds, seconds and minutes have to be above zero")
    return options


def _plan(options: argparse.Namespace) -> Plan:
    if options.short:
        return Plan(True, 1, _SHORT_WINDOW_S, options.minutes)
    return Plan(False, options.rounds, options.seconds, options.minutes)


if __name__ == "__main__":
    sys.exit(main())
