"""Runs the demo: see demo.sh, which sets everything up and then calls this."""
import argparse
import statistics
import sys
from pathlib import Path

from scenario import Runner, load_scenarios, warm_up
from stack import REPO, SERVICES, Stack, StackError
from timeline import Progress, Timeline

SCENARIOS = REPO / "tests/scenarios"


def main():
    arguments = parse_arguments()
    stack = Stack(arguments.port_base, arguments.tools, arguments.binaries)
    scenarios = load_scenarios(SCENARIOS)
    try:
        return run(arguments, stack, scenarios)
    except (StackError, RuntimeError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        print("\ninterrupted", file=sys.stderr)
        stack.stop()
        return 130


def run(arguments, stack, scenarios):
    what = arguments.what
    if what == "list":
        for scenario in scenarios.values():
            print(f"  {scenario.name:<16} {scenario.title}{'  (long)' if scenario.long else ''}")
        return 0
    if what == "stop":
        print("stopped" if stack.stop() else f"nothing runs on port base {stack.port_base}")
        return 0
    if what == "status":
        return show_status(stack)
    if what == "start":
        start(stack, arguments.load or "steady")
        show_links(stack)
        return 0
    if what != "all" and what not in scenarios:
        raise StackError(f"no scenario '{what}': expected all, start, stop, status, list, {', '.join(scenarios)}")
    chosen = [s for s in scenarios.values() if s.name == what or (what == "all" and not s.long)]
    return run_scenarios(arguments, stack, chosen)


def run_scenarios(arguments, stack, chosen):
    rows = []
    for scenario in chosen:
        for number in range(1, arguments.runs + 1):
            last = scenario is chosen[-1] and number == arguments.runs
            rows.append((scenario, number, run_once(arguments, stack, scenario, keep=arguments.keep and last)))
    if len(rows) > 1:
        show_table(rows)
    return 0 if all(not outcome.misses for _, _, outcome in rows) else 1


def run_once(arguments, stack, scenario, keep):
    """A fresh stack for each run: no cooldown, model or incident is left from the run before."""
    timeline = Timeline()
    timeline.heading(f"{scenario.name}: {scenario.title}")
    timeline.line(scenario.story)
    start(stack, arguments.load or scenario.load or "steady")
    try:
        outcome = Runner(stack, scenario, timeline).run()
        show_summary(stack, scenario, outcome, timeline, keep)
    finally:
        if not keep:
            stack.stop()
    return outcome


def start(stack, load):
    stack.load_pattern = load
    stack.start()
    progress = Progress("warming up on live traffic")
    try:
        warm_up(stack, SERVICES, progress)
    except BaseException:
        stack.stop()
        raise


def show_summary(stack, scenario, outcome, timeline, keep):
    timeline.heading("It held." if not outcome.misses else "It did not hold:")
    for miss in outcome.misses:
        timeline.line(f"  - {miss}")
    if scenario.fault:
        timeline.line(f"  seconds from the fault to the first alert {seconds(outcome.seconds_to_alert())}, "
                      f"action {seconds(outcome.first_action)}, verified recovery {seconds(outcome.recovered)}; "
                      f"{outcome.lost} requests lost")
    actions = ", ".join(f"{action} {service}" for action, service in outcome.actions)
    timeline.line(f"  actions: {actions or 'none'}; restarted: {', '.join(outcome.restarted) or 'nothing'}")
    if keep:
        show_links(stack)
    else:
        timeline.line(f"  logs: {stack.run_dir}/logs   (--keep leaves everything running)")


def show_links(stack):
    print("\nLook around:")
    for name, label in (("gateway", "the shop"), ("prometheus", "Prometheus"), ("alertmanager", "Alertmanager"),
                        ("exporter", "anomaly scores"), ("webhook", "incidents and actions")):
        print(f"  {label:<22} {stack.url(name, '/')}")
    print(f"  {'break something':<22} curl -X POST '{stack.url('gateway', '/orders/fault?mode=crash')}'")
    print(f"  {'stop':<22} ./demo.sh stop --port-base {stack.port_base}")


def show_status(stack):
    if not stack.is_running():
        print(f"nothing runs on port base {stack.port_base}")
        return 1
    for name, (state, description) in sorted(stack.processes().items()):
        print(f"  {name:<14} {state:<10} {description}")
    show_links(stack)
    return 0


def show_table(rows):
    print(f"\n{'scenario':<14} {'run':>3} {'alert s':>8} {'action s':>9} {'healed s':>9} {'lost':>6}  result")
    for scenario, number, outcome in rows:
        result = "held" if not outcome.misses else "; ".join(outcome.misses)
        print(f"{scenario.name:<14} {number:>3} {seconds(outcome.seconds_to_alert()):>8} "
              f"{seconds(outcome.first_action):>9} {seconds(outcome.recovered):>9} {outcome.lost:>6}  {result}")
    healed = [outcome for _, _, outcome in rows if outcome.recovered is not None]
    if len(healed) > 1:
        columns = (statistics.median(o.seconds_to_alert() or 0 for o in healed),
                   statistics.median(o.first_action or 0 for o in healed),
                   statistics.median(o.recovered for o in healed))
        print(f"{'median':<18} {columns[0]:>8.1f} {columns[1]:>9.1f} {columns[2]:>9.1f}")


def seconds(value):
    return "-" if value is None else f"{value:.1f}"


def parse_arguments():
    parser = argparse.ArgumentParser(prog="./demo.sh", description="The promheal demo.")
    parser.add_argument("what", nargs="?", default="crash", help="scenario, all, start, stop, status or list")
    parser.add_argument("--keep", action="store_true", help="leave the stack running")
    parser.add_argument("--port-base", type=int, default=3000, metavar="N", help="first port (default 3000)")
    parser.add_argument("--load", choices=("steady", "wave"), help="traffic (default: the scenario's, else steady)")
    parser.add_argument("--runs", type=int, default=1, metavar="N", help="runs of each scenario")
    parser.add_argument("--tools", type=Path, required=True, help=argparse.SUPPRESS)
    parser.add_argument("--binaries", type=Path, required=True, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if not 1024 <= arguments.port_base <= 65000:
        parser.error("--port-base: expected a number from 1024 to 65000")
    if arguments.runs < 1:
        parser.error("--runs: expected at least 1")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
