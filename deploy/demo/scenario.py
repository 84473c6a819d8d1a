"""A scenario (a TOML file under tests/scenarios), the observed outcome, and whether the scenario held."""
import tomllib
from dataclasses import dataclass, field
from pathlib import Path


@dataclass
class Scenario:
    """A fault and the expected reaction. Keys of `fault` and `expect`: tests/scenarios/README.md."""
    name: str
    title: str
    story: str
    fault: dict
    expect: dict
    load: str = ""
    watch_seconds: int = 0
    long: bool = False

    def targets(self):
        """Where actions are expected: "orders", or "payments/payments-1" for one instance."""
        if "targets" in self.expect:
            return self.expect["targets"]
        service, instance = self.expect.get("service", ""), self.expect.get("instance", "")
        return [f"{service}/{instance}" if instance else service] if service else []


@dataclass
class Outcome:
    """The observed outcome. Times are seconds since the fault; None if it never happened."""
    alerts: dict = field(default_factory=dict)          # (alertname, target) -> seconds to firing
    actions: list = field(default_factory=list)         # (action, target) in order
    first_action: float | None = None
    recovered: dict = field(default_factory=dict)       # target -> time of the first recovery by data
    outcomes: dict = field(default_factory=dict)        # target -> outcome of its incident
    restarted: list = field(default_factory=list)       # programs with a new process
    stopped: list = field(default_factory=list)         # programs that no longer run
    lost: int = 0                                       # requests that failed for the client
    overrides_left: list = field(default_factory=list)  # at the gateway, in words
    frozen: list = field(default_factory=list)          # frozen targets, by the metric
    ended_after: float = 0.0
    misses: list = field(default_factory=list)          # broken expectations, a sentence each

    def seconds_to_alert(self):
        return min(self.alerts.values(), default=None)

    def seconds_to_recovery(self):
        """Time until the last target recovered; targets whose incident did not end as healed do not count."""
        return max((seconds for target, seconds in self.recovered.items()
                    if self.outcomes.get(target) == "healed"), default=None)


def load_scenarios(directory):
    scenarios = {}
    for path in sorted(Path(directory).glob("*.toml")):
        with path.open("rb") as file:
            data = tomllib.load(file)
        scenarios[path.stem] = Scenario(
            name=path.stem, title=data["title"], story=data["story"], fault=data.get("fault", {}),
            expect=data["expect"], load=data.get("load", ""),
            watch_seconds=data.get("watch_seconds", 0), long=data.get("long", False))
    return scenarios


def judge(scenario, outcome, active_slots):
    """Fills outcome.misses."""
    _judge_alerts(scenario, outcome)
    _judge_actions(scenario, outcome, active_slots)
    _judge_end(scenario, outcome)


def _judge_alerts(scenario, outcome):
    expect, miss = scenario.expect, outcome.misses.append
    for target in scenario.targets():
        for name in expect["alerts"]:
            if (name, target) not in outcome.alerts:
                miss(f"the alert {name} did not fire for {target}")
    allowed = {(name, target) for target in scenario.targets() + expect.get("may_be_told_of", [])
               for name in expect["alerts"] + expect.get("may_alert", [])}
    strangers = [f"{name} for {target}" for name, target in outcome.alerts if (name, target) not in allowed]
    if strangers:
        miss("alerts fired that should not: " + ", ".join(strangers))


def _judge_actions(scenario, outcome, active_slots):
    expect, miss = scenario.expect, outcome.misses.append
    for target in scenario.targets():
        done = [action for action, of in outcome.actions if of == target]
        if done != expect["actions"]:
            miss(f"actions on {target} were {done}, expected {expect['actions']}")
    strangers = [f"{action} {target}" for action, target in outcome.actions if target not in scenario.targets()]
    if strangers:
        miss("actions on targets without a fault: " + ", ".join(strangers))
    restarted, stopped = set(), set()
    for target in scenario.targets():
        service, _, instance = target.partition("/")
        if "shut_down" in expect["actions"]:
            stopped |= {f"{service}-{slot}" for slot in active_slots[service]}
        elif "restart" in expect["actions"]:
            restarted |= {f"{service}-{slot}" for slot in active_slots[service]}
        if "restart_slot" in expect["actions"]:
            restarted.add(instance)
    if set(outcome.stopped) != stopped:
        miss(f"stopped processes: {outcome.stopped or 'none'}, expected {sorted(stopped) or 'none'}")
    if set(outcome.restarted) != restarted:
        miss(f"restarted processes: {outcome.restarted or 'none'}, expected {sorted(restarted) or 'none'}")


def _judge_end(scenario, outcome):
    expect, miss = scenario.expect, outcome.misses.append
    for target in scenario.targets():
        ended = outcome.outcomes.get(target, "")
        if ended != expect.get("outcome", ""):
            miss(f"the incident of {target} ended as '{ended}', expected '{expect.get('outcome', '')}'")
        if "recover_within_seconds" in expect:
            _judge_time(outcome, f"the recovery of {target}", outcome.recovered.get(target),
                        expect["recover_within_seconds"])
        if expect.get("frozen", False) != (target in outcome.frozen):
            miss(f"{target} is {'' if target in outcome.frozen else 'not '}frozen")
    if "act_within_seconds" in expect:
        _judge_time(outcome, "the first action", outcome.first_action, expect["act_within_seconds"])
    if outcome.lost > expect.get("max_lost", outcome.lost):
        miss(f"{outcome.lost} requests were lost, expected at most {expect['max_lost']}")
    if outcome.overrides_left:
        miss("left at the gateway: " + ", ".join(outcome.overrides_left))


def _judge_time(outcome, what, seconds, limit):
    if seconds is None or seconds > limit:
        shown = "never came" if seconds is None else f"came after {seconds:.1f}s"
        outcome.misses.append(f"{what} {shown}, expected within {limit}s")
