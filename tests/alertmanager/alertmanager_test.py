#!/usr/bin/env python3
"""alertmanager/alertmanager.yml: amtool's checks, the receivers of each alert, and real deliveries."""

import base64
import datetime
import http.server
import json
import os
import re
import shutil
import sys
import tempfile
import threading
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402
from real_parts import REPOSITORY, http as fetch, run_tool, wait_until  # noqa: E402

CONFIG = os.path.join(REPOSITORY, "alertmanager", "alertmanager.yml")
BURN_RATE = os.path.join(REPOSITORY, "webhook", "examples", "burn-rate-alertmanager.yml")
DEMO = os.path.join(REPOSITORY, "deploy", "demo", "alertmanager.yml")


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class ConfigurationTest(unittest.TestCase):
    def test_is_clean(self):
        checked = run_tool("amtool", "check-config", CONFIG)
        self.assertEqual(0, checked.returncode, checked.stdout)
        self.assertIn("SUCCESS", checked.stdout)

    def test_the_demo_uses_the_same_file_with_its_own_port_and_password(self):
        demo = read(DEMO).replace("127.0.0.1:@WEBHOOK_PORT@", "localhost:10181")
        demo = demo.replace('"@RUN_DIR@/webhook.password"', "healing_webhook.password")
        self.assertEqual(self.settings(read(CONFIG)), self.settings(demo))

    @staticmethod
    def settings(text):
        """The lines without comments."""
        lines = [re.sub(r"\s*(^|\s)#.*", "", line) for line in text.splitlines()]
        return [line for line in lines if line.strip()]

    def test_people_are_told_of_everything_and_promheal_of_what_it_heals(self):
        for labels, receivers in (
                # The healed alerts, as rules/alerts/promheal.yml labels them.
                ("alertname=ServiceCrash healing=promheal severity=critical service=orders", "healing_webhook,people_urgently"),
                ("alertname=ServiceHighLatency healing=promheal severity=warning service=orders", "healing_webhook,people"),
                ("alertname=ServiceAnomaly healing=promheal severity=info service=orders", "healing_webhook,people"),
                ("alertname=ServiceCrash healing=promheal service=orders", "healing_webhook,people"),
                # The alert that always fires is for promheal alone.
                ("alertname=PromhealWatchdog severity=info component=healing_webhook", "healing_webhook"),
                # promheal never receives alerts about itself or alerts that it does not heal.
                ("alertname=PromhealWebhookDown severity=critical component=healing_webhook", "people_urgently"),
                ("alertname=PromhealScoresStale severity=warning", "people"),
                ("alertname=DiskFull severity=critical healing=somebodyelse", "people_urgently"),
                ("alertname=Watchdog", "people")):
            with self.subTest(labels):
                tested = run_tool("amtool", "config", "routes", "test", "--config.file=" + CONFIG,
                                  "--verify.receivers=" + receivers, *labels.split())
                self.assertEqual(0, tested.returncode, tested.stdout)

    def test_the_example_for_burn_rates_sends_pages_to_promheal_and_everything_to_people(self):
        checked = run_tool("amtool", "check-config", BURN_RATE)
        self.assertEqual(0, checked.returncode, checked.stdout)
        for labels, receivers in (
                ("alertname=OrdersHighErrorRate sloth_severity=page sloth_service=orders", "healing_webhook,people"),
                ("alertname=OrdersHighErrorRate sloth_severity=ticket sloth_service=orders", "people"),
                ("alertname=Watchdog", "people")):
            with self.subTest(labels):
                tested = run_tool("amtool", "config", "routes", "test", "--config.file=" + BURN_RATE,
                                  "--verify.receivers=" + receivers, *labels.split())
                self.assertEqual(0, tested.returncode, tested.stdout)

    def test_every_healed_alert_rule_reaches_the_healer_and_no_other_rule_does(self):
        for name, expected in (("promheal.yml", True), ("promheal-meta.yml", False)):
            rules = read(os.path.join(REPOSITORY, "rules", "alerts", name))
            alerts = len(re.findall(r"- alert:", rules))
            healed = len(re.findall(r"^ {10}healing: promheal$", rules, re.MULTILINE))
            self.assertGreater(alerts, 0)
            self.assertEqual(alerts if expected else 0, healed, name)


class Receiver:
    """Takes the webhook's place: remembers deliveries, and refuses the first `refuse` of them."""

    def __init__(self):
        self.deliveries = []
        self.refuse = 0
        receiver = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_POST(self):
                body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                refused = receiver.refuse > 0
                receiver.refuse -= refused
                if not refused:
                    receiver.deliveries.append((self.path, self.headers["Authorization"], body))
                self.send_response(503 if refused else 200)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.port = self.server.server_address[1]
        self.thread = threading.Thread(target=self.server.serve_forever, args=(0.05,))
        self.thread.start()

    def statuses(self, alertname):
        """The status of each notice of one alert, in the order of arrival."""
        return [alert["status"] for _, _, body in self.deliveries for alert in body["alerts"]
                if alert["labels"]["alertname"] == alertname]

    def close(self):
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()


class DeliveryTest(unittest.TestCase):
    """A real Alertmanager with the shipped file; only address and password are filled in."""

    @classmethod
    def setUpClass(cls):
        program = real_parts.find_tool("alertmanager")
        cls.receiver = Receiver()
        cls.addClassCleanup(cls.receiver.close)
        folder = tempfile.mkdtemp(prefix="promheal-alertmanager-")
        cls.addClassCleanup(shutil.rmtree, folder)
        config = os.path.join(folder, "alertmanager.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(read(CONFIG).replace("localhost:10181", "127.0.0.1:%d" % cls.receiver.port))
        with open(os.path.join(folder, "healing_webhook.password"), "w", encoding="utf-8") as file:
            file.write("s3cret\n")
        port = real_parts.free_ports(1)[0]
        cls.url = "http://127.0.0.1:%d" % port
        process = real_parts.Process(
            [program, "--config.file=" + config, "--storage.path=" + os.path.join(folder, "data"),
             "--web.listen-address=127.0.0.1:%d" % port, "--cluster.listen-address="],
            os.path.join(folder, "log"))
        cls.addClassCleanup(process.stop)
        try:
            wait_until(cls.is_ready, 15, "Alertmanager is ready")
        except AssertionError as error:
            raise AssertionError("%s\n%s" % (error, process.log())) from error

    @classmethod
    def is_ready(cls):
        try:
            return fetch(cls.url + "/-/ready")[0] == 200
        except OSError:
            return False

    def say(self, alertname, resolved=False, **labels):
        now = datetime.datetime.now(datetime.timezone.utc)
        alert = {"labels": dict(labels, alertname=alertname), "annotations": {"summary": "x"},
                 "startsAt": (now - datetime.timedelta(seconds=30)).isoformat()}
        if resolved:
            alert["endsAt"] = now.isoformat()
        status, body, _ = fetch(self.url + "/api/v2/alerts", data=json.dumps([alert]).encode(),
                                headers={"Content-Type": "application/json"})
        self.assertEqual(200, status, body)

    def test_delivers_within_two_seconds_with_credentials_and_says_when_it_is_over(self):
        crash = dict(alertname="ServiceCrash", healing="promheal", severity="critical", service="orders")
        self.say(**crash)
        took = wait_until(lambda: self.receiver.statuses("ServiceCrash"), 10, "the alert arrives")
        self.assertLess(took, 3.0)
        path, authorization, body = self.receiver.deliveries[0]
        self.assertEqual("/api/v1/alerts", path)
        self.assertEqual(b"alertmanager:s3cret", base64.b64decode(authorization.split()[1]))
        self.assertEqual(("4", 0), (body["version"], body["truncatedAlerts"]))
        self.assertEqual("orders", body["groupLabels"]["service"])

        # A second alert of the same service does not wait for the group of the first.
        self.say("ServiceHighErrorRate", healing="promheal", severity="critical", service="orders")
        took = wait_until(lambda: self.receiver.statuses("ServiceHighErrorRate"), 10, "the second arrives")
        self.assertLess(took, 3.0)

        self.say(resolved=True, **crash)
        wait_until(lambda: "resolved" in self.receiver.statuses("ServiceCrash"), 10, "the resolve arrives")
        self.assertEqual("firing", self.receiver.statuses("ServiceCrash")[0])

    def test_tries_again_when_the_healer_answers_503(self):
        self.receiver.refuse = 2
        self.say("ServiceHighLatency", healing="promheal", severity="warning", service="auth")
        wait_until(lambda: self.receiver.statuses("ServiceHighLatency"), 15, "the alert arrives")
        self.assertEqual(0, self.receiver.refuse)

    def test_sends_only_alerts_that_promheal_heals_and_does_not_inhibit_them(self):
        self.say("DiskFull", severity="critical", service="orders")
        self.say("Slow", severity="critical", service="payments")
        self.say("Slow", severity="warning", service="payments", healing="promheal")
        wait_until(lambda: self.receiver.statuses("Slow"), 10, "the alert arrives")
        self.assertEqual([], self.receiver.statuses("DiskFull"))
        self.assertEqual(["firing"], self.receiver.statuses("Slow"))


if __name__ == "__main__":
    real_parts.main()
