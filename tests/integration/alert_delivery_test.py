#!/usr/bin/env python3
"""Checks which actions healing_webhook executes when a real Alertmanager groups, repeats, resolves, flaps, silences, is
killed, or runs as a cluster of two. Needs PROMHEAL_TOOLS (Prometheus, Alertmanager) and PROMHEAL_BINARIES; skipped
(exit status 77) if a real part is missing."""

import json
import os
import sys
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402
from alert_chain import AlertChain, Alertmanager  # noqa: E402
from real_parts import http as fetch, wait_until  # noqa: E402

SERVICES = ["orders", "payments", "auth", "search", "stock"]


class ChainTest(unittest.TestCase):
    reads_alertmanager = False

    def setUp(self):
        self.chain = AlertChain(SERVICES, reads_alertmanager=self.reads_alertmanager)
        self.addCleanup(self.tidy)
        self.services = self.chain.services
        self.chain.start()
        wait_until(lambda: self.healthy_in_prometheus() == len(SERVICES), 20, "Prometheus has scraped the services")

    def tidy(self):
        """Keeps the logs only after a failure."""
        result = self._outcome.result
        failed = any(test is self for test, _ in result.failures + result.errors)
        if failed:
            sys.stderr.write("logs are in %s\n" % self.chain.folder)
        self.chain.close(keep=failed)

    def healthy_in_prometheus(self):
        answer = json.loads(fetch(self.chain.prometheus.url + "/api/v1/query?query=sum(service_healthy)")[1])
        result = answer["data"]["result"]
        return int(result[0]["value"][1]) if result else None

    def alertmanager(self, **options):
        return self.chain.add(Alertmanager(self.chain, **options)).start()

    def deliveries(self):
        """The number of deliveries that the healer has accepted."""
        return self.chain.metric("healing_webhook_deliveries_total")

    def begin_a_restart(self, alertmanager):
        """Begins a restart of orders that takes two seconds."""
        self.services.set_restart_time(2)
        self.services.break_("orders")
        alertmanager.say("orders")
        wait_until(self.services.restarts, 20, "the restart has begun")

    def wait_for_deliveries(self, count):
        wait_until(lambda: self.deliveries() >= count, 20, "%d deliveries have come" % count)


class AlertDeliveryTest(ChainTest):
    """Deliveries that Alertmanager sends."""

    # ---- grouping and repeats -------------------------------------------------------------------------

    def test_services_that_come_in_one_group_are_healed_each_once(self):
        alertmanager = self.alertmanager(group_by="alertname", repeat_interval="10m")
        broken = SERVICES[:4]
        self.services.break_(*broken)
        alertmanager.say(*broken)
        self.chain.wait_until_healed(*broken)
        self.assertEqual(1, self.deliveries(), "all came in one delivery")
        self.assertEqual(sorted(broken), sorted(self.services.restarts()))

    def test_alerts_of_one_service_that_come_in_several_groups_are_one_incident(self):
        alertmanager = self.alertmanager(group_by="alertname", repeat_interval="10m")
        self.services.set_restart_time(1)
        self.services.break_("orders")
        for name in ("Crash", "Errors", "Drop"):
            alertmanager.say("orders", name=name)
        self.chain.wait_until_healed("orders")
        self.wait_for_deliveries(3)
        self.assertEqual(3, self.deliveries())
        self.assertEqual(1, len(self.chain.incidents("orders")))
        self.assertEqual(["orders"], self.services.restarts())

    def test_repeats_of_an_alert_that_stays_although_its_service_is_healed_do_nothing_more(self):
        alertmanager = self.alertmanager(repeat_interval="2s")
        self.services.break_("orders")
        alertmanager.say("orders")
        self.wait_for_deliveries(4)
        self.assertEqual(["orders"], self.services.restarts())
        self.assertTrue(self.services.is_healthy("orders"))

    def test_the_alert_that_always_fires_is_recorded_each_time_and_never_healed(self):
        def heard():
            return self.chain.metric("healing_webhook_watchdog_last_received_timestamp_seconds")
        alertmanager = self.alertmanager(repeat_interval="2s")
        self.services.break_("orders")
        alertmanager.say("orders", name="PromhealWatchdog")
        wait_until(heard, 20, "it has come")
        first = heard()
        wait_until(lambda: heard() > first, 20, "it has come again")
        self.assertEqual([], self.chain.incidents("orders"))
        self.assertEqual([], self.services.restarts())

    def test_an_alert_that_max_alerts_leaves_out_comes_with_a_later_delivery(self):
        """The healer does not ask Alertmanager: it gets two of three alerts, and the third once another resolves."""
        alertmanager = self.alertmanager(group_by="alertname", max_alerts=2)
        self.services.break_("auth", "orders", "payments")
        alertmanager.say("auth", "orders", "payments")
        wait_until(lambda: len(self.services.restarts()) == 2, 20, "two are restarted")
        left = ({"auth", "orders", "payments"} - set(self.services.restarts())).pop()
        alertmanager.say(*self.services.restarts(), resolved=True)
        self.chain.wait_until_healed(left)
        self.assertEqual(3, len(set(self.services.restarts())))
        self.assertEqual(3, len(self.services.restarts()))

    # ---- resolves and flaps ---------------------------------------------------------------------------

    def test_if_a_group_resolves_in_part_the_rest_is_still_healed(self):
        alertmanager = self.alertmanager(group_by="alertname")
        self.services.set_restart_time(2)
        self.services.break_("orders", "payments")
        alertmanager.say("orders", "payments")
        wait_until(lambda: len(self.services.restarts()) == 2, 20, "both are being restarted")
        alertmanager.say("payments", resolved=True)
        self.chain.wait_until_closed("payments")
        self.chain.wait_until_healed("orders")
        self.assertEqual([None], [incident.get("outcome") for incident in self.chain.incidents("orders")], "it still fires")
        alertmanager.say("orders", resolved=True)
        self.chain.wait_until_closed("orders")
        self.assertEqual(["orders", "payments"], sorted(self.services.restarts()))

    def test_an_alert_that_ends_before_it_is_sent_does_nothing(self):
        alertmanager = self.alertmanager(group_wait="3s")
        alertmanager.say("orders")
        time.sleep(0.5)
        alertmanager.say("orders", resolved=True)
        alertmanager.say("payments")  # Arrives, although it was sent later.
        self.wait_for_deliveries(1)
        self.assertEqual([], self.chain.incidents("orders"))
        self.assertEqual([], self.services.restarts())

    def test_a_flap_within_the_group_interval_of_a_service_that_is_well_restarts_it_once(self):
        alertmanager = self.alertmanager(group_interval="3s")
        self.services.break_("orders")
        alertmanager.say("orders")
        self.chain.wait_until_healed("orders")
        for _ in range(3):
            alertmanager.say("orders", resolved=True)
            alertmanager.say("orders", started_ago=0)
        before = self.deliveries()
        self.wait_for_deliveries(before + 1)
        time.sleep(1.5)
        self.assertEqual(["orders"], self.services.restarts())

    def test_an_alert_that_comes_again_for_a_service_that_broke_again_is_a_new_incident(self):
        alertmanager = self.alertmanager()
        for count in (1, 2):
            self.services.break_("orders")
            alertmanager.say("orders", started_ago=0)
            self.chain.wait_until_healed("orders", times=count)
            alertmanager.say("orders", resolved=True)
            self.chain.wait_until_closed("orders", times=count)
            time.sleep(1.2)  # Longer than the tolerance for reordered notices, and than the cooldown.
        self.assertEqual(["orders", "orders"], self.services.restarts())

    # ---- silences -------------------------------------------------------------------------------------

    def test_a_service_that_is_silenced_before_it_fires_is_never_touched(self):
        alertmanager = self.alertmanager()
        alertmanager.silence("orders")
        self.services.break_("orders", "payments")
        alertmanager.say("orders", "payments")
        self.chain.wait_until_healed("payments")
        time.sleep(3)
        self.assertEqual(["payments"], self.services.restarts())

    # ---- either side is killed ---------------------------------------------------------------------------

    def test_an_alertmanager_that_is_killed_and_sends_all_again_restarts_nothing_twice(self):
        alertmanager = self.alertmanager()
        self.begin_a_restart(alertmanager)
        alertmanager.kill()
        alertmanager.start()
        before = self.deliveries()
        alertmanager.say("orders")
        self.wait_for_deliveries(before + 1)
        self.chain.wait_until_healed("orders")
        self.assertEqual(["orders"], self.services.restarts())

    def test_a_healer_that_was_down_gets_the_alert_when_it_is_back(self):
        alertmanager = self.alertmanager()
        self.chain.healer.kill()
        self.services.break_("orders")
        alertmanager.say("orders")
        time.sleep(2)
        self.chain.healer.start()
        self.chain.wait_until_healed("orders")
        self.assertEqual(["orders"], self.services.restarts())

    def test_a_healer_that_is_killed_during_a_restart_does_not_repeat_it(self):
        alertmanager = self.alertmanager()
        self.begin_a_restart(alertmanager)
        self.chain.healer.kill()
        self.chain.healer.start()
        self.chain.wait_until_healed("orders")
        self.assertEqual(["orders"], self.services.restarts())

    # ---- two Alertmanagers --------------------------------------------------------------------------------

    def cluster(self):
        """Two Alertmanagers that do not wait for each other, so that both send everything."""
        ports = real_parts.free_ports(2)
        addresses = ["127.0.0.1:%d" % port for port in ports]
        members = [self.chain.add(Alertmanager(
            self.chain, name="alertmanager-%d" % number, cluster=[
                "--cluster.listen-address=" + addresses[number], "--cluster.peer=" + addresses[1 - number],
                "--cluster.peer-timeout=0s", "--cluster.settle-timeout=0s", "--cluster.gossip-interval=10s"]))
            for number in (0, 1)]
        for member in members:
            member.start()
        wait_until(lambda: all(len(json.loads(fetch(member.url + "/api/v2/status")[1])["cluster"]["peers"]) == 2
                               for member in members), 20, "they have found each other")
        return members

    def test_two_alertmanagers_in_a_cluster_that_both_send_restart_nothing_twice(self):
        members = self.cluster()
        self.services.set_restart_time(1)
        broken = SERVICES[:3]
        self.services.break_(*broken)
        for member in members:
            member.say(*broken)
        self.chain.wait_until_healed(*broken)
        self.wait_for_deliveries(2 * len(broken))
        for member in members:
            member.say(*broken, resolved=True)
        self.chain.wait_until_closed(*broken)
        self.assertEqual(sorted(broken), sorted(self.services.restarts()))
        self.assertEqual(len(broken), len(self.chain.incidents()))

    def test_one_of_two_alertmanagers_that_dies_is_not_missed(self):
        members = self.cluster()
        members[0].kill()
        self.services.break_("orders")
        members[1].say("orders")
        self.chain.wait_until_healed("orders")
        self.assertEqual(["orders"], self.services.restarts())


class AlertReadingTest(ChainTest):
    """Alerts that Alertmanager has but did not send: the healer asks every second."""

    reads_alertmanager = True

    def wait_for_readings(self, count):
        def last():
            return self.chain.metric("healing_webhook_alertmanager_last_read_timestamp_seconds")
        for _ in range(count):
            before = last()
            wait_until(lambda: last() > before, 20, "Alertmanager is read again")

    def test_a_service_that_is_silenced_meanwhile_is_left_alone_until_the_silence_ends(self):
        alertmanager = self.alertmanager()
        alertmanager.say("orders")
        wait_until(lambda: self.chain.incidents("orders"), 20, "the alert has come; data show no trouble")
        silence = alertmanager.silence("orders")
        self.wait_for_readings(2)
        self.services.break_("orders", "payments")
        alertmanager.say("payments")
        self.chain.wait_until_healed("payments")
        self.wait_for_readings(2)
        self.assertEqual(["payments"], self.services.restarts())
        alertmanager.end_silence(silence)
        self.chain.wait_until_healed("orders")
        self.assertEqual(["payments", "orders"], self.services.restarts())

    def test_an_alert_that_waits_for_its_group_is_found_long_before_it_is_sent(self):
        alertmanager = self.alertmanager(group_by="alertname", group_interval="10m", repeat_interval="10m")
        self.services.break_("payments")
        alertmanager.say("payments")
        self.chain.wait_until_healed("payments")
        self.services.break_("orders")
        alertmanager.say("orders")
        self.chain.wait_until_healed("orders")
        self.assertEqual(1, self.deliveries())
        self.assertEqual(["payments", "orders"], self.services.restarts())

    def test_an_alert_that_max_alerts_cuts_off_is_found(self):
        alertmanager = self.alertmanager(group_by="alertname", group_interval="10m", repeat_interval="10m", max_alerts=1)
        broken = SERVICES[:3]
        self.services.break_(*broken)
        alertmanager.say(*broken)
        self.chain.wait_until_healed(*broken)
        self.assertEqual(1, self.deliveries())
        self.assertEqual(sorted(broken), sorted(self.services.restarts()))

    def test_a_resolve_that_never_comes_is_not_waited_for(self):
        alertmanager = self.alertmanager()
        self.services.break_("orders")
        alertmanager.say("orders")
        self.chain.wait_until_healed("orders")
        self.wait_for_readings(2)
        alertmanager.kill()  # Its alerts are in its memory only.
        alertmanager.start()
        self.chain.wait_until_closed("orders")
        self.assertEqual(["orders"], self.services.restarts())

    def test_an_alertmanager_that_is_down_changes_nothing(self):
        alertmanager = self.alertmanager()
        self.begin_a_restart(alertmanager)
        alertmanager.kill()
        self.chain.wait_until_healed("orders")
        wait_until(lambda: self.chain.metric("healing_webhook_alertmanager_up") == 0, 20, "the healer notices that it is down")
        self.assertEqual([None], [incident.get("outcome") for incident in self.chain.incidents("orders")])


if __name__ == "__main__":
    if not os.environ.get("PROMHEAL_BINARIES"):
        print("skipped: PROMHEAL_BINARIES is not set")
        sys.exit(real_parts.SKIPPED)
    real_parts.main()
