#!/usr/bin/env python3
"""Checks docs/configuration/operations.md (endpoints, credentials, signals, storage) against the running programs."""

import base64
import glob
import http.client
import os
import re
import shutil
import signal
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
import configuration_document as document  # noqa: E402
from programs import PROGRAMS, Running, WEBHOOK, run, write  # noqa: E402
import real_parts  # noqa: E402

PASSWORD = "change-me"


def endpoints(program):
    """[(method, path, "reads" | "writes" | "never")] as documented for the program."""
    (rows, _) = document.tables("operations", "HTTP endpoints")
    found = []
    for endpoint, who, credentials, _ in rows:
        if who in ("both", program):
            method, path = document.unquoted(endpoint)[0].split()
            found.append((method, path.replace("ID", "none"), credentials))
    return found


class Base(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="promheal-docs-")
        self.addCleanup(shutil.rmtree, self.folder)
        (users,) = document.files("web.yml")
        self.users = "--web.config.file=" + write(self.folder, "web.yml", users)

    def start(self, program, *flags, configuration="{}\n"):
        running = Running(program, self.folder, configuration, *flags)
        self.addCleanup(running.stop)
        return running


def paths_in_sources():
    """Everything in the programs' sources that may be the path of an endpoint."""
    found = set()
    for folder in ("common", "exporter", "webhook"):
        for path in glob.glob(os.path.join(document.REPOSITORY, folder, "**", "*.cc"), recursive=True):
            with open(path, encoding="utf-8") as file:
                found.update(re.findall(r'"(/(?:[a-z0-9*-]+(?:/[a-z0-9*-]+)*)?)"', file.read()))
    return {path.replace("*", "none") for path in found} | {"/api/v1/incidents/none"}


class EndpointsTest(Base):
    def test_endpoints_of_the_programs_are_documented(self):
        paths = paths_in_sources()
        self.assertGreater(len(paths), 15)
        for program in PROGRAMS:
            running = self.start(program)
            served = set()
            for method in ("GET", "POST"):
                for path in paths:
                    status, body, _ = self.ask(running, method, path)
                    if status != 405 and (status != 404 or "no such incident" in body):
                        served.add((method, path))
            with self.subTest(program):
                self.assertEqual({(method, path) for method, path, _ in endpoints(program)}, served)

    def test_documented_endpoints_are_there_and_only_with_their_method(self):
        for program in PROGRAMS:
            running = self.start(program)
            for method, path, _ in endpoints(program):
                with self.subTest(program, endpoint="%s %s" % (method, path)):
                    status, body, _ = self.ask(running, method, path)
                    self.assertNotEqual(405, status)
                    self.assertTrue(status != 404 or "no such incident" in body)
                    other = "GET" if method == "POST" else "POST"
                    self.assertEqual(405, self.ask(running, other, path)[0])

    def test_endpoints_that_a_page_links_to_are_documented(self):
        for program in PROGRAMS:
            _, page, _ = self.start(program).get("/")
            links = {"/" + link.lstrip("/") for link in re.findall(r'href="([^"]+)"', page)}
            self.assertGreaterEqual(len(links), 4)
            self.assertLessEqual(links, {path for _, path, _ in endpoints(program)})

    def test_credentials_are_needed_as_the_table_says(self):
        (_, rows) = document.tables("operations", "HTTP endpoints")
        said = {row[0]: dict(zip(PROGRAMS, row[1:])) for row in rows}
        for program in PROGRAMS:
            for users in ("without", "with"):
                running = self.start(program, *([self.users] if users == "with" else []))
                for method, path, kind in endpoints(program):
                    cell = "open" if kind == "never" else said["%s, %s users or tokens" % (kind, users)][program]
                    with self.subTest(program, users=users, endpoint=path, said=cell):
                        expected = cell.startswith(("needed", "**closed**")) and "protect-reads" not in cell
                        # A disabled switch is reported before missing credentials.
                        asked = self.ask(running, method, path)[0]
                        self.assertEqual(expected, asked == 401 or (
                            asked == 403 and expected and program == WEBHOOK and users == "without"))
                running.stop()

    def test_password_of_the_example_opens_what_it_should(self):
        for program in PROGRAMS:
            running = self.start(program, self.users)
            for user in ("prometheus", "alertmanager"):
                self.assertEqual(200, self.ask(running, "GET", "/metrics", user)[0])

    def test_flags_of_the_webhook_open_and_close(self):
        opened = self.start(WEBHOOK, "--web.allow-unauthenticated")
        self.assertEqual(400, self.ask(opened, "POST", "/api/v1/alerts")[0])
        opened.stop()
        closed = self.start(WEBHOOK, "--web.protect-reads", self.users)
        for method, path, kind in endpoints(WEBHOOK):
            with self.subTest(path):
                self.assertEqual(kind != "never", self.ask(closed, method, path)[0] == 401)
        closed.stop()
        nobody = self.start(WEBHOOK, "--web.protect-reads")
        self.assertEqual(200, self.ask(nobody, "GET", "/metrics")[0])

    def test_lifecycle_needs_its_flag(self):
        for program in PROGRAMS:
            without = self.start(program, self.users)
            self.assertEqual(403, self.ask(without, "POST", "/-/reload", "prometheus")[0])
            self.assertEqual(403, self.ask(without, "POST", "/-/quit", "prometheus")[0])
            without.stop()
            running = self.start(program, self.users, "--web.enable-lifecycle")
            self.assertEqual(200, self.ask(running, "POST", "/-/reload", "prometheus")[0])
            write(self.folder, program + ".yml", "nonsense: 1\n")
            status, why, _ = self.ask(running, "POST", "/-/reload", "prometheus")
            self.assertEqual(500, status)
            self.assertIn("unknown key 'nonsense'", why)
            try:
                self.assertEqual(200, self.ask(running, "POST", "/-/quit", "prometheus")[0])
            except http.client.RemoteDisconnected:
                pass  # The program ended before it answered.
            self.assertEqual(0, running.process.child.wait(20))

    def test_too_much_is_refused(self):
        running = self.start(WEBHOOK, "--web.allow-unauthenticated")
        self.assertEqual(413, running.get("/api/v1/alerts", data=b"x" * (4 << 20 | 1))[0])
        for count, text in ((10000, "status"), (10001, "too many")):
            alerts = ",".join(["{}"] * count)
            status, why, _ = running.get("/api/v1/alerts", data=('{"version":"4","alerts":[%s]}' % alerts).encode())
            self.assertEqual(400, status)
            self.assertIn(text, why)

    @staticmethod
    def ask(running, method, path, user=None):
        headers = {}
        if user:
            secret = base64.b64encode(("%s:%s" % (user, PASSWORD)).encode()).decode()
            headers["Authorization"] = "Basic " + secret
        return running.get(path, data=b"" if method == "POST" else None, headers=headers)


class SignalsTest(Base):
    def test_hangup_reloads_and_a_wrong_file_changes_nothing(self):
        for program in PROGRAMS:
            running = self.start(program, configuration="prometheus: {timeout: 7s}\n")
            for content, worked, timeout in (("prometheus: {timeout: 8s}\n", "1", "8s"), ("nonsense: 1\n", "0", "8s"),
                                             ("prometheus: {timeout: 9s}\n", "1", "9s")):
                write(self.folder, program + ".yml", content)
                running.process.child.send_signal(signal.SIGHUP)
                line = "%s_config_last_reload_successful %s\n" % (program, worked)
                real_parts.wait_until(
                    lambda r=running, expected=line, t=timeout: expected in r.get("/metrics")[1]
                    and "timeout: %s\n" % t in r.get("/config")[1], 20, "%s after %s" % (line, content))

    def test_terminate_and_interrupt_stop_with_status_0(self):
        for program in PROGRAMS:
            for number in (signal.SIGTERM, signal.SIGINT):
                running = self.start(program)
                running.process.child.send_signal(number)
                self.assertEqual(0, running.process.child.wait(20))

    def test_what_is_wrong_ends_with_status_1(self):
        write(self.folder, "wrong.yml", "nonsense: 1\n")
        for program in PROGRAMS:
            for flag in ("--nonsense", "--config.file=wrong.yml", "--config.file=missing.yml"):
                done = run(program, flag, folder=self.folder)
                self.assertEqual((1, ""), (done.returncode, done.stdout))
                self.assertTrue(done.stderr)


class StorageTest(Base):
    def test_the_ledger_is_where_it_is_said_to_be_and_belongs_to_one(self):
        running = self.start(WEBHOOK)
        ledger = os.path.join(self.folder, WEBHOOK)
        self.assertEqual(["ledger.db", "ledger.db-shm", "ledger.db-wal", "ledger.db.lock"], sorted(os.listdir(ledger)))
        done = run(WEBHOOK, "--config.file=" + running.config_path, "--storage.path=" + ledger,
                   "--web.listen-address=127.0.0.1:0")
        self.assertEqual(1, done.returncode)
        self.assertIn("one ledger belongs to one healer", done.stderr)


if __name__ == "__main__":
    real_parts.main()
