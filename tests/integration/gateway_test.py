#!/usr/bin/env python3
"""Runs services/gateway/haproxy.cfg on a real HAProxy, with small Python backends."""

import concurrent.futures
import os
import re
import shutil
import signal
import socket
import stat
import sys
import tempfile
import threading
import time
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402
from real_parts import REPOSITORY, http, wait_until  # noqa: E402

CONFIG = os.path.join(REPOSITORY, "services", "gateway", "haproxy.cfg")
SLOT = os.path.join(REPOSITORY, "tests", "support", "shop_slot.py")
ACTIVE = ("orders-1", "payments-1", "payments-2", "auth-1")
NOBODY = 65534


def open_to_all(path):
    """Whether users without rights can reach the file: every folder above it lets them through."""
    folder = os.path.dirname(os.path.realpath(path))
    while os.stat(folder).st_mode & stat.S_IXOTH:
        if folder == os.path.dirname(folder):
            return True
        folder = os.path.dirname(folder)
    return False


class Gateway:
    """HAProxy with the shop's configuration and one stand-in process for each active slot."""

    def __init__(self):
        program = real_parts.find_tool("haproxy")
        self.folder = tempfile.mkdtemp(prefix="promheal-gateway-")
        os.chmod(self.folder, 0o755)
        run = os.path.join(self.folder, "run")
        os.mkdir(run, 0o700)
        options = {}
        # The gateway needs no rights, so it gets none if a user without rights can reach its files.
        if os.getuid() == 0 and all(map(open_to_all, (program, CONFIG))):
            os.chown(run, NOBODY, NOBODY)
            options = {"user": NOBODY, "group": NOBODY, "extra_groups": []}
        ports = real_parts.free_ports(11)
        self.socket_path = os.path.join(run, "admin.sock")
        self.url = "http://127.0.0.1:%d" % ports[0]
        self.metrics_url = "http://127.0.0.1:%d" % ports[1]
        names = ["%s-%d" % (s, i) for s in ("orders", "payments", "auth") for i in (1, 2, 3)]
        self.slot_port = dict(zip(names, ports[2:]))
        settings = {name.upper().replace("-", "_") + "_PORT": str(port)
                    for name, port in self.slot_port.items()}
        settings.update(GATEWAY_PORT=str(ports[0]), GATEWAY_METRICS_PORT=str(ports[1]),
                        GATEWAY_SOCKET=self.socket_path)
        self.slots = {}
        for name in ACTIVE:
            self.start_slot(name)
        self.process = real_parts.Process(
            [program, "-db", "-f", CONFIG],
            os.path.join(self.folder, "gateway.log"), env=dict(os.environ, **settings),
            **options)
        try:
            wait_until(lambda: all(self.server_is(n, "UP") for n in ACTIVE), 15, "every slot up")
        except BaseException:
            print(self.process.log(), file=sys.stderr)
            self.close()
            raise

    def start_slot(self, name):
        port = self.slot_port[name]
        self.slots[name] = real_parts.Process([sys.executable, SLOT, str(port), name],
                                              os.path.join(self.folder, name + ".log"))
        wait_until(lambda: self.listens(port), 10, name + " listens")

    @staticmethod
    def listens(port):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", port)) == 0

    def crash_slot(self, name):
        self.slots[name].child.kill()
        self.slots[name].child.wait()

    def close(self):
        self.process.stop()
        for slot in self.slots.values():
            slot.stop()
        shutil.rmtree(self.folder)

    def get(self, path, **options):
        return http(self.url + path, **options)

    def statuses(self, path, count):
        """How often each status came back for `count` requests, eight at a time."""
        with concurrent.futures.ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda _: self.get(path)[0], range(count)))
        return {status: answers.count(status) for status in set(answers)}

    def metric(self, series):
        """The value of one series as promex writes it; None if it is absent."""
        try:
            body = http(self.metrics_url + "/metrics")[1]
        except OSError:
            return None
        found = re.search("^" + re.escape(series) + r" (\S+)$", body, re.MULTILINE)
        return float(found.group(1)) if found else None

    def server_is(self, name, state):
        return 1 == self.metric('haproxy_server_status{proxy="%s",server="%s",state="%s"}' %
                                (name.split("-")[0], name, state))

    def admin(self, command):
        """Runs one command of the runtime API; returns its answer, empty for success."""
        with socket.socket(socket.AF_UNIX) as connection:
            connection.connect(self.socket_path)
            connection.sendall(command.encode() + b"\n")
            return b"".join(iter(lambda: connection.recv(65536), b"")).decode().strip()


class ConfigurationTest(unittest.TestCase):
    def test_is_clean_with_its_defaults(self):
        checked = real_parts.run_tool("haproxy", "-c", "-f", CONFIG)
        self.assertEqual(0, checked.returncode, checked.stdout)
        self.assertEqual("Configuration file is valid", checked.stdout.strip())


class GatewayTest(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.gateway = Gateway()

    @classmethod
    def tearDownClass(cls):
        cls.gateway.close()

    def tearDown(self):
        for table in ("override_breaker", "override_shed"):
            self.gateway.admin("clear table " + table)

    def assert_answers(self, path, expected_body):
        status, body, _ = self.gateway.get(path)
        self.assertEqual((200, expected_body), (status, body))

    def restart_slot(self, name):
        self.gateway.crash_slot(name)
        self.gateway.start_slot(name)
        wait_until(lambda: self.gateway.get("/%s/x" % name.split("-")[0])[0] == 200, 10, name + " back")

    def test_routes_by_prefix_and_strips_it(self):
        for path, answer in (
                ("/orders", "orders-1 GET /"),
                ("/orders/", "orders-1 GET /"),
                ("/orders/checkout?a=b&c=/d", "orders-1 GET /checkout?a=b&c=/d"),
                ("/auth/login?next=/orders/", "auth-1 GET /login?next=/orders/"),
                ("/auth?x=1", "auth-1 GET /?x=1")):
            with self.subTest(path):
                self.assert_answers(path, answer)

    def test_answers_404_for_an_unknown_service(self):
        for path in ("/ordersx", "/x", "/x/orders", "/Orders"):
            with self.subTest(path):
                self.assertEqual(404, self.gateway.get(path)[0])

    def test_names_the_services_at_the_root(self):
        status, body, _ = self.gateway.get("/")
        self.assertEqual(200, status)
        self.assertIn("/orders /payments /auth", body)

    def test_passes_a_post_through_with_the_address_of_the_client(self):
        status, body, headers = self.gateway.get("/orders/checkout", data=b"")
        self.assertEqual((200, "orders-1 POST /checkout"), (status, body))
        self.assertEqual("127.0.0.1", {k.lower(): v for k, v in headers.items()}["x-seen-for"])

    def test_spreads_requests_over_the_active_slots_only(self):
        seen = {self.gateway.get("/payments/x")[1].split()[0] for _ in range(40)}
        self.assertEqual({"payments-1", "payments-2"}, seen)
        for spare in ("orders-2", "orders-3", "payments-3", "auth-2", "auth-3"):
            self.assertTrue(self.gateway.server_is(spare, "MAINT"), spare)

    def test_keeps_the_admin_socket_to_its_owner(self):
        mode = os.stat(self.gateway.socket_path).st_mode
        self.assertTrue(stat.S_ISSOCK(mode))
        self.assertEqual(0o600, stat.S_IMODE(mode))

    def test_exposes_every_series_the_rules_rely_on(self):
        self.gateway.get("/orders/x")
        for series, least in (
                ('haproxy_frontend_http_requests_total{proxy="orders_offered"}', 1),
                ('haproxy_backend_http_requests_total{proxy="orders"}', 1),
                ('haproxy_backend_http_responses_total{proxy="orders",code="2xx"}', 1),
                ('haproxy_backend_http_responses_total{proxy="orders",code="5xx"}', 0),
                ('haproxy_backend_active_servers{proxy="payments"}', 2),
                ('haproxy_server_http_responses_total{proxy="orders",server="orders-1",code="5xx"}', 0),
                ('haproxy_server_status{proxy="orders",server="orders-1",state="UP"}', 1),
                ('haproxy_sticktable_used{name="override_shed",type="string"}', 0),
                ('haproxy_sticktable_used{name="override_breaker",type="string"}', 0)):
            with self.subTest(series):
                self.assertIsNotNone(self.gateway.metric(series))
                self.assertGreaterEqual(self.gateway.metric(series), least)
        self.assertEqual(200, http(self.gateway.metrics_url + "/-/healthy")[0])

    def test_answers_504_for_a_hung_service_then_503_and_takes_it_back_after_a_restart(self):
        start = time.monotonic()
        self.assertEqual(504, self.gateway.get("/orders/fault?hang")[0])
        self.assertAlmostEqual(3.0, time.monotonic() - start, delta=0.5)
        wait_until(lambda: self.gateway.server_is("orders-1", "DOWN"), 10, "health checks find the hang")
        start = time.monotonic()
        self.assertEqual(503, self.gateway.get("/orders/x")[0])
        self.assertLess(time.monotonic() - start, 0.5)
        self.restart_slot("orders-1")

    def test_answers_503_at_once_when_the_only_slot_crashed_and_counts_it_as_failed(self):
        failed = 'haproxy_backend_http_responses_total{proxy="orders",code="5xx"}'
        before = self.gateway.metric(failed)
        self.gateway.crash_slot("orders-1")
        for _ in range(5):
            start = time.monotonic()
            self.assertEqual(503, self.gateway.get("/orders/x")[0])
            self.assertLess(time.monotonic() - start, 1.0)
        self.assertEqual(before + 5, self.gateway.metric(failed))
        self.assertEqual(0, self.gateway.metric('haproxy_backend_active_servers{proxy="orders"}'))
        self.gateway.start_slot("orders-1")
        back = wait_until(lambda: self.gateway.get("/orders/x")[0] == 200, 10, "orders-1 back")
        self.assertLess(back, 2.0)

    def test_hides_the_crash_of_one_slot_of_two(self):
        self.gateway.crash_slot("payments-1")
        self.assertEqual({200: 100}, self.gateway.statuses("/payments/x", 100))
        self.restart_slot("payments-1")
        wait_until(lambda: self.gateway.server_is("payments-1", "UP"), 5, "payments-1 up")

    def test_takes_a_spare_slot_in_and_out(self):
        self.gateway.start_slot("orders-2")
        self.assertEqual("", self.gateway.admin("set server orders/orders-2 state ready"))
        taken = wait_until(lambda: "orders-2" in self.gateway.get("/orders/x")[1], 5, "orders-2 serves")
        self.assertLess(taken, 2.5)
        self.assertEqual("", self.gateway.admin("set server orders/orders-2 state maint"))
        self.assertEqual({"orders-1"}, {self.gateway.get("/orders/x")[1].split()[0] for _ in range(10)})

    def test_drains_a_slot_without_failing_a_request(self):
        self.assertEqual("", self.gateway.admin("set server payments/payments-1 state drain"))
        seen = {self.gateway.get("/payments/x")[1].split()[0] for _ in range(20)}
        self.assertEqual({"payments-2"}, seen)
        self.assertEqual(1, self.gateway.metric('haproxy_backend_active_servers{proxy="payments"}'))
        self.assertEqual("", self.gateway.admin("set server payments/payments-1 state ready"))
        wait_until(lambda: "payments-1" in self.gateway.get("/payments/x")[1], 5, "payments-1 serves")

    def test_sheds_the_share_it_was_told_and_still_counts_all_offered_requests(self):
        offered = 'haproxy_frontend_http_requests_total{proxy="orders_offered"}'
        admitted = 'haproxy_backend_http_requests_total{proxy="orders"}'
        failed = 'haproxy_backend_http_responses_total{proxy="orders",code="5xx"}'
        before = [self.gateway.metric(m) for m in (offered, admitted, failed)]
        self.assertEqual("", self.gateway.admin("set table override_shed key orders data.gpt0 40"))
        answers = self.gateway.statuses("/orders/x", 2000)
        after = [self.gateway.metric(m) for m in (offered, admitted, failed)]
        self.assertEqual({200, 429}, set(answers))
        # Binomial, n = 2000, p = 0.4: the standard deviation is 22; five of them.
        self.assertAlmostEqual(800, answers[429], delta=110)
        self.assertEqual(2000, after[0] - before[0])
        self.assertEqual(answers[200], after[1] - before[1])
        self.assertEqual(0, after[2] - before[2], "a shed request is not an error of the service")

    def test_sheds_everything_at_100_and_nothing_at_0(self):
        self.gateway.admin("set table override_shed key orders data.gpt0 100")
        self.assertEqual({429: 100}, self.gateway.statuses("/orders/x", 100))
        self.gateway.admin("set table override_shed key orders data.gpt0 0")
        self.assertEqual({200: 100}, self.gateway.statuses("/orders/x", 100))

    def test_overrides_one_service_and_leaves_the_others_alone(self):
        self.gateway.admin("set table override_breaker key orders data.gpc0 1")
        self.assertEqual({200: 20}, self.gateway.statuses("/payments/x", 20))
        self.assertEqual({503: 20}, self.gateway.statuses("/orders/x", 20))

    def test_says_that_an_override_answered(self):
        self.gateway.admin("set table override_breaker key orders data.gpc0 1")
        _, _, headers = self.gateway.get("/orders/x")
        self.assertEqual("breaker", {k.lower(): v for k, v in headers.items()}["x-promheal-override"])

    def test_lets_a_share_through_a_half_open_breaker(self):
        self.gateway.admin("set table override_breaker key orders data.gpc0 1 data.gpt0 90")
        answers = self.gateway.statuses("/orders/x", 1000)
        # Binomial, n = 1000, p = 0.9: the standard deviation is 9.5; five of them.
        self.assertAlmostEqual(900, answers[503], delta=48)
        self.assertEqual(1000, answers[503] + answers[200])

    def test_forgets_an_override_that_is_not_renewed_even_under_traffic(self):
        used = 'haproxy_sticktable_used{name="override_breaker",type="string"}'
        stop = threading.Event()

        def knock():
            while not stop.wait(0.05):
                self.gateway.get("/auth/x")
        traffic = threading.Thread(target=knock)
        traffic.start()
        try:
            start = time.monotonic()
            self.gateway.admin("set table override_breaker key auth data.gpc0 1")
            time.sleep(8)
            self.gateway.admin("set table override_breaker key auth data.gpc0 1")  # renewed
            self.assertEqual(1, self.gateway.metric(used))
            wait_until(lambda: self.gateway.get("/auth/x")[0] == 200, 20, "the breaker expires")
            lasted = time.monotonic() - start
        finally:
            stop.set()
            traffic.join()
        self.assertGreater(lasted, 8 + 14)
        self.assertLess(lasted, 8 + 17)
        self.assertEqual(0, self.gateway.metric(used))

    def test_stops_at_once_when_asked(self):
        other = Gateway()
        self.addCleanup(other.close)
        other.process.child.terminate()
        self.assertIn(other.process.child.wait(2), (0, -signal.SIGTERM), other.process.log())


if __name__ == "__main__":
    real_parts.main()
