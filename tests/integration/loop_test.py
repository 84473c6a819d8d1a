"""The whole loop on real parts, with its own parts killed and restarted in the middle.

Needs the environment variables PROMHEAL_TOOLS (Prometheus, Alertmanager, HAProxy, supervisor) and
PROMHEAL_BINARIES (the directory of promheal's programs); skipped (exit status 77) if one is missing.
Crash alerts need no model, so no test waits for the exporter to warm up.
"""
import os
import shutil
import signal
import socket
import sys
import time
import unittest
import urllib.error
import urllib.request
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "deploy/demo"))
from stack import Stack, port_table  # noqa: E402

MISSING = [name for name in ("PROMHEAL_TOOLS", "PROMHEAL_BINARIES") if not os.environ.get(name)]


def wait_for(what, condition, seconds=60.0):
    """Returns the first true value of condition(); after the time it fails with the text `what`."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        value = condition()
        if value:
            return value
        time.sleep(0.1)
    raise AssertionError(f"{what}: not within {seconds:.0f}s")


def is_free(port):
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError:
            return False
    return True


def free_port_base():
    """Each process starts its search at another port, for test runs side by side."""
    first = os.getpid() % 180
    for offset in range(180):
        base = 12000 + 100 * ((first + offset) % 180)
        if all(is_free(port) for port in port_table(base).values()):
            return base
    raise AssertionError("no hundred ports from 12000 to 30000 are free")


class LoopTest(unittest.TestCase):
    def setUp(self):
        self.stack = Stack(free_port_base(), os.environ["PROMHEAL_TOOLS"], os.environ["PROMHEAL_BINARIES"])
        self.addCleanup(self.tidy)
        self.stack.start()
        self.addCleanup(self.stack.stop)
        wait_for("all slots of the shop are scraped and up",
                 lambda: self.value('min(up{job="shop"})') == 1 and self.value('count(up{job="shop"})') == 4)
        wait_for("the error ratio of orders is recorded",
                 lambda: self.value('service:http_errors_per_request:ratio_rate1m{service="orders"}') == 0)

    def test_a_crash_is_healed_by_exactly_one_restart(self):
        self.crash_orders()
        incident = self.wait_for_closed_incident()
        self.assertEqual(incident["outcome"], "healed")
        self.assertEqual(self.restarts_of_orders(), 1)

    def test_webhook_killed_between_intent_and_outcome_restarts_nothing_twice(self):
        self.crash_orders()
        wait_for("the intent is written", lambda: self.events("intent"))
        self.kill("webhook")
        self.assertFalse(self.events("action"), "the outcome was there before the kill")
        self.stack.supervisorctl("start", "webhook")
        incident = self.wait_for_closed_incident()
        self.assertIn("observing", [event["result"] for event in self.events("action")])
        self.assertEqual(incident["outcome"], "healed")
        self.assertEqual(self.restarts_of_orders(), 1)

    def test_prometheus_restarted_in_the_middle(self):
        self.crash_orders()
        wait_for("the alert is firing", lambda: self.value('ALERTS{alertname="ServiceCrash",alertstate="firing"}'))
        self.kill("prometheus")
        self.stack.supervisorctl("start", "prometheus")
        self.assertEqual(self.wait_for_closed_incident()["outcome"], "healed")
        self.assertEqual(self.restarts_of_orders(), 1)

    def test_alertmanager_restarted_in_the_middle(self):
        self.crash_orders()
        time.sleep(2)
        self.kill("alertmanager")
        self.stack.supervisorctl("start", "alertmanager")
        self.assertEqual(self.wait_for_closed_incident()["outcome"], "healed")
        self.assertEqual(self.restarts_of_orders(), 1)

    def tidy(self):
        """Keeps the logs only after a failure."""
        result = self._outcome.result
        if not any(test is self for test, _ in result.failures + result.errors):
            shutil.rmtree(self.stack.run_dir, ignore_errors=True)

    # ---- steps of the tests --------------------------------------------------------------------

    def value(self, expression):
        rows = self.stack.query(expression)
        return rows[0][1] if rows else None

    def crash_orders(self):
        request = urllib.request.Request(self.stack.url("gateway", "/orders/fault?mode=crash"), method="POST")
        try:
            urllib.request.urlopen(request, timeout=5).close()
        except (urllib.error.HTTPError, OSError):
            pass  # The process dies before it can answer.
        wait_for("orders-1 is dead", lambda: self.stack.processes()["orders-1"][0] != "RUNNING", 10)

    def incidents(self):
        return (self.stack.get_json("webhook", "/api/v1/incidents") or {}).get("incidents", [])

    def events(self, kind):
        return [e for incident in self.incidents() for e in incident["events"] if e["kind"] == kind]

    def wait_for_closed_incident(self):
        return wait_for("the incident is closed",
                        lambda: next((i for i in self.incidents() if i.get("outcome")), None), 120)

    def kill(self, program):
        description = self.stack.processes()[program][1]
        os.kill(int(description.split(",")[0].removeprefix("pid ")), signal.SIGKILL)
        wait_for(f"{program} is dead", lambda: self.stack.processes()[program][0] != "RUNNING", 10)

    def restarts_of_orders(self):
        """How often orders-1 was started after its first start, by the supervisor's log."""
        log = (self.stack.run_dir / "logs/supervisord.log").read_text()
        return log.count("spawned: 'orders-1'") - 1


if __name__ == "__main__":
    if MISSING:
        print(f"skipped: {' and '.join(MISSING)} not set; the loop needs real parts")
        sys.exit(77)
    unittest.main(verbosity=2)
