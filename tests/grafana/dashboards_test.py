#!/usr/bin/env python3
"""The dashboards: the rules of grafana/dashboard-linter, and every query through promtool."""

import glob
import json
import os
import re
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402
from real_parts import REPOSITORY, run_tool  # noqa: E402

GRAFANA = os.path.join(REPOSITORY, "grafana")
# Units that panels may use; Grafana would show a misspelt unit as a bare number.
UNITS = {"none", "short", "percentunit", "s", "bytes", "reqps", "cps", "bool_yes_no"}
VARIABLES = {"$__rate_interval": "5m", "$service": "orders", "$job": "a", "$instance": "b"}


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def load_boards():
    return {os.path.basename(path)[:-5]: json.loads(read(path))
            for path in sorted(glob.glob(os.path.join(GRAFANA, "dashboards", "*.json")))}


def panels(board):
    return [panel for panel in board["panels"] if panel["type"] != "row"]


def queries(board):
    """(where, expression) of every query: panels and annotations."""
    for panel in panels(board):
        for target in panel["targets"]:
            yield "%s: %s" % (panel["title"], target["refId"]), target["expr"]
    for annotation in board["annotations"]["list"]:
        yield "annotation " + annotation["name"], annotation["expr"]


def plain(expression):
    """The expression with Grafana's variables filled in."""
    for name, value in VARIABLES.items():
        expression = expression.replace(name, value)
    return expression


class DashboardsTest(unittest.TestCase):
    def setUp(self):
        self.boards = load_boards()

    def each_panel(self):
        for name, board in self.boards.items():
            for panel in panels(board):
                yield "%s: %s" % (name, panel["title"]), panel

    def test_are_as_their_source_writes_them(self):
        done = subprocess.run([sys.executable, os.path.join(GRAFANA, "source", "build.py"), "--check"],
                              stdout=subprocess.PIPE, text=True, check=False)
        self.assertEqual(0, done.returncode, "run grafana/source/build.py; stale: " + done.stdout)

    def test_are_the_three_that_alerts_link_to(self):
        self.assertEqual({"promheal-overview", "promheal-service", "promheal-self"}, set(self.boards))
        for name, board in self.boards.items():
            self.assertEqual(name, board["uid"])
            self.assertLessEqual(len(board["uid"]), 40)
        for path in glob.glob(os.path.join(REPOSITORY, "rules", "alerts", "*.yml")):
            for uid in re.findall(r"dashboard_url: /d/([\w-]+)/", read(path)):
                self.assertIn(uid, self.boards)

    def test_number_their_panels_uniquely_and_lay_them_out_without_overlap(self):
        for name, board in self.boards.items():
            with self.subTest(name):
                ids = [panel["id"] for panel in board["panels"]]
                self.assertEqual(len(ids), len(set(ids)))
                taken = set()
                for panel in board["panels"]:
                    at = panel["gridPos"]
                    self.assertLessEqual(at["x"] + at["w"], 24)
                    cells = {(x, y) for x in range(at["x"], at["x"] + at["w"])
                             for y in range(at["y"], at["y"] + at["h"])}
                    self.assertFalse(taken & cells, panel["title"])
                    taken |= cells

    def test_have_one_datasource_variable_and_use_it_everywhere(self):
        for board in self.boards.values():
            sources = [v for v in board["templating"]["list"] if v["type"] == "datasource"]
            self.assertEqual([("datasource", "Data Source", "prometheus")],
                             [(v["name"], v["label"], v["query"]) for v in sources])
            for variable in board["templating"]["list"]:
                if variable["type"] == "query":
                    self.assertEqual("${datasource}", variable["datasource"]["uid"])
                    self.assertEqual(2, variable["refresh"], "runs again when the time range changes")
                    if variable["multi"]:
                        self.assertEqual(".+", variable["allValue"])
        for where, panel in self.each_panel():
            self.assertEqual("${datasource}", panel["datasource"]["uid"], where)
            for target in panel["targets"]:
                self.assertEqual("${datasource}", target["datasource"]["uid"], where)

    def test_cannot_be_edited_in_place_and_know_their_variables(self):
        for name, board in self.boards.items():
            with self.subTest(name):
                self.assertFalse(board["editable"])
                known = {v["name"] for v in board["templating"]["list"]}
                for _, expression in queries(board):
                    used = set(re.findall(r"\$\{?(\w+)", expression)) - {"__rate_interval"}
                    self.assertLessEqual(used, known, expression)

    def test_every_panel_has_a_title_a_description_a_unit_and_queries(self):
        for where, panel in self.each_panel():
            self.assertTrue(panel["title"], where)
            self.assertGreater(len(panel["description"]), 10, where)
            self.assertIn(panel["fieldConfig"]["defaults"]["unit"], UNITS, where)
            self.assertTrue(panel["targets"], where)

    def test_rates_look_back_as_far_as_the_scrape_interval_requires(self):
        for name, board in self.boards.items():
            for where, expression in queries(board):
                with self.subTest(board=name, query=where):
                    for window in re.findall(r"\b(?:rate|irate|increase)\([^\[]*\[([^\]]+)\]", expression):
                        self.assertIn(window, ("$__rate_interval", "1h"))

    def test_counters_are_aggregated_after_their_rate(self):
        for name, board in self.boards.items():
            for where, expression in queries(board):
                with self.subTest(board=name, query=where):
                    self.assertNotRegex(expression, r"(?:rate|increase)\(\s*(?:sum|max|min|avg|count)\b")
                    for counter in re.findall(r"[\w:]+_(?:total|bucket)\b", expression):
                        self.assertRegex(expression, r"(?:rate|increase)\(" + counter)

    def test_every_recorded_series_they_show_is_recorded(self):
        recorded = set()
        for path in glob.glob(os.path.join(REPOSITORY, "rules", "recording", "*.yml")):
            recorded |= set(re.findall(r"- record: (\S+)", read(path)))
        for name, board in self.boards.items():
            for where, expression in queries(board):
                with self.subTest(board=name, query=where):
                    self.assertLessEqual(set(re.findall(r"\bservice\w*:[\w:]+", expression)), recorded)

    def test_every_query_is_promql(self):
        rules = []
        for name, board in self.boards.items():
            for where, expression in queries(board):
                self.assertNotRegex(plain(expression), r"\$", where)
                rules.append('      # %s, %s\n      - {record: "x%d", expr: %s}' %
                             (name, where, len(rules), json.dumps(plain(expression))))
        with tempfile.TemporaryDirectory() as folder:
            path = os.path.join(folder, "queries.yml")
            with open(path, "w", encoding="utf-8") as file:
                file.write("groups:\n  - name: dashboards\n    rules:\n" + "\n".join(rules) + "\n")
            checked = run_tool("promtool", "check", "rules", path)
        self.assertEqual(0, checked.returncode, checked.stdout)
        self.assertIn("%d rules found" % len(rules), checked.stdout)

    def test_links_between_boards_lead_somewhere(self):
        for board in self.boards.values():
            for uid in re.findall(r'"url": "/d/([\w-]+)/', json.dumps(board)):
                self.assertIn(uid, self.boards)


if __name__ == "__main__":
    real_parts.main()
