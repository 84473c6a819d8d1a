"""Runs the demo; demo.sh sets everything up and then calls this."""
import argparse
import io
import queue
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import results
from runner import Runner, warm_up
from scenario import load_scenarios
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
        start(stack, arguments.load or "steady", sys.stdout)
        show_links(stack)
        return 0
    if what != "all" and what not in scenarios:
        raise StackError(f"no scenario '{what}': expected all, start, stop, status, list, {', '.join(scenarios)}")
    chosen = [s for s in scenarios.values() if s.name == what or (what == "all" and not s.long)]
    return run_scenarios(arguments, stack, chosen)


def run_scenarios(arguments, stack, chosen):
    """Each run has a fresh stack on its own ports; --parallel stacks run at a time."""
    wanted = [scenario for scenario in chosen for _ in range(arguments.runs)]
    if arguments.parallel == 1:
        outcomes = []
        for number, scenario in enumerate(wanted, start=1):
            keep = arguments.keep and number == len(wanted)
            outcomes.append(run_once(arguments, stack, scenario, keep, sys.stdout))
    else:
        outcomes = run_in_parallel(arguments, wanted)
    runs = list(zip(wanted, outcomes))
    missed = {scenario.name for scenario, outcome in runs if outcome.misses}
    held = {scenario.name: scenario.name not in missed for scenario in chosen}
    if arguments.again:
        for scenario in [each for each in chosen if not held[each.name]]:
            runs.append((scenario, run_once(arguments, stack, scenario, False, sys.stdout)))
            held[scenario.name] = not runs[-1][1].misses
    if len(runs) > 1:
        print("\n" + results.as_text(runs))
    if arguments.markdown:
        arguments.markdown.write_text(results.as_markdown(runs))
    return 0 if all(held.values()) else 1


def run_in_parallel(arguments, wanted):
    ports = queue.SimpleQueue()
    for number in range(arguments.parallel):
        ports.put(arguments.port_base + 1000 * number)

    def run_one(scenario):
        port_base = ports.get()
        told = io.StringIO()
        try:
            return run_once(arguments, Stack(port_base, arguments.tools, arguments.binaries), scenario, False, told)
        finally:
            ports.put(port_base)
            print(told.getvalue(), end="", flush=True)

    with ThreadPoolExecutor(arguments.parallel) as pool:
        return list(pool.map(run_one, wanted))


def run_once(arguments, stack, scenario, keep, stream):
    """Starts a fresh stack, so that no cooldown, model or incident is left from an earlier run."""
    timeline = Timeline(stream)
    timeline.heading(f"{scenario.name}: {scenario.title}")
    timeline.line(scenario.story)
    start(stack, arguments.load or scenario.load or "steady", stream)
    try:
        outcome = Runner(stack, scenario, timeline).run()
        show_summary(stack, scenario, outcome, timeline, keep)
    finally:
        if not keep:
            stack.stop()
    return outcome


def start(stack, load, stream):
    stack.load_pattern = load
    stack.start()
    progress = Progress("warming up on live traffic", stream)
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
                      f"action {seconds(outcome.first_action)}, verified recovery {seconds(outcome.seconds_to_recovery())}, "
                      f"all clear {seconds(outcome.ended_after)}; {outcome.lost} requests lost")
    actions = ", ".join(f"{action} {target}" for action, target in outcome.actions)
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
    parser.add_argument("--parallel", type=int, default=1, metavar="N",
                        help="stacks at a time, each 1000 ports above the previous one")
    parser.add_argument("--again", action="store_true",
                        help="run each missed scenario once more, alone; the table shows both, the last run counts")
    parser.add_argument("--markdown", type=Path, metavar="FILE", help="also write the table of all runs to FILE")
    arguments = parser.parse_args()
    if not 1024 <= arguments.port_base <= 65000:
        parser.error("--port-base: expected a number from 1024 to 65000")
    if arguments.runs < 1:
        parser.error("--runs: expected at least 1")
    if not 1 <= arguments.parallel <= 8 or arguments.port_base + 1000 * arguments.parallel > 65000:
        parser.error("--parallel: expected 1 to 8, and ports below 65000")
    if arguments.keep and arguments.parallel > 1:
        parser.error("--keep: expected without --parallel")
    return arguments


if __name__ == "__main__":
    sys.exit(main())
