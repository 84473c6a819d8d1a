#!/usr/bin/env python3
"""judge.py on grids small enough to count by hand."""

import os
import sys
import unittest

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import real_parts  # noqa: E402

try:
    import numpy as np
except ImportError:
    print("no numpy")
    sys.exit(real_parts.SKIPPED)

import judge  # noqa: E402

STEP = 60
GRID = {"orders": [STEP * i for i in range(1, 41)], "auth": [STEP * i for i in range(1, 41)]}
FAULT = judge.Fault(start=600, end=720, root="orders")  # Samples 660 and 720 are positive.


def judged(scores, persist=1, faults=(FAULT,)):
    return judge.judge(GRID, scores, list(faults), STEP, persist)


class JudgeTest(unittest.TestCase):
    def test_counts_positives_at_the_root_and_leaves_propagation_out(self):
        result = judged({})
        self.assertEqual(2, result.positive.sum())
        self.assertEqual(2 * (40 - 7), result.normal, "not from one step before to four after the fault")

    def test_an_alarm_at_the_root_and_one_elsewhere(self):
        found = judged({"orders": {720: 1.5}})
        self.assertEqual(([True], [True], [120.0]), (found.root_hits, found.any_hits, found.delays))
        found = judged({"auth": {660: 1.5}})
        self.assertEqual(([False], [True]), (found.root_hits, found.any_hits))
        self.assertEqual(0, found.episodes, "alarms on other targets during a fault are not judged")

    def test_alarms_need_persistence_and_close_alarms_count_once(self):
        scores = {"auth": {1200: 2.0, 1260: 2.0, 1440: 2.0, 2400: 2.0}}
        self.assertEqual(2, judged(scores).episodes)
        self.assertEqual(1, judged(scores, persist=2).episodes)

    def test_nothing_is_judged_during_an_unlabelled_outage(self):
        outage = judge.Fault(start=660, end=1200, root="", kind="unlabelled_incident")
        self.assertEqual(0, judged({}, faults=(FAULT, outage)).positive.sum())

    def test_areas_of_a_ranking_by_hand(self):
        # Descending: + - + -: precision 1 at half of the recall, 2/3 at all of it.
        result = judge.Judged(np.array([4.0, 3.0, 2.0, 1.0]), np.array([True, False, True, False]),
                              np.arange(4))
        roc, pr = judge.Ranking(result).areas(np.ones(4))
        self.assertAlmostEqual(0.75, roc)
        self.assertAlmostEqual((1 + 2 / 3) / 2, pr)

    def test_ties_are_one_step(self):
        result = judge.Judged(np.zeros(4), np.array([True, False, False, False]), np.arange(4))
        roc, pr = judge.Ranking(result).areas(np.ones(4))
        self.assertAlmostEqual(0.5, roc)
        self.assertAlmostEqual(0.25, pr)

    def test_intervals_hold_the_value_and_are_the_same_each_time(self):
        draw = np.random.default_rng(7)
        positive = np.arange(400) < 40
        result = judge.Judged(draw.normal(size=400) + positive, positive, np.arange(400) // 4)
        first, second = judge.areas_with_intervals(result), judge.areas_with_intervals(result)
        self.assertEqual(first, second)
        for value, low, high in first:
            self.assertLess(low, value)
            self.assertLess(value, high)


if __name__ == "__main__":
    real_parts.main()
