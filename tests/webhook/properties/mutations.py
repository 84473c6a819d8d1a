#!/usr/bin/env python3
"""Checks that the invariants' tests can fail. Changes one line of the healer at a time, builds webhook_invariants_test in
a copy of the repository, and expects the named test to fail; prints a table. Takes minutes, so no suite runs it.

  tests/webhook/properties/mutations.py [--work DIRECTORY] [NAME ...]     NAME: a part of a mutation's name
  tests/webhook/properties/mutations.py --check                           builds nothing: does each still apply?
"""

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile

REPOSITORY = os.path.abspath(os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", ".."))
TARGET = "webhook_invariants_test"

# Name, the test that must fail, file, a text that occurs once in the file, its replacement.
MUTATIONS = [
    ("one action too many is allowed", "BudgetsHold", "webhook/core/budget.cc",
     "use.in_flight >= budgets.in_flight)", "use.in_flight > budgets.in_flight)"),
    ("cooldowns are ignored", "TheSameActionAtMostOnceACooldown", "webhook/core/decision_wait.cc",
     "now < cooldown->second)", "now < cooldown->second - std::chrono::hours(1))"),
    ("calls start before they are durable", "TheSameActionAtMostOnceACooldown", "webhook/healer/healer.cc",
     "  if (auto status = image_->Commit(ledger_); !status) {", "  Settle(now);\n  if (auto status = image_->Commit(ledger_); !status) {"),
    ("an intent without outcome is carried out again", "TheSameActionAtMostOnceACooldown", "webhook/core/advance/incident_advance_attempts.cc",
     "return {AttemptState::kDone, Event::kObservedDone};", "return {AttemptState::kNotHappened, Event::kObservedNotDone};"),
    ("a firing that its resolve overtook counts", "AnyOrderGrouping*", "webhook/core/alert.cc",
     "received_at < record.resolved_received_at + reorder_tolerance", "received_at < record.resolved_received_at - reorder_tolerance"),
    ("the first alert names the incident", "AnyOrderGrouping*", "webhook/core/advance/incident_advance_due.cc",
     "  if (alert != nullptr && alert->labels != incident_.labels) NameAfter(*alert);\n", "  if (alert == nullptr) return false;\n"),
    ("without data no incident ends", "EveryAlertEndsInOneOutcome", "webhook/core/advance/incident_advance_due.cc",
     "give_up_at = *incident_.resolved_at + around_", "give_up_at = *incident_.resolved_at + 100 * around_"),
    ("alerts that join are not kept", "EveryAlertEndsInOneOutcome", "webhook/core/advance/incident_advance_stimuli.cc",
     "incident_.alert_keys.push_back(key);", "continue;"),
    ("a rung that did not help is tried again", "ClimbsAndThenFreezesTheTarget", "webhook/core/ladder.cc",
     "used < policy.ladder[rung].attempts &&", "used <= policy.ladder[rung].attempts &&"),
    ("the target is not frozen", "ClimbsAndThenFreezesTheTarget", "webhook/core/advance/incident_advance_decisions.cc",
     "now_ + PolicyNow()->freeze", "now_ - PolicyNow()->freeze"),
    ("an undo that failed counts as done", "NothingIsLeftInForce", "webhook/core/advance/held_overrides_reports.cc",
     "if (report.result != ActionResult::kDone && !expired) {", "if (report.result == ActionResult::kUnknown && !expired) {"),
    ("another writer's setting is overwritten", "UndoLeavesTheSettingsOfOthers", "webhook/core/override/override.cc",
     "return standing == Standing::kPending ||", "return standing == Standing::kPending || standing == Standing::kReplaced ||"),
    ("actions are taken without data", "NoActionWithoutAlertDataOrPermission", "webhook/core/decision_wait.cc",
     "if (evidence->verdict == DataVerdict::kUnknown) {", "if (evidence->verdict == DataVerdict::kRecovered) {"),
    ("actions are taken when all alerts are resolved", "NoActionWithoutAlertDataOrPermission", "webhook/core/decision_wait.cc",
     "if (!input.any_alert_firing && !silenced) {", "if (!input.any_alert_firing && !silenced && now < Time()) {"),
    ("a pause does not pause", "NoActionWithoutAlertDataOrPermission", "webhook/core/decision_wait.cc",
     "if (const auto& pause = input.ledger.paused) {", "if (const auto& pause = input.ledger.paused; pause && pause->by.empty()) {"),
    ("maintenance windows are ignored", "NoActionWithoutAlertDataOrPermission", "webhook/core/decision_wait.cc",
     "  if (auto wait = WaitForMaintenance(input, now)) return wait;\n", "  if (auto wait = WaitForMaintenance(input, now); wait && now < Time()) return wait;\n"),
    ("silences are ignored", "NoActionWithoutAlertDataOrPermission", "webhook/core/decision_wait.cc",
     "if (!input.silenced_by.empty()) {", "if (input.silenced_by.size() > 99) {"),
    ("an hour's budget is ignored", "BudgetsHold", "webhook/core/budget.cc",
     "RoomAt(use.last_hour, budgets.per_hour)", "RoomAt(use.last_hour, 100 * budgets.per_hour)"),
    ("no target is protected", "NeverOnProtectedTargets", "webhook/core/policy.cc",
     "bool IsProtected(const PolicySet& policies, const Labels& labels) {", "bool IsProtected(const PolicySet& policies, const Labels& labels) {\n  if (!labels.empty()) return false;"),
    ("label values are not checked", "NeverWithAHostileLabel", "webhook/core/decision.cc",
     "if (const auto why = input.infeasible(rung.action, LabelsOf(input.incident))) {",
     "if (const auto why = input.infeasible(rung.action, LabelsOf(input.incident)); why && now < Time()) {"),
]


def prepare(work):
    """Copies the current sources and configures a build of them."""
    source = os.path.join(work, "source")
    for path in subprocess.run(["git", "ls-files"], cwd=REPOSITORY, stdout=subprocess.PIPE, text=True, check=True).stdout.split():
        target = os.path.join(source, path)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(os.path.join(REPOSITORY, path), "rb") as file:
            write(target, file.read())
    shutil.copymode(os.path.join(REPOSITORY, "test.sh"), os.path.join(source, "test.sh"))
    subprocess.run(["cmake", "--preset", "dev"], cwd=source, stdout=subprocess.DEVNULL, check=True)
    return source


def write(path, content):
    """Writes a file only if its content changes, so that only changed files are built again."""
    if os.path.exists(path):
        with open(path, "rb") as file:
            if file.read() == content:
                return
    with open(path, "wb") as file:
        file.write(content)


def build_and_run(source):
    """(whether the build worked, names of the tests that failed)."""
    built = subprocess.run(["cmake", "--build", "build/dev", "--target", TARGET], cwd=source, stdout=subprocess.PIPE,
                           stderr=subprocess.STDOUT, text=True, check=False)
    if built.returncode != 0:
        return False, re.findall(r"error: (.*)", built.stdout)[:1]
    run = subprocess.run(["build/dev/bin/" + TARGET, "--gtest_brief=1"], cwd=source, stdout=subprocess.PIPE,
                         stderr=subprocess.STDOUT, text=True, timeout=1800, check=False)
    return True, sorted(set(re.findall(r"\[  FAILED  \] \S*[./](\w+)(?:,| \()", run.stdout)))


def mutate(source, file, old, new):
    """Returns the earlier content, or None if `old` does not occur exactly once."""
    path = os.path.join(source, file)
    with open(path, encoding="utf-8") as opened:
        before = opened.read()
    if before.count(old) != 1:
        return None
    write(path, before.replace(old, new).encode())
    return before


def judge(source, mutation):
    """(found, a word for the table)."""
    name, test, file, old, new = mutation
    before = mutate(source, file, old, new)
    if before is None:
        return False, "its text is no longer in the file: adapt the mutation"
    try:
        built, failed = build_and_run(source)
    finally:
        write(os.path.join(source, file), before.encode())
    if not built:
        return False, "not built: " + "".join(failed)
    found = any(re.fullmatch(test.replace("*", ".*"), failure) for failure in failed)
    return found, ", ".join(failed) or "nothing failed"


def check():
    """Prints each mutation whose text does not occur exactly once in its file; returns their number."""
    gone = 0
    for name, _, file, old, _ in MUTATIONS:
        path = os.path.join(REPOSITORY, file)
        count = 0
        if os.path.exists(path):
            with open(path, encoding="utf-8") as opened:
                count = opened.read().count(old)
        if count != 1:
            gone += 1
            print("%s: its text occurs %d times in %s" % (name, count, file))
    print("%d of %d mutations apply" % (len(MUTATIONS) - gone, len(MUTATIONS)))
    return gone


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--work", help="directory to build in; kept for the next run")
    parser.add_argument("--check", action="store_true", help="build nothing; fail if a mutation no longer applies")
    parser.add_argument("names", nargs="*")
    arguments = parser.parse_args()
    if arguments.check:
        sys.exit(1 if check() else 0)
    work = arguments.work or tempfile.mkdtemp(prefix="promheal-mutations-")
    source = prepare(os.path.abspath(work))
    built, failed = build_and_run(source)
    if not built or failed:
        sys.exit("without any mutation: %s" % failed)
    missed = 0
    for mutation in MUTATIONS:
        if arguments.names and not any(name in mutation[0] for name in arguments.names):
            continue
        found, text = judge(source, mutation)
        missed += not found
        print("%-6s  %-55s  %s" % ("found" if found else "MISSED", mutation[0], text), flush=True)
    if not arguments.work:
        shutil.rmtree(work)
    sys.exit(1 if missed else 0)


if __name__ == "__main__":
    main()
