#!/usr/bin/env python3
"""Checks docker-compose.yml and the files that its containers read with the real tools, without running it.

compose_test.py [DIRECTORY OF PROMHEAL'S BINARIES]
"""

import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402
from real_parts import REPOSITORY, run_tool  # noqa: E402

BINARIES = sys.argv.pop() if len(sys.argv) > 1 and os.path.isdir(sys.argv[-1]) else ""
DOCKER = os.path.join(REPOSITORY, "deploy", "docker")


def read(*path):
    with open(os.path.join(REPOSITORY, *path), encoding="utf-8") as file:
        return file.read()


class ComposeTest(unittest.TestCase):
    def test_is_a_file_that_compose_understands(self):
        checked = run_tool("docker-compose", "config", "--quiet", cwd=REPOSITORY)
        self.assertEqual(0, checked.returncode, checked.stdout)

    def test_has_every_part_of_the_loop(self):
        listed = run_tool("docker-compose", "config", "--services", cwd=REPOSITORY)
        slots = {"%s-%d" % (service, slot) for service in ("orders", "payments", "auth") for slot in (1, 2, 3)}
        self.assertEqual(slots | {"config", "gateway", "load", "prometheus", "alertmanager", "grafana", "exporter",
                                  "webhook", "engine"}, set(listed.stdout.split()))

    def test_listens_on_this_machine_only_and_on_each_port_once(self):
        resolved = run_tool("docker-compose", "config", cwd=REPOSITORY).stdout
        ports = re.findall(r"^    - (\S+:\d+)/tcp$", resolved, re.MULTILINE)
        self.assertTrue(all(port.startswith("127.0.0.1:") for port in ports), ports)
        self.assertEqual(["127.0.0.1:%d:%d" % (port, port) for port in (3000, 3001, 9090, 9093, 10180, 10181)],
                         sorted(ports, key=lambda port: int(port.split(":")[1])))

    def test_gives_the_engine_only_to_the_proxy_and_capabilities_to_no_container(self):
        resolved = run_tool("docker-compose", "config", cwd=REPOSITORY).stdout
        services = dict(re.findall(r"^  ([\w-]+):\n((?:    .*\n)+)", resolved.split("\nservices:")[1].split("\nversion:")[0],
                                   re.MULTILINE))
        self.assertEqual(["engine"], [name for name, text in services.items() if "docker.sock:/" in text])
        for name, text in services.items():
            self.assertIn("cap_drop:\n    - ALL\n", text, name)
            self.assertIn("no-new-privileges:true", text, name)
            self.assertTrue(name == "grafana" or "read_only: true" in text, name)
            labelled = bool(re.match(r"(orders|payments|auth)-\d$", name))
            self.assertEqual(labelled, bool(re.search("promheal.enable: ['\"]true", text)), name)
            self.assertEqual(labelled or name == "config", not re.search("restart: unless-stopped", text), name)

    def test_mounts_only_files_that_are_there_and_pins_upstream_images(self):
        compose = read("docker-compose.yml")
        for path in re.findall(r"- (\./[^:]+):", compose):
            self.assertTrue(os.path.exists(os.path.join(REPOSITORY, path)), path)
        for image in re.findall(r"image: (\S+)", compose):
            if not image.startswith("promheal/"):
                self.assertRegex(image, r":v?\d", image)

    def test_knows_the_slots_under_the_names_and_ports_of_the_gateway(self):
        compose = read("docker-compose.yml")
        for service, first in (("orders", 3011), ("payments", 3021), ("auth", 3031)):
            for slot in (1, 2, 3):
                name = "%s-%d" % (service, slot)
                self.assertIn("%s_%d_HOST: %s\n" % (service.upper(), slot, name), compose)
                self.assertRegex(compose, r'%s:\n    <<: \*(?:%s|spare)\n    command: \[shop_%s, [^\]]*"--web.listen-address=:%d"'
                                 % (name, service, service, first + slot - 1))
                self.assertRegex(read("services", "gateway", "haproxy.cfg"),
                                 r"presetenv %s_%d_PORT +%d\b" % (service.upper(), slot, first + slot - 1))


class RenderedTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="promheal-render-")
        self.addCleanup(shutil.rmtree, self.folder)
        self.render()

    def render(self):
        done = subprocess.run([sys.executable, "-W", "ignore", os.path.join(DOCKER, "render.py"), REPOSITORY, self.folder],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        self.assertEqual(0, done.returncode, done.stdout)

    def path(self, name):
        return os.path.join(self.folder, name)

    def test_leaves_no_place_empty_and_no_loopback_address(self):
        for name in ("prometheus.yml", "alertmanager.yml", "exporter.yml", "healing.yml"):
            with open(self.path(name), encoding="utf-8") as file:
                text = re.sub("#.*", "", file.read())
            self.assertNotRegex(text, "@[A-Z]", name)
            self.assertNotIn("127.0.0.1", text, name)

    def test_configurations_are_clean(self):
        for tool, arguments in (("promtool", ("check", "config", self.path("prometheus.yml"))),
                                ("amtool", ("check-config", self.path("alertmanager.yml")))):
            checked = run_tool(tool, *arguments)
            self.assertEqual(0, checked.returncode, checked.stdout)
            self.assertIn("SUCCESS", checked.stdout)

    def test_our_programs_take_their_configuration(self):
        for program, name in (("anomaly_exporter", "exporter.yml"), ("healing_webhook", "healing.yml")):
            path = os.path.join(BINARIES, program)
            if not BINARIES or not os.access(path, os.X_OK):
                self.skipTest("%s is not built" % program)
            done = subprocess.run([path, "--config.check", "--config.file=" + self.path(name),
                                   "--prometheus.url=http://prometheus:9090"],
                                  stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
            self.assertEqual(0, done.returncode, done.stdout)

    def test_every_target_of_prometheus_is_a_service_of_compose(self):
        listed = set(run_tool("docker-compose", "config", "--services", cwd=REPOSITORY).stdout.split())
        with open(self.path("prometheus.yml"), encoding="utf-8") as file:
            hosts = set(re.findall(r'targets: \["([\w-]+):\d+"\]', file.read()))
        self.assertLessEqual(hosts, listed)
        self.assertGreaterEqual(len(hosts), 15)

    def test_keeps_the_password_when_rendered_again_and_lets_every_container_read(self):
        with open(self.path("webhook.password"), encoding="utf-8") as file:
            before = file.read()
        self.render()
        with open(self.path("webhook.password"), encoding="utf-8") as file:
            self.assertEqual(before, file.read())
        checked = run_tool("promtool", "check", "web-config", self.path("webhook-web.yml"))
        self.assertEqual(0, checked.returncode, checked.stdout)
        self.assertEqual(0o644, stat.S_IMODE(os.stat(self.path("rules/alerts/promheal.yml")).st_mode))


class DockerfileTest(unittest.TestCase):
    def test_installs_the_libraries_that_the_programs_need(self):
        """Checks every shared library by its Debian package."""
        packages = {"libboost_program_options": "libboost-program-options1.74.0", "libcivetweb": "libcivetweb1",
                    "libcrypt": "libcrypt1", "libcrypto": "libssl3", "libcurl": "libcurl4", "libfmt": "libfmt9",
                    "libprometheus-cpp-core": "libprometheus-cpp-core1.0", "libsimdjson": "libsimdjson14",
                    "libspdlog": "libspdlog1.10", "libsqlite3": "libsqlite3-0", "libyaml-cpp": "libyaml-cpp0.7",
                    "libz": "zlib1g"}
        always_there = {"libc", "libm", "libgcc_s", "libstdc++", "ld-linux-x86-64"}
        dockerfile = read("deploy", "docker", "Dockerfile")
        checked = 0
        for program in ("anomaly_exporter", "healing_webhook", "shop_orders", "shop_payments", "shop_auth", "shop_load"):
            self.assertIn("/release/bin/" + program, dockerfile)
            path = os.path.join(BINARIES, program)
            if not BINARIES or not os.path.exists(path) or not shutil.which("objdump"):
                continue
            dynamic = subprocess.run(["objdump", "-p", path], stdout=subprocess.PIPE, text=True, check=True).stdout
            for library in re.findall(r"NEEDED\s+([\w+-]+?)\.so", dynamic):
                if library in always_there or re.match("lib[atu]*san$|libubsan", library):
                    continue
                self.assertIn(packages[library], dockerfile.split(), program)
                checked += 1
        if not checked:
            self.skipTest("none of our programs is built")


if __name__ == "__main__":
    real_parts.main()
