#!/usr/bin/env python3
"""The checks find planted violations, and nothing else."""

import tempfile
import unittest
from pathlib import Path

import clock_check
import layer_check


# A small tree: folders, and the folders that they list.
ROOMS = {
    "common/base": [],
    "common/io": ["common/base"],
    "common/io/http": ["common/base", "common/io"],
    "exporter": ["common/base", "common/io", "exporter/core"],
    "exporter/core": ["common/base", "exporter/core/forest"],
    "exporter/core/forest": ["common/base"],
    "webhook": ["common/io", "webhook/core", "webhook/healer", "webhook/executors"],
    "webhook/core": ["common/base", "webhook/core/override"],
    "webhook/core/override": ["common/base"],
    "webhook/executors": ["common/io", "webhook/core/override"],
    "webhook/executors/command": ["common/io", "webhook/core/override", "webhook/executors"],
    "webhook/healer": ["webhook/core", "webhook/executors", "webhook/ledger"],
    "webhook/ledger": ["common/io", "webhook/core"],
    "webhook/ledger/sqlite": ["webhook/ledger"],
}


class LayerCheckTest(unittest.TestCase):
    def findings(self, path, line):
        return layer_check.check_file(path, f"#pragma once\n\n{line}\n", ROOMS)

    def test_finds_a_planted_violation(self):
        for path, line in [
            # base and the cores are pure.
            ("common/base/time.cc", '#include "common/io/clock.h"'),
            ("common/base/time.cc", "#include <curl/curl.h>"),
            ("common/base/time.cc", "#include <thread>"),
            ("common/base/time.cc", "#include <unistd.h>"),
            ("exporter/core/forest/tree.h", '#include "common/io/log.h"'),
            ("exporter/core/forest/tree.h", '#include "exporter/config.h"'),
            ("exporter/core/threshold.cc", "#include <fstream>"),
            ("exporter/core/threshold.cc", "#include <yaml-cpp/yaml.h>"),
            ("exporter/core/threshold.cc", "#include <nlohmann/json.hpp>"),
            ("webhook/core/decision.cc", "#include <Eigen/Core>"),
            ("webhook/core/decision.cc", '#include "webhook/ledger/ledger.h"'),
            ("webhook/core/decision.cc", '#include "webhook/executors/executor.h"'),
            ("webhook/core/decision.cc", '#include "webhook/healer/healer.h"'),
            ("webhook/core/decision.cc", "#include <ctime>"),
            # Exporter and webhook never see each other.
            ("exporter/main.cc", '#include "webhook/core/alert.h"'),
            ("webhook/main.cc", '#include "exporter/core/score.h"'),
            ("tests/exporter/core/x_test.cc", '#include "webhook/core/alert.h"'),
            # Executors and ledgers know their own trade only.
            ("webhook/executors/command/command.cc", '#include "webhook/core/policy.h"'),
            ("webhook/executors/command/command.cc", '#include "webhook/ledger/ledger.h"'),
            ("webhook/executors/executor.cc", '#include "webhook/config/config.h"'),
            ("webhook/ledger/sqlite/sqlite_ledger.cc", '#include "webhook/executors/executor.h"'),
            # An inner folder never includes an outer one, not even of its own side.
            ("webhook/core/override/override.cc", '#include "webhook/core/policy.h"'),
            ("webhook/executors/executor.cc", '#include "webhook/executors/command/command.h"'),
            ("webhook/ledger/ledger.h", '#include "webhook/ledger/sqlite/sqlite_ledger.h"'),
            ("exporter/core/forest/tree.cc", '#include "exporter/core/score.h"'),
            ("common/io/log.cc", '#include "common/io/http/http_client.h"'),
            ("webhook/healer/healer.cc", '#include "webhook/run.h"'),
            # Not even one that is further in, unless it is listed.
            ("webhook/healer/healer.cc", '#include "webhook/core/override/override.h"'),
            # io is below all of them; the services stand apart.
            ("common/io/log.cc", '#include "exporter/config.h"'),
            ("services/orders/main.cc", '#include "webhook/core/alert.h"'),
            # From the root, in whatever way it is spelt.
            ("exporter/config.cc", '#include "config.h"'),
            ("exporter/config.cc", '#  include  "webhook/core/alert.h"'),
            ("elsewhere/x.cc", "#include <string>"),
            ("webhook/unlisted/x.cc", "#include <string>"),
        ]:
            with self.subTest(path=path, line=line):
                self.assertEqual(len(self.findings(path, line)), 1)

    def test_lets_the_arrows_pass(self):
        for path, line in [
            ("common/base/result.h", "#include <tl/expected.hpp>"),
            ("common/base/time.cc", "#include <fmt/core.h>"),
            ("common/base/time.cc", "#include <chrono>"),
            ("common/io/http/http_client.cc", "#include <curl/curl.h>"),
            ("exporter/core/baseline.cc", "#include <Eigen/Core>"),
            ("exporter/core/baseline.cc", '#include "common/base/time.h"'),
            ("exporter/cycle.cc", '#include "exporter/core/baseline.h"'),
            ("webhook/executors/command/command.cc", '#include "webhook/core/override/action.h"'),
            ("webhook/healer/healer.cc", '#include "webhook/executors/executor.h"'),
            ("webhook/healer/healer.cc", '#include "webhook/ledger/ledger.h"'),
            ("tests/integration/loop_test.cc", '#include "webhook/core/alert.h"'),
            ("tests/webhook/core/x_test.cc", '#include "tests/support/wait.h"'),
        ]:
            with self.subTest(path=path, line=line):
                self.assertEqual(self.findings(path, line), [])

    def test_says_where_and_what(self):
        self.assertEqual(
            self.findings("exporter/main.cc", '#include "webhook/core/alert.h"'),
            ["exporter/main.cc:3: exporter may include only common, exporter, "
             "not webhook/core/alert.h"])
        self.assertEqual(
            self.findings("webhook/ledger/ledger.h", '#include "webhook/ledger/sqlite/x.h"'),
            ["webhook/ledger/ledger.h:3: webhook/ledger does not list webhook/ledger/sqlite under "
             "ROOMS, but includes webhook/ledger/sqlite/x.h"])

    def test_a_sound_house_has_no_findings(self):
        self.assertEqual(layer_check.check_rooms(ROOMS), [])

    def test_finds_circles_and_lists_that_reach_too_far(self):
        for folder, listed in [
            ("webhook/core/override", "webhook/core"),         # A circle of two.
            ("webhook/ledger", "webhook/ledger"),              # Of one.
            ("common/base", "common/io"),                      # Inwards only.
            ("webhook/executors/command", "webhook/core"),     # Policies are not for executors.
            ("exporter", "webhook/core"),                      # The other program.
            ("webhook", "webhook/nowhere"),                    # No such library.
        ]:
            with self.subTest(folder=folder, listed=listed):
                rooms = {**ROOMS, folder: ROOMS[folder] + [listed]}
                self.assertNotEqual(layer_check.check_rooms(rooms), [])
        outer = {**ROOMS, "common/io": ROOMS["common/io"] + ["common/io/http"]}
        self.assertEqual(layer_check.check_rooms(outer),
                         ["common/io/CMakeLists.txt:1: a circle: "
                          "common/io -> common/io/http -> common/io"])

    def test_finds_what_is_listed_in_vain(self):
        files = [("webhook/a.cc", '#include "common/base/time.h"\n#include "webhook/core/alert.h"\n')]
        self.assertEqual(
            layer_check.check_listed_in_vain({"webhook": ["common/base", "webhook/core"]}, files), [])
        self.assertEqual(
            layer_check.check_listed_in_vain({"webhook": ["common/base", "webhook/core", "common/io",
                                                          "webhook/executors/*"]}, files),
            ["webhook/CMakeLists.txt:1: webhook lists common/io in vain"])

    def test_reads_what_a_library_lists(self):
        self.assertEqual(
            layer_check.read_rooms("add_subdirectory(x)\npromheal_library(\n  SOURCES\n    a.cc\n"
                                   "  ROOMS common/base  # why\n    webhook/core\n"
                                   "  LIBRARIES fmt::fmt)\n"),
            ["common/base", "webhook/core"])
        self.assertEqual(layer_check.read_rooms("promheal_library(SOURCES a.cc)"), [])
        self.assertIsNone(layer_check.read_rooms("add_subdirectory(x)"))
        self.assertEqual(
            layer_check.expand(["a", "b/*"], {"a": [], "b": [], "b/c": [], "b/c/d": [], "bc": []}),
            ["a", "b/c", "b/c/d"])


class ClockCheckTest(unittest.TestCase):
    def findings(self, path, code):
        return clock_check.check_file(path, code)

    def test_finds_a_planted_violation(self):
        for code in [
            "auto now = std::chrono::system_clock::now();",
            "auto now = steady_clock::now ();",
            "std::this_thread::sleep_for(seconds(1));",
            "std::this_thread::sleep_until(t);",
            "std::random_device device;",
            "srand(1);",
            "int x = rand();",
            "time_t t = time(nullptr);",
            "time_t t = std::time(NULL);",
            "time_t t = ::time( 0 );",
            "usleep(5);",
            "nanosleep(&t, nullptr);",
            "sleep(1);",
            "clock_gettime(CLOCK_REALTIME, &t);",
            'Log("x"); rand();  // A literal before it.',
            "const int many = 1'000'000; rand(); const int more = 2'000;",
        ]:
            with self.subTest(code=code):
                self.assertEqual(len(self.findings("exporter/core/forest/tree.cc", code)), 1)

    def test_reads_code_only(self):
        for code in [
            "// std::this_thread::sleep_for(seconds(1));",
            "/* ::now(\n * random_device\n */",
            'EXPECT_EQ(Parse("rand()"), "::now(");',
            'Parse(R"(say "sleep_for" twice: sleep_for)");',
            "clock.Now(); clock.Monotonic();",
            "double operand(int x); brand(5); Runtime(0);",
            "ExpectTime(time); FromTime(time(now));",
        ]:
            with self.subTest(code=code):
                self.assertEqual(self.findings("exporter/core/forest/tree.cc", code), [])

    def test_lets_the_clock_and_real_processes_be(self):
        code = "auto now = std::chrono::system_clock::now();"
        for path in ["common/io/clock.cc", "services/orders/main.cc",
                     "tests/integration/loop_test.cc", "tests/scenarios/crash_test.cc"]:
            self.assertEqual(self.findings(path, code), [])
        for path in ["common/io/clock.h", "common/io/log.cc", "tests/support/wait.cc",
                     "tests/common/io/log_test.cc", "servicesx/main.cc"]:
            self.assertEqual(len(self.findings(path, code)), 1, path)

    def test_says_where_and_what(self):
        self.assertEqual(
            self.findings("webhook/healer/healer.cc", "\n\n  sleep_for(x);"),
            ["webhook/healer/healer.cc:3: 'sleep_for' belongs behind a Clock, a `now` argument or a "
             "generator that is passed in"])


class WholeTreeTest(unittest.TestCase):
    def test_reads_every_folder(self):
        with tempfile.TemporaryDirectory() as root:
            for folder in ["common/base", "exporter/core/deep", "webhook", "tests/webhook"]:
                path = Path(root) / folder / "planted.cc"
                path.parent.mkdir(parents=True)
                path.write_text('#include "services/x.h"\nint x = rand();\n', encoding="utf-8")
            (Path(root) / "common" / "notes.md").write_text("rand()", encoding="utf-8")
            for folder in ["common/base", "exporter/core/deep", "webhook"]:
                (Path(root) / folder / "CMakeLists.txt").write_text("promheal_library(SOURCES planted.cc)\n")
            self.assertEqual(len(layer_check.check(root)), 4)
            self.assertEqual(len(clock_check.check(root)), 4)


if __name__ == "__main__":
    unittest.main()
