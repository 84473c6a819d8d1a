#!/usr/bin/env python3
"""docs/actions.md is the output of `healing_webhook actions`. actions_test.py --write updates it."""

import os
import sys
import unittest

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from programs import WEBHOOK, run  # noqa: E402
import real_parts  # noqa: E402

PATH = os.path.join(real_parts.REPOSITORY, "docs", "actions.md")


class ActionsTest(unittest.TestCase):
    def test_the_reference_is_what_the_program_prints(self):
        with open(PATH, encoding="utf-8") as file:
            self.assertEqual(run(WEBHOOK, "actions").stdout, file.read(), "tests/docs/actions_test.py --write")


if __name__ == "__main__":
    if "--write" in sys.argv:
        with open(PATH, "w", encoding="utf-8") as written:
            written.write(run(WEBHOOK, "actions").stdout)
    else:
        real_parts.main()
