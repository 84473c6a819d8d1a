#!/usr/bin/env python3
"""Files, headings and metrics that documents refer to exist."""

import glob
import os
import re
import subprocess
import unittest

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))


def documents():
    """Every document of the repository, without ignored folders such as builds."""
    listed = subprocess.run(["git", "-C", REPOSITORY, "ls-files", "--cached", "--others", "--exclude-standard",
                             "*.md"], stdout=subprocess.PIPE, text=True, check=False)
    if listed.returncode == 0:
        return [os.path.join(REPOSITORY, path) for path in sorted(set(listed.stdout.split("\n"))) if path
                and os.path.exists(os.path.join(REPOSITORY, path))]
    return sorted(os.path.join(folder, name) for folder, _, names in os.walk(REPOSITORY) for name in names
                  if name.endswith(".md") and os.sep + "build" + os.sep not in folder)


def prose(path):
    """The text without code blocks."""
    with open(path, encoding="utf-8") as file:
        text = re.sub(r"^```.*?^```$", "", file.read(), flags=re.MULTILINE | re.DOTALL)
    return text


def anchors(path):
    """The anchors of the headings, as GitHub makes them; the second of equal anchors gets a number."""
    found = []
    for heading in re.findall(r"^#{1,6} (.*)$", prose(path), re.MULTILINE):
        text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).strip().lower()
        anchor = re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
        found.append(anchor if anchor not in found else "%s-%d" % (anchor, found.count(anchor)))
    return set(found)


def links(path):
    return re.findall(r"\]\(([^)\s]+)\)", re.sub(r"`[^`\n]*`(?!\])", "", prose(path)))


class LinksTest(unittest.TestCase):
    def test_links_lead_to_files_and_headings(self):
        self.assertIn(os.path.join(REPOSITORY, "README.md"), documents())
        checked = 0
        for path in documents():
            for link in links(path):
                if "://" in link or link.startswith("mailto:"):
                    continue
                checked += 1
                with self.subTest(page=os.path.relpath(path, REPOSITORY), link=link):
                    target, _, anchor = link.partition("#")
                    file = os.path.normpath(os.path.join(os.path.dirname(path), target)) if target else path
                    self.assertTrue(os.path.exists(file))
                    self.assertTrue(file.startswith(REPOSITORY), "leads out of the repository")
                    if anchor:
                        self.assertIn(anchor, anchors(file))
        self.assertGreater(checked, 50)


class PathsTest(unittest.TestCase):
    def test_files_and_folders_of_ours_that_documents_name_are_there(self):
        path = re.compile(r"`((?:common|exporter|webhook|services|rules|alertmanager|grafana|deploy|docs|tests|cmake)/"
                          r"(?:[\w./-]*/|[\w./-]*\.\w+|))`")
        checked = 0
        for document in documents():
            for named in path.findall(prose(document)):
                checked += 1
                with self.subTest(page=os.path.relpath(document, REPOSITORY), path=named):
                    self.assertTrue(os.path.exists(os.path.join(REPOSITORY, named)))
        self.assertGreater(checked, 30)


class MapTest(unittest.TestCase):
    def test_every_document_below_docs_is_on_the_map_or_on_an_index_that_the_map_links_to(self):
        folder = os.path.join(REPOSITORY, "docs") + os.sep
        the_map = folder + "README.md"
        reached, indexes = set(), [the_map]
        while indexes:
            index = indexes.pop()
            for link in links(index):
                page = os.path.normpath(os.path.join(os.path.dirname(index), link.partition("#")[0]))
                if page not in reached and page.startswith(folder):
                    reached.add(page)
                    indexes += [page] if os.path.basename(page) == "README.md" else []
        pages = {path for path in documents() if path.startswith(folder)}
        self.assertGreater(len(pages), 30)
        self.assertEqual(set(), pages - reached - {the_map}, "not on docs/README.md")


class GlossaryTest(unittest.TestCase):
    def test_entries_are_in_order_and_each_leads_to_what_explains_it(self):
        path = os.path.join(REPOSITORY, "docs", "glossary.md")
        parts = re.split(r"^### (.*)$", prose(path), flags=re.MULTILINE)
        entries = dict(zip(parts[1::2], parts[2::2]))
        self.assertGreater(len(entries), 50)
        self.assertEqual(sorted(entries, key=str.lower), list(entries))
        for entry, text in entries.items():
            with self.subTest(entry):
                self.assertRegex(text, r"\]\((?!#)")


class MetricsTest(unittest.TestCase):
    def test_metrics_that_documents_rules_and_dashboards_mention_are_exposed(self):
        reference = os.path.join(REPOSITORY, "docs", "metrics.md")
        with open(reference, encoding="utf-8") as file:
            exposed = set(re.findall(r"^\| `(\w+)` \|", file.read(), re.MULTILINE))
        exposed |= {"anomaly_exporter", "healing_webhook"}  # The programs.
        mentioning = [path for path in documents() if path != reference]
        for pattern in ("rules/**/*.yml", "grafana/dashboards/*.json"):
            mentioning += glob.glob(os.path.join(REPOSITORY, pattern), recursive=True)
        for path in mentioning:
            with open(path, encoding="utf-8") as file:
                # A name after a colon is part of a recorded name.
                names = set(re.findall(r"(?<![\w:/])(?:anomaly|healing)_[a-z_]*[a-z]\b(?![/*]|\.\w)", file.read()))
            with self.subTest(os.path.relpath(path, REPOSITORY)):
                self.assertLessEqual({re.sub(r"_(bucket|sum|count)$", "", name) for name in names}, exposed)


if __name__ == "__main__":
    unittest.main(verbosity=2)
