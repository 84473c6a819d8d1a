#!/usr/bin/env python3
"""Runs promtool on all files that Prometheus loads: rules, rule tests, configurations, rescaled rules."""

import glob
import os
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402
from real_parts import REPOSITORY, run_tool  # noqa: E402

RULES = os.path.join(REPOSITORY, "rules")
SHIPPED = sorted(path for folder in ("recording", "alerts", "adapters", "watchdog")
                 for path in glob.glob(os.path.join(RULES, folder, "*.yml")))


def rescale(interval, paths, directory):
    return subprocess.run(
        [sys.executable, os.path.join(RULES, "rescale.py"), "--scrape-interval", interval]
        + paths + ["--out", directory], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
        check=False)


class PromtoolTest(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.mkdtemp(prefix="promheal-rules-")
        self.addCleanup(shutil.rmtree, self.folder)

    def assert_clean(self, done):
        self.assertEqual(0, done.returncode, done.stdout)
        self.assertNotIn("FAILED", done.stdout)

    def test_every_rule_file_is_clean_and_lints(self):
        self.assertTrue(SHIPPED)
        self.assert_clean(run_tool("promtool", "check", "rules", "--lint=all", "--lint-fatal", *SHIPPED))

    def test_every_rule_test_holds(self):
        tests = sorted(glob.glob(os.path.join(RULES, "tests", "**", "*_test.yml"), recursive=True))
        self.assertTrue(tests)
        for path in tests:
            with self.subTest(os.path.relpath(path, RULES)):
                self.assert_clean(run_tool("promtool", "test", "rules", path))

    def test_every_adapter_has_a_test(self):
        adapters = {os.path.basename(p)[:-4] for p in glob.glob(os.path.join(RULES, "adapters", "*.yml"))}
        tested = {os.path.basename(p)[:-9] for p in glob.glob(os.path.join(RULES, "tests", "adapters", "*.yml"))}
        self.assertGreaterEqual(len(adapters), 10)
        self.assertEqual(adapters, tested)

    def test_the_alerts_hold_with_clusters_and_namespaces_as_the_readme_says(self):
        for path in SHIPPED:
            with open(path, encoding="utf-8") as file:
                text = file.read()
            target = os.path.join(self.folder, os.path.relpath(path, RULES))
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8") as file:
                if os.sep + "alerts" + os.sep not in path:
                    text = text.replace("by (service", "by (cluster, namespace, service")
                file.write(text)
        test = os.path.join(self.folder, "clusters_test.yml")
        shutil.copy(os.path.join(REPOSITORY, "tests", "rules", "clusters.yml"), test)
        self.assert_clean(run_tool("promtool", "test", "rules", test))

    def test_rescaled_rules_are_clean_whatever_the_interval(self):
        for interval in ("1s", "2s", "10s", "30s", "1m", "7s500ms"):
            with self.subTest(interval):
                self.assert_clean(rescale(interval, SHIPPED, self.folder))
                rescaled = glob.glob(os.path.join(self.folder, "*", "*.yml"))
                self.assertEqual(len(SHIPPED), len(rescaled))
                self.assert_clean(run_tool("promtool", "check", "rules", *rescaled))

    def test_rules_rescaled_to_two_seconds_find_a_crash_within_six(self):
        self.assert_clean(rescale("2s", SHIPPED, self.folder))
        test = os.path.join(self.folder, "fast_crash_test.yml")
        shutil.copy(os.path.join(REPOSITORY, "tests", "rules", "fast_crash.yml"), test)
        self.assert_clean(run_tool("promtool", "test", "rules", test))

    def test_the_demo_configuration_is_clean(self):
        self.assert_clean(rescale("2s", SHIPPED, os.path.join(self.folder, "rules")))
        with open(os.path.join(REPOSITORY, "deploy", "demo", "prometheus.yml"), encoding="utf-8") as file:
            text = file.read().replace("@RUN_DIR@", self.folder)
        config = os.path.join(self.folder, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(re.sub("@[A-Z0-9_]+_PORT@", "3000", text))
        self.assert_clean(run_tool("promtool", "check", "config", config))

    def test_the_snippet_for_an_existing_prometheus_is_clean(self):
        with open(os.path.join(REPOSITORY, "deploy", "prometheus-snippet.yml"), encoding="utf-8") as file:
            text = file.read()
        config = os.path.join(self.folder, "prometheus.yml")
        with open(config, "w", encoding="utf-8") as file:
            file.write(text.replace("/etc/prometheus/promheal", RULES))
        checked = run_tool("promtool", "check", "config", config)
        self.assert_clean(checked)
        self.assertGreaterEqual(checked.stdout.count("SUCCESS"), 4, "it loads rules")


if __name__ == "__main__":
    real_parts.main()
