"""The Swarm executor on a real manager: an alert scales a service out, and it goes back when data are good.

The engine is the compose suite's; meanwhile it manages a private Swarm on 127.0.0.1. The service has no network of its
own, so the test needs neither an overlay network nor a registry.
"""

import datetime
import json
import os
import shutil
import sys
import tempfile
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path[:0] = [HERE, os.path.join(HERE, "..", "docs"), os.path.join(HERE, "..", "support")]
from engine import BASE, Engine  # noqa: E402
import fake_prometheus  # noqa: E402
from programs import WEBHOOK, Running, run, write  # noqa: E402
from real_parts import wait_until  # noqa: E402

SERVICE = "promhealtest_orders"
TOKEN = "not-a-secret-0123456789"
AUTHORIZED = {"Authorization": "Bearer " + TOKEN}
HEALING = """
targets: {labels: [service]}
incidents: {collection_window: 100ms}
actions:
  scale_out: {timeout: 10s, swarm: {operation: scale_out, service: "promhealtest_{service}", socket: "%(socket)s", most: 3}}
  scale_in: {swarm: {operation: scale_in, service: "promhealtest_{service}", socket: "%(socket)s"}}
  restart: {timeout: 1m, swarm: {operation: restart, service: "promhealtest_{service}", socket: "%(socket)s"}}
policies:
  - name: spike
    match: {scenario: traffic_spike}
    mode: auto
    ladder:
      - {action: scale_out, cooldown: 100ms, hold: {at_least: 2s, at_most: 4s, step: 1s}}
    verify:
      settle: 0s
      interval: 200ms
      times: 2
      timeout: 20s
      conditions: [{query: 'saturation{service="{service}"}', expect: "< 0.9"}]
"""


class Saturation(fake_prometheus.Api):
    """Prometheus' answer to every query: the share of its capacity that the service uses."""

    share = "0.5"

    def do_POST(self):
        self.rfile.read(int(self.headers["Content-Length"]))
        now = datetime.datetime.now().timestamp()
        result = [{"metric": {"service": "orders"}, "value": [now, Saturation.share]}]
        self.answer(json.dumps({"status": "success", "data": {"resultType": "vector", "result": result}}).encode())


class SwarmTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        if "PROMHEAL_BINARIES" not in os.environ:
            raise unittest.SkipTest("PROMHEAL_BINARIES does not say where healing_webhook is")
        cls.engine = Engine()
        cls.engine.start()
        cls.addClassCleanup(cls.engine.stop)
        cls.engine.make_base()
        cls.leave()  # An interrupted run may have left a Swarm.
        cls.engine.docker("swarm", "init", "--advertise-addr", "127.0.0.1")
        cls.addClassCleanup(cls.leave)

    @classmethod
    def leave(cls):
        cls.engine.docker("swarm", "leave", "--force", check=False)

    def setUp(self):
        self.create(SERVICE, "--replicas", "2")
        wait_until(lambda: len(self.containers()) == 2, 30, "the service runs", every=0.1)
        self.folder = tempfile.mkdtemp(prefix="promheal-swarm-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.configuration = HEALING % {"socket": self.engine.socket}

    def create(self, name, *flags):
        self.engine.docker("service", "create", "--detach", "--name", name, "--label", "promheal.enable=true",
                           "--stop-grace-period", "1s", *flags, BASE, "sleep", "600")
        self.addCleanup(self.remove, name)

    def remove(self, name):
        self.engine.docker("service", "rm", name)
        wait_until(lambda: not self.containers(name), 30, "its tasks have ended", every=0.2)

    def replicas(self):
        return int(self.engine.docker("service", "inspect", "-f", "{{.Spec.Mode.Replicated.Replicas}}", SERVICE))

    def containers(self, name=SERVICE):
        return self.engine.docker("ps", "-q", "--filter", "label=com.docker.swarm.service.name=" + name).split()

    def act(self, action, *flags, service="orders"):
        """(exit status, output) of healing_webhook act."""
        done = run(WEBHOOK, "act", "--config.file=" + write(self.folder, "act.yml", self.configuration), "--action=" + action,
                   "--target=service=" + service, *flags)
        return done.returncode, done.stdout + done.stderr

    # ---- by hand ------------------------------------------------------------------------------

    def test_a_replica_more_and_a_replica_fewer(self):
        status, text = self.act("scale_out", "--dry-run")
        self.assertEqual((0, 2), (status, self.replicas()), text)
        self.assertIn("%s at %s: 2 replicas -> 3 replicas" % (SERVICE, self.engine.socket), text)
        status, text = self.act("scale_out")
        self.assertEqual((0, 3, 3), (status, self.replicas(), len(self.containers())), text)
        status, text = self.act("scale_out")
        self.assertEqual((1, 3), (status, self.replicas()), text)
        self.assertIn("at most 3 are allowed", text)
        status, text = self.act("scale_in")
        self.assertEqual((0, 2), (status, self.replicas()), text)
        wait_until(lambda: len(self.containers()) == 2, 30, "two containers are left", every=0.2)

    def test_a_restart_replaces_every_task(self):
        before = self.containers()
        status, text = self.act("restart")
        self.assertEqual(0, status, text)
        self.assertIn("%s: restarted" % SERVICE, text)
        self.assertEqual(2, len(self.containers()))
        self.assertFalse(set(before) & set(self.containers()))

    def test_a_replica_without_a_suitable_node_is_removed_again(self):
        self.engine.docker("service", "update", "--detach", "--reserve-memory", "900g", SERVICE)
        status, text = self.act("scale_out")
        self.assertEqual((1, 2), (status, self.replicas()), text)
        self.assertIn("no suitable node", text)

    def test_a_global_service_and_one_without_the_label_are_refused(self):
        self.create("promhealtest_each", "--mode", "global")
        status, text = self.act("scale_out", service="each")
        self.assertEqual(1, status)
        self.assertIn("is global", text)
        self.engine.docker("service", "update", "--detach", "--label-rm", "promheal.enable", SERVICE)
        status, text = self.act("scale_out")
        self.assertEqual((1, 2), (status, self.replicas()))
        self.assertIn("does not have the label promheal.enable=true", text)

    # ---- by the healer --------------------------------------------------------------------------

    def healer(self):
        prometheus = fake_prometheus.FakePrometheus(Saturation)
        self.addCleanup(prometheus.stop)
        token = write(self.folder, "token", TOKEN)
        os.chmod(token, 0o600)
        web = write(self.folder, "web.yml", "bearer_token_files: {alertmanager: %s}\n" % token)
        healer = Running(WEBHOOK, self.folder, self.configuration, "--web.config.file=" + web, prometheus=prometheus.url)
        self.addCleanup(healer.stop)
        return healer

    def say(self, healer, status):
        now = datetime.datetime.now(datetime.timezone.utc).isoformat()
        labels = {"alertname": "ServiceTrafficSpike", "scenario": "traffic_spike", "service": "orders"}
        alert = {"status": status, "labels": labels, "annotations": {}, "fingerprint": "5ca1ab1e5ca1ab1e", "startsAt": now,
                 "endsAt": now if status == "resolved" else "0001-01-01T00:00:00Z", "generatorURL": ""}
        payload = {"version": "4", "groupKey": "{}:{}", "status": status, "receiver": "promheal", "groupLabels": {},
                   "commonLabels": labels, "commonAnnotations": {}, "externalURL": "", "truncatedAlerts": 0, "alerts": [alert]}
        answer = healer.get("/api/v1/alerts", data=json.dumps(payload).encode(), headers=AUTHORIZED)
        self.assertEqual(200, answer[0], answer[1])

    def incident(self, healer):
        return json.loads(healer.get("/api/v1/incidents", headers=AUTHORIZED)[1])["incidents"][0]

    def scale_out_by_an_alert(self):
        """Returns the healer once the service has three replicas and data are good."""
        Saturation.share = "0.95"
        healer = self.healer()
        self.say(healer, "firing")
        wait_until(lambda: len(self.containers()) == 3, 30, "a third container runs", every=0.1)
        Saturation.share = "0.6"
        return healer

    def wait_until_healed(self, healer):
        self.say(healer, "resolved")
        wait_until(lambda: self.incident(healer)["state"] == "closed", 60, "the incident is closed", every=0.2)
        self.assertEqual("healed", self.incident(healer)["outcome"])

    def test_an_alert_scales_out_and_back_when_it_is_over(self):
        healer = self.scale_out_by_an_alert()
        self.wait_until_healed(healer)
        self.assertEqual(2, self.replicas())
        self.assertNotIn("promheal.scaled", self.engine.docker("service", "inspect", "-f", "{{.Spec.Labels}}", SERVICE))

    def test_a_number_that_a_person_has_set_meanwhile_stays(self):
        healer = self.scale_out_by_an_alert()
        self.engine.docker("service", "scale", "--detach", SERVICE + "=4")
        self.wait_until_healed(healer)
        self.assertEqual(4, self.replicas())
        self.assertIn("left alone, because another writer set it to 4 replicas", json.dumps(self.incident(healer)))
