#!/usr/bin/env python3
"""Rules and dashboards use only promheal metrics that docs/metrics.md lists.

docs_metrics_test holds that page to the metrics of the programs, so a changed name is noticed.
"""

import glob
import os
import re
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
# Excludes parts of a recorded name (service:anomaly_score:max), of a path or of a job's name in quotes.
OURS = re.compile(r'(?<![\w:/.|"-])((?:anomaly|healing)_[a-z_]+)(?![\w:|"])')


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


class MetricNamesTest(unittest.TestCase):
    def test_rules_and_dashboards_use_metrics_that_exist(self):
        documented = set(re.findall(r"^\| `(\w+)`", read(os.path.join(REPOSITORY, "docs", "metrics.md")), re.MULTILINE))
        self.assertIn("anomaly_score", documented)
        used = set()
        for pattern in ("rules/alerts/*.yml", "rules/watchdog/*.yml", "rules/recording/*.yml", "grafana/dashboards/*.json"):
            for path in glob.glob(os.path.join(REPOSITORY, pattern)):
                text = re.sub(r"^\s*(#|component:|summary:|description:).*", "", read(path), flags=re.MULTILINE)
                for name in OURS.findall(text.replace('\\"', '"')):
                    used.add(re.sub(r"_(bucket|sum|count)$", "", name))
        self.assertGreater(len(used), 20)
        self.assertEqual(set(), used - documented - {"anomaly_exporter", "healing_webhook"})


if __name__ == "__main__":
    unittest.main(verbosity=2)
