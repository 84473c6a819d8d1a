#!/usr/bin/env python3
"""docker-compose.yml on a real Docker engine: things break, and the right container is healed.

Starts a private engine (as root; see engine.py) and builds everything from Debian's packages, so it needs no
registry; the first time takes minutes. If no engine can be started, it is skipped with exit status 77 and the
reason. PROMHEAL_ENGINE=DIRECTORY is the engine's data directory. PROMHEAL_BINARIES=DIRECTORY has the compiled
programs; without it they are compiled in the image, as for users.
"""

import os
import signal
import sys
import time
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from engine import Engine  # noqa: E402
from stack import PROJECT, SLOTS, Stack  # noqa: E402
from swarm_test import SwarmTest  # noqa: E402, F401 (one run for both test cases, one engine after the other)
import real_parts  # noqa: E402
from real_parts import wait_until  # noqa: E402

# The container that the healer creates from orders-1 when it scales out, and its requests at the gateway.
SECOND = PROJECT + "_orders-1_2"
SPARE_ANSWERS = 'sum(increase(haproxy_server_http_responses_total{proxy="orders",server="orders-2",code="2xx"}[%s]))'
SECOND_ANSWERS = 'sum(haproxy_server_http_responses_total{proxy="orders",server="%s",code="2xx"})' % SECOND


class ComposeLoopTest(unittest.TestCase):
    """One stack for all tests; each test leaves it whole."""

    @classmethod
    def setUpClass(cls):
        cls.engine = Engine()
        cls.engine.start()
        cls.addClassCleanup(cls.engine.stop)
        cls.engine.make_base()
        cls.stack = Stack(cls.engine)
        cls.stack.build()
        cls.addClassCleanup(cls.stack.down)
        cls.stack.up()

    def setUp(self):
        self.stack.wait_until_settled(240)
        self.before = self.stack.starts()
        self.since = self.stack.now()
        self.started = time.monotonic()

    def tearDown(self):
        result = self._outcome.result
        if any(test is self for test, _ in result.failures + result.errors):
            print(self.stack.story(self.since), flush=True)

    def wait_for_incident(self, target, seconds=120):
        wait_until(lambda: self.stack.incident_of(target, self.since), seconds, "the incident of %s is closed" % target,
                   every=0.3)
        return self.stack.incident_of(target, self.since)

    def wait_until_gone(self, table):
        wait_until(lambda: self.stack.value('haproxy_sticktable_used{name="%s"}' % table) == 0, 30, table + " is empty", every=0.5)

    def value_since(self, expression):
        """The value of an expression whose %s is replaced by the duration of this test so far."""
        return self.stack.value(expression % ("%ds" % max(1, time.monotonic() - self.started)))

    def restarted(self):
        return [slot for slot, start in self.stack.starts().items() if start != self.before[slot]]

    def actions(self, incident):
        return [(event["action"], event["result"]) for event in incident["events"] if event["kind"] == "action"]

    # ---- the right container is restarted -----------------------------------------------------

    def test_a_crash_is_healed_by_one_restart_of_the_container_that_crashed(self):
        self.stack.fault("orders-1", "mode=crash")
        incident = self.wait_for_incident("orders")
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual(["orders-1"], self.restarted())
        self.assertEqual([("restart", "done")], self.actions(incident))

    def test_the_broken_one_of_two_containers_is_restarted(self):
        self.stack.fault("payments-2", "mode=crash")
        incident = self.wait_for_incident("payments/payments-2")
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual(["payments-2"], self.restarted())

    def test_a_hang_is_healed_by_a_restart(self):
        self.stack.fault("auth-1", "mode=hang&duration=5m")
        incident = self.wait_for_incident("auth", 180)
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual(["auth-1"], self.restarted())

    def test_the_failing_one_of_two_containers_is_restarted_and_the_good_one_is_left_alone(self):
        self.stack.fault("payments-2", "mode=errors&rate=0.5&duration=10m")
        incident = self.wait_for_incident("payments/payments-2", 180)
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual([("restart_instance", "done")], self.actions(incident))
        self.assertEqual(["payments-2"], self.restarted())

    # ---- the gateway goes first --------------------------------------------------------------------

    def test_lasting_errors_open_the_breaker_and_are_healed_by_a_restart_behind_it(self):
        self.stack.fault("auth-1", "mode=errors&rate=0.6&duration=8m")
        incident = self.wait_for_incident("auth", 240)
        self.assertEqual("healed", incident["outcome"])
        actions = [action for action, result in self.actions(incident) if result == "done"]
        self.assertEqual("open_breaker", actions[0])
        self.assertEqual(["auth-1"], self.restarted())
        self.assertEqual(1, self.value_since('max_over_time(haproxy_sticktable_used{name="override_breaker"}[%s])'))
        self.wait_until_gone("override_breaker")

    def test_lost_capacity_is_throttled_and_nothing_is_restarted(self):
        self.stack.fault("orders-1", "mode=latency&rate=0.5&amount=55ms&duration=25s")
        incident = self.wait_for_incident("orders", 240)
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual(["throttle"], sorted({action for action, _ in self.actions(incident)}))
        shed = 'sum(increase(haproxy_frontend_http_responses_total{proxy="orders_offered",code="4xx"}[%s]))'
        self.assertGreater(self.value_since(shed) or 0, 10)
        self.assertEqual([], self.restarted())
        self.wait_until_gone("override_shed")

    def test_a_spike_brings_a_second_container_that_serves_and_goes_when_it_is_over(self):
        self.stack.load("name=spike&duration=45s&factor=4")
        wait_until(lambda: (self.stack.value(SECOND_ANSWERS) or 0) > 0, 90, "a second container answers users", every=0.3)
        self.assertIn(SECOND, self.engine.docker("ps", "--format", "{{.Names}}").split())
        incident = self.wait_for_incident("orders", 240)
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual([("scale_out", "done")], self.actions(incident)[:1])
        self.assertNotIn(SECOND, self.engine.docker("ps", "-a", "--format", "{{.Names}}").split())
        self.assertNotIn("orders-1", self.restarted())

    # ---- faults of the healer and the engine during healing --------------------------------------

    def test_a_webhook_that_is_killed_during_the_restart_does_not_repeat_it(self):
        self.stack.fault("orders-1", "mode=crash")
        wait_until(lambda: any(event["kind"] == "intent"
                               for event in (self.stack.incident_of("orders", self.since, False) or {}).get("events", [])),
                   60, "the intent is written", every=0.02)
        self.engine.docker("kill", "--signal", "KILL", PROJECT + "_webhook_1")
        self.engine.docker("start", PROJECT + "_webhook_1")
        incident = self.wait_for_incident("orders")
        self.assertEqual("healed", incident["outcome"])
        self.assertEqual(["orders-1"], self.restarted())
        starts = self.engine.docker("events", "--since", self.since + "Z", "--until", self.stack.now() + "Z", "--filter",
                                    "event=start", "--filter", "container=%s_orders-1_1" % PROJECT)
        self.assertEqual(1, len(starts.splitlines()), starts)

    def test_an_engine_restart_is_survived_and_the_containers_that_it_ended_are_healed(self):
        self.engine.restart()
        for service in ("orders", "payments", "auth"):
            wait_until(lambda service=service: self.stack.value('service:up:ratio{service="%s"}' % service) == 1, 240,
                       "%s is up again" % service, every=0.5)
        self.stack.wait_until_settled(120)
        # No alert fires for spares, because they take no traffic; a person starts them.
        self.stack.compose("up", "-d", "--no-build")

    def spare_slot_serves(self):
        incident = self.stack.incident_of("orders", self.since, closed=False)
        return (incident and ("scale_out_spare", "done") in self.actions(incident) and
                (self.value_since(SPARE_ANSWERS) or 0) > 0)

    def heals_a_spike_while_the_engine(self, behaves):
        self.stack.seam.behave(behaves)
        self.addCleanup(self.stack.seam.behave, "passes")
        spoilt = self.stack.seam.spoilt
        self.stack.load("name=spike&duration=45s&factor=4")
        wait_until(self.spare_slot_serves, 120, "the spare slot answers users", every=0.5)
        self.assertGreater(self.stack.seam.spoilt, spoilt)
        self.stack.seam.behave("passes")
        incident = self.wait_for_incident("orders", 300)
        self.assertEqual("healed", incident["outcome"])
        actions = self.actions(incident)
        self.assertNotIn(("scale_out", "done"), actions)
        self.assertIn(("scale_out_spare", "done"), actions)
        self.assertNotIn(SECOND, self.engine.docker("ps", "-a", "--format", "{{.Names}}").split())
        self.assertNotIn("orders-1", self.restarted())

    def test_an_engine_that_answers_500_leads_to_the_next_rung(self):
        self.heals_a_spike_while_the_engine("refuses")

    def test_an_engine_that_hangs_leads_to_the_next_rung(self):
        self.heals_a_spike_while_the_engine("hangs")

    # ---- by hand ------------------------------------------------------------------------------

    def test_a_container_without_the_label_does_not_exist_for_the_healer(self):
        self.engine.docker("run", "-d", "--name", PROJECT + "_unlabelled", "--label", "promheal.service=unlabelled",
                           "debian:bookworm-slim", "sleep", "600")
        try:
            started = self.engine.docker("inspect", "-f", "{{.State.StartedAt}}", PROJECT + "_unlabelled")
            status, text = self.stack.healer("act", "--config.file=/etc/promheal/healing.yml", "--action=restart",
                                             "--target=service=unlabelled")
            self.assertEqual(1, status, text)
            self.assertIn("no container has these labels and promheal.enable=true", text)
            self.assertEqual(started, self.engine.docker("inspect", "-f", "{{.State.StartedAt}}", PROJECT + "_unlabelled"))
        finally:
            self.engine.docker("rm", "-f", PROJECT + "_unlabelled")

    def test_executors_reports_what_answers_and_a_dry_run_reports_what_would_be_done(self):
        status, text = self.stack.healer("executors", "--config.file=/etc/promheal/healing.yml")
        self.assertEqual(0, status, text)
        self.assertRegex(text, r"Docker \S+, API 1\.\d+, at /run/engine/docker.sock; %d containers" % len(SLOTS))
        self.assertIn("HAProxy 2.", text)
        status, text = self.stack.healer("act", "--config.file=/etc/promheal/healing.yml", "--action=restart",
                                         "--target=service=orders", "--dry-run")
        self.assertEqual((0, "would restart %s_orders-1_1, which is running and healthy" % PROJECT), (status, text))
        self.assertEqual([], self.restarted())

    def test_the_proxy_lets_nothing_else_through(self):
        volume = self.engine.docker("volume", "inspect", "-f", "{{.Mountpoint}}", PROJECT + "_engine")
        for method, path in (("GET", "/v1.41/images/json"), ("POST", "/v1.41/containers/prune"), ("GET", "/v1.41/info"),
                             ("GET", "/v1.41/services"), ("POST", "/v1.41/services/orders/update"),
                             ("POST", "/v1.41/containers/%s_orders-1_1/exec" % PROJECT),
                             ("POST", "/v1.41/../containers/%s_orders-1_1/exec" % PROJECT)):
            answer = self.engine.run("curl", "-s", "-o", "/dev/null", "-w", "%{http_code}", "--path-as-is", "-X", method,
                                     "--unix-socket", os.path.join(volume, "docker.sock"), "http://docker" + path, check=False)
            self.assertEqual("403", answer, (method, path))

    # ---- one more container -----------------------------------------------------------------------

    def test_a_second_container_serves_through_the_gateway_and_goes_again(self):
        status, text = self.stack.healer("act", "--config.file=/etc/promheal/healing.yml", "--action=scale_out",
                                         "--target=service=orders")
        self.assertEqual(0, status, text)
        wait_until(lambda: (self.stack.value(SECOND_ANSWERS) or 0) > 0, 30, "the second container answers users", every=0.2)
        status, text = self.stack.healer("act", "--config.file=/etc/promheal/healing.yml", "--action=scale_in",
                                         "--target=service=orders")
        self.assertEqual(0, status, text)
        self.assertNotIn(SECOND, self.engine.docker("ps", "-a", "--format", "{{.Names}}").split())
        wait_until(lambda: self.stack.value(SECOND_ANSWERS) is None, 30, "the gateway knows it no more", every=0.5)
        self.assertEqual([], self.restarted())


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    real_parts.main()
