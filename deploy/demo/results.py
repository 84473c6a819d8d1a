"""The table of all runs: for the terminal and as Markdown."""
import statistics

COLUMNS = ("fault", "alert", "actions, in order", "s to alert", "s to action", "s to recovery", "lost",
           "overrides left", "held")


def rows(runs):
    """One row per scenario, from (scenario, Outcome) in order; several runs as "median (worst)"."""
    by_scenario = {}
    for scenario, outcome in runs:
        by_scenario.setdefault(scenario.name, (scenario, []))[1].append(outcome)
    return [_row(scenario, outcomes) for scenario, outcomes in by_scenario.values()]


def misses(runs):
    return [f"{scenario.name}: {miss}" for scenario, outcome in runs for miss in outcome.misses]


def as_text(runs):
    table = [COLUMNS, *rows(runs)]
    widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in table]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines + [f"  missed: {miss}" for miss in misses(runs)])


def as_markdown(runs):
    lines = ["| " + " | ".join(COLUMNS) + " |", "|" + "---|" * len(COLUMNS)]
    lines += ["| " + " | ".join(row) + " |" for row in rows(runs)]
    found = misses(runs)
    lines += ["", "Misses:" if found else "No misses."] + [f"- {miss}" for miss in found]
    return "\n".join(lines) + "\n"


def _row(scenario, outcomes):
    alerts = sorted({name for outcome in outcomes for name, _ in outcome.alerts})
    held = sum(not outcome.misses for outcome in outcomes)
    return (scenario.name, ", ".join(alerts) or "none", _distinct(outcomes, _actions),
            _median_and_worst(outcome.seconds_to_alert() for outcome in outcomes),
            _median_and_worst(outcome.first_action for outcome in outcomes),
            _median_and_worst(outcome.seconds_to_recovery() for outcome in outcomes),
            _median_and_worst((outcome.lost for outcome in outcomes), "{:.0f}"),
            _distinct(outcomes, lambda outcome: str(len(outcome.overrides_left))),
            f"{held} of {len(outcomes)}")


def _actions(outcome):
    return ", ".join(f"{action} {target}" for action, target in outcome.actions) or "none"


def _distinct(outcomes, of):
    return " / ".join(dict.fromkeys(of(outcome) for outcome in outcomes))


def _median_and_worst(values, form="{:.1f}"):
    known = [value for value in values if value is not None]
    if not known:
        return "-"
    middle = form.format(statistics.median(known))
    return middle if len(known) == 1 else f"{middle} ({form.format(max(known))})"
