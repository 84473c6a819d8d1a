#!/usr/bin/env python3
"""Every alert has its page, and every page its alert."""

import glob
import os
import re
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
RUNBOOKS = os.path.join(REPOSITORY, "docs", "runbooks")
URL = "https://github.com/promheal/promheal/blob/main/"
SECTIONS = ["What it means", "What promheal does", "What you can do", "How to tell a false alarm"]


def read(path):
    with open(path, encoding="utf-8") as file:
        return file.read()


def alerts():
    """{alert name: the text of its rule}."""
    found = {}
    for path in [path for folder in ("alerts", "watchdog")
                 for path in glob.glob(os.path.join(REPOSITORY, "rules", folder, "*.yml"))]:
        for rule in re.split(r"^ {6}- alert: ", read(path), flags=re.MULTILINE)[1:]:
            found[rule.split("\n")[0]] = rule
    return found


def field(rule, name):
    match = re.search(r"^ +%s: (.*)$" % name, rule, re.MULTILINE)
    return match.group(1) if match else ""


class RunbooksTest(unittest.TestCase):
    def test_every_alert_says_what_how_bad_and_where_to_look(self):
        self.assertGreaterEqual(len(alerts()), 12)
        for name, rule in alerts().items():
            with self.subTest(name):
                self.assertRegex(name, r"^(Service|Promheal)[A-Z]\w+$")
                self.assertIn(field(rule, "severity"), ("critical", "warning", "info"))
                self.assertRegex(field(rule, "summary"), r"^[A-Za-z].*\.$")
                self.assertNotIn("{{", field(rule, "summary"), "a summary is the same for the whole group")
                self.assertTrue(field(rule, "description"))
                self.assertRegex(field(rule, "dashboard_url"), r"^/d/promheal-")

    def test_every_runbook_url_leads_to_the_page_of_its_alert(self):
        for name, rule in alerts().items():
            with self.subTest(name):
                url = field(rule, "runbook_url")
                self.assertEqual(URL + "docs/runbooks/%s.md" % name, url)
                self.assertTrue(os.path.isfile(os.path.join(REPOSITORY, url[len(URL):])))

    def test_every_page_belongs_to_an_alert_and_has_the_same_sections(self):
        pages = {os.path.basename(path)[:-3]: path for path in glob.glob(os.path.join(RUNBOOKS, "*.md"))}
        index = read(pages.pop("README"))
        self.assertEqual(set(alerts()), set(pages))
        for name, path in pages.items():
            with self.subTest(name):
                text = read(path)
                self.assertTrue(text.startswith("# %s\n" % name))
                self.assertEqual(SECTIONS, re.findall(r"^## (.*)$", text, re.MULTILINE))
                severity = field(alerts()[name], "severity").capitalize()
                self.assertIn(" %s" % severity, text.split("\n")[2])
                self.assertIn("(%s.md)" % name, index)

    def test_pages_of_healed_alerts_name_their_scenario(self):
        for name, rule in alerts().items():
            scenario = field(rule, "scenario")
            if scenario:
                with self.subTest(name):
                    self.assertIn("scenario `%s`" % scenario, read(os.path.join(RUNBOOKS, name + ".md")))

    def test_series_that_the_pages_mention_are_recorded(self):
        recorded = {name for folder in ("recording", "adapters")
                    for path in glob.glob(os.path.join(REPOSITORY, "rules", folder, "*.yml"))
                    for name in re.findall(r"- record: (\S+)", read(path))}
        for path in glob.glob(os.path.join(RUNBOOKS, "*.md")) + [os.path.join(REPOSITORY, "rules", "README.md")]:
            with self.subTest(os.path.basename(path)):
                self.assertLessEqual(set(re.findall(r"`(service\w*:[\w:]+)", read(path))), recorded)


if __name__ == "__main__":
    unittest.main(verbosity=2)
