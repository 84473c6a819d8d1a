"""The data sets: their files and configurations, and which part is for training and which for judging."""

import csv
import gzip
import math
import os
import subprocess
import sys
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timezone

import numpy as np

from judge import Fault


@dataclass
class DataSet:
    name: str
    note: str
    files: list  # To replay.
    configs: dict  # Name of a row of the table -> configuration file.
    step: int
    persist: int
    grids: list  # [(faults, {target: times}, span)]: judged apart, then together.
    signals: dict  # {target: (times, matrix of rows = times, columns = signals)}, for the baselines.
    train: object  # target -> (from, to]
    flags: list  # Of backtest.
    lookback: str = "90s"


def opened(path):
    return gzip.open(path, "rt", newline="") if path.endswith(".gz") else open(path, newline="", encoding="utf-8")


def unix(text):
    return datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=timezone.utc).timestamp()


def read_faults(lines):
    return [Fault(float(r["start"]), float(r["end"]), r["root_service"], r["kind"]) for r in csv.DictReader(lines)]


def number(text):
    return float(text) if text not in ("", None) else math.nan


def caller_latencies(path):
    """{(time, callee): the worst P50 of all its callers}"""
    worst = {}
    with opened(path) as lines:
        for row in csv.DictReader(lines):
            for edge, value in row.items():
                if edge == "timestamp" or value == "":
                    continue
                key = (float(row["timestamp"]), edge.split("_", 1)[1])
                worst[key] = max(worst.get(key, 0.0), float(value))
    return worst


def nezha(data, folder, day, name, note, train, spans, edges, configs):
    at = os.path.join(data, "data", folder)
    metrics = os.path.join(at, f"metrics_{day}.csv.gz")
    files, callers = [metrics], {}
    if edges:
        files.append(os.path.join(at, f"edge_p50_source_{day}.csv.gz"))
        callers = caller_latencies(files[1])
    rows = defaultdict(list)
    with opened(metrics) as lines:
        for r in csv.DictReader(lines):
            t = float(r["timestamp"])
            rows[r["service"]].append([t] + [number(r[k]) for k in (
                "rps", "server_lat_p95", "client_lat_p95", "cpu_millicores", "mem_mib")] +
                [callers.get((t, r["service"]), math.nan)])
    signals = {}
    for target, values in rows.items():
        table = np.array(sorted(values))
        signals[target] = table[:, 0], table[:, 1:]
    judged = [(unix(a), unix(b)) for a, b in spans]
    within = lambda t: any(a < t <= b for a, b in judged)  # noqa: E731
    with opened(os.path.join(at, f"events_{day}.csv")) as lines:
        faults = [f for f in read_faults(lines) if f.kind != "fault" or within(f.start + 60)]
    grid = {target: [t for t in times if within(t)] for target, (times, _) in signals.items()}
    (a, b) = unix(train[0]), unix(train[1])
    flags = [f"--from={min(x for x, _ in judged):.0f}", f"--to={max(y for _, y in judged):.0f}",
             f"--train-from={a:.0f}", f"--train-to={b:.0f}"]
    return DataSet(name, note, files, configs, 60, 2, [(faults, grid, judged)], signals, lambda _: (a, b), flags)


def series(data, folder, name, note, step, config, persist, keep):
    """Each series by itself: baselines learn from its first third, the rest is judged."""
    path = os.path.join(data, "data", folder, "series.csv.gz")
    values = defaultdict(dict)
    with opened(path) as lines:
        for r in csv.DictReader(lines):
            values[r["series"]][float(r["timestamp"])] = number(r["value"])
    text = subprocess.run([sys.executable, os.path.join(data, "labels2events.py"), path], check=True,
                          capture_output=True, text=True).stdout
    faults = read_faults(text.splitlines())
    signals, grids, begins = {}, [], {}
    for target in sorted(values):
        times = np.array(sorted(values[target]))
        if not keep(np.median(np.diff(times))):
            continue
        signals[target] = times, np.array([[values[target][t]] for t in times])
        begins[target] = times[len(times) // 3]
        judged = [t for t in times if t > begins[target]]
        own = [f for f in faults if f.root == target and f.start >= begins[target]]
        grids.append((own, {target: judged}, [(begins[target], times[-1])]))
    first = min(times[0] for times, _ in signals.values())
    last = max(times[-1] for times, _ in signals.values())
    return DataSet(name, note, [path], {"promheal": config}, step, persist, grids, signals,
                   lambda target: (-math.inf, begins[target]),
                   [f"--from={first + step:.0f}", f"--to={last + step:.0f}"], f"{step * 3 // 2}s")


def all_datasets(data):
    """Name -> a function that reads it."""
    ob = ("2022-08-22 08:10", "2022-08-22 20:00"), [("2022-08-22 03:50", "2022-08-22 08:05"),
                                                    ("2022-08-22 20:00", "2022-08-23 00:00")]
    tt = ("2023-01-29 16:00", "2023-01-29 22:00"), [("2023-01-29 08:40", "2023-01-29 15:50"),
                                                    ("2023-01-29 22:00", "2023-01-30 00:00")]
    configs = lambda name: {"promheal": f"{name}.yml",  # noqa: E731
                            "promheal, as chosen on the other shop": f"{name}_crossed.yml",
                            "promheal, presets as they are": f"{name}_presets.yml"}
    return {
        "nezha_ob": lambda: nezha(data, "nezha_ob", "2022-08-22", "Online Boutique",
                                  "10 services, one sample per minute, trained once on 12 fault-free hours, "
                                  "alarm at 2 samples in a row",
                                  *ob, True, configs("online_boutique")),
        "nezha_tt": lambda: nezha(data, "nezha_tt", "2023-01-29", "Train Ticket",
                                  "46 services, one sample per minute, trained once on 6 fault-free hours, "
                                  "alarm at 2 samples in a row",
                                  *tt, False, configs("train_ticket")),
        "mscloud_hourly": lambda: series(data, "mscloud", "Cloud monitoring, hourly series",
                                         "each series by itself, causally, judged after its first third",
                                         3600, "hourly_series.yml", 1, lambda step: step >= 3600),
        "mscloud_minute": lambda: series(data, "mscloud", "Cloud monitoring, series by the minute",
                                         "each series by itself, causally, judged after its first third, "
                                         "alarm at 2 samples in a row",
                                         60, "minute_series.yml", 2, lambda step: step < 3600),
        "nab": lambda: series(data, "nab", "Numenta benchmark, AWS and known causes",
                              "each series by itself, causally, judged after its first third, "
                              "alarm at 2 samples in a row",
                              300, "five_minute_series.yml", 2, lambda step: True),
    }
