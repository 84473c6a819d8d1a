#!/usr/bin/env python3
"""deploy/setup/packages.sh installs a Docker engine without starting it, and leaves no trace of its means.

The test runs it in a directory that stands for the root of the machine, with a fake installer.
"""

import os
import shutil
import subprocess
import sys
import tempfile
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
import real_parts  # noqa: E402

OURS = "#!/bin/sh\n# promheal\nexit 101\n"
THEIRS = "#!/bin/sh\nexit 0\n"
# Replaces the functions of packages.sh that would touch the machine; the test says what installing does.
SCRIPT = """set -euo pipefail
. deploy/setup/packages.sh
as_root() { "$@"; }
missing_packages() { echo docker.io; }
install_packages() { cp "$SERVICE_POLICY" "$PROMHEAL_ROOT/asked"; ln -s x "$PROMHEAL_ROOT/etc/rc2.d/S01docker"; %s; }
install_engine_packages
echo went on
"""


class EnginePackagesTest(unittest.TestCase):
    def setUp(self):
        self.root = tempfile.mkdtemp(prefix="promheal-root-")
        self.addCleanup(shutil.rmtree, self.root)
        for directory in ("usr/sbin", "etc/systemd/system", "etc/rc2.d"):
            os.makedirs(self.path(directory))
        os.symlink("x", self.path("etc/rc2.d/S01ssh"))

    def path(self, *parts):
        return os.path.join(self.root, *parts)

    def write_policy(self, text, name="policy-rc.d"):
        with open(self.path("usr/sbin", name), "w", encoding="utf-8") as file:
            file.write(text)

    def policies(self):
        """{name: text} of the files in /usr/sbin."""
        found = {}
        for name in os.listdir(self.path("usr/sbin")):
            with open(self.path("usr/sbin", name), encoding="utf-8") as file:
                found[name] = file.read()
        return found

    def install(self, how="true"):
        """Returns the exit status; `how` is the shell command with which installing ends."""
        done = subprocess.run(["bash", "-c", SCRIPT % how], cwd=real_parts.REPOSITORY, timeout=60, check=False,
                              env=dict(os.environ, PROMHEAL_ROOT=self.root), stdout=subprocess.PIPE, text=True)
        self.assertEqual(done.returncode == 0, "went on" in done.stdout)
        return done.returncode

    def assert_services_were_forbidden(self):
        with open(self.path("asked"), encoding="utf-8") as file:
            self.assertEqual(OURS, file.read())

    def test_services_are_forbidden_while_it_installs_and_not_afterwards(self):
        self.assertEqual(0, self.install())
        self.assert_services_were_forbidden()
        self.assertEqual({}, self.policies())
        self.assertEqual(["S01ssh"], os.listdir(self.path("etc/rc2.d")))

    def test_an_administrators_own_policy_is_back_afterwards(self):
        self.write_policy(THEIRS)
        self.assertEqual(0, self.install())
        self.assert_services_were_forbidden()
        self.assertEqual({"policy-rc.d": THEIRS}, self.policies())

    def test_an_installation_that_fails_leaves_nothing_behind_either(self):
        self.write_policy(THEIRS)
        self.assertEqual(3, self.install("exit 3"))
        self.assertEqual({"policy-rc.d": THEIRS}, self.policies())
        self.assertEqual(["S01ssh"], os.listdir(self.path("etc/rc2.d")))

    def test_the_next_run_repairs_what_a_killed_run_has_left(self):
        for theirs in (None, THEIRS):
            with self.subTest(theirs=theirs):
                if theirs:
                    self.write_policy(theirs)
                self.assertNotEqual(0, self.install("kill -9 $BASHPID"))
                self.assertEqual(OURS, self.policies()["policy-rc.d"])
                os.remove(self.path("etc/rc2.d/S01docker"))
                self.assertEqual(0, self.install())
                self.assertEqual({"policy-rc.d": theirs} if theirs else {}, self.policies())

    def test_a_run_that_was_killed_before_it_forbade_services_is_repaired_too(self):
        self.write_policy(THEIRS, "policy-rc.d.promheal")
        self.assertEqual(0, self.install())
        self.assertEqual({"policy-rc.d": THEIRS}, self.policies())

    def test_a_machine_without_any_links_is_no_error(self):
        shutil.rmtree(self.path("etc"))
        os.makedirs(self.path("etc/rc2.d"))
        self.assertEqual(0, self.install())


if __name__ == "__main__":
    real_parts.main()
