"""Replays recorded data in a real Prometheus: makes blocks once in a cache, and serves them on a free port."""

import os
import shutil
import subprocess
import sys
import time
import urllib.error
import urllib.request
from contextlib import contextmanager

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "..", "support"))
import real_parts  # noqa: E402


def make_blocks(converter, files, directory):
    """Fills `directory` with the blocks of the CSV files, unless it exists."""
    if os.path.isdir(directory):
        return
    unfinished = directory + ".unfinished"
    shutil.rmtree(unfinished, ignore_errors=True)
    os.makedirs(unfinished)
    text = unfinished + ".om"
    with open(text, "w", encoding="utf-8") as out:
        subprocess.run([sys.executable, converter, *files], stdout=out, check=True)
    done = real_parts.run_tool("promtool", "tsdb", "create-blocks-from", "--max-block-duration=720h", "--quiet",
                               "openmetrics", text, unfinished, timeout=1800)
    os.remove(text)
    if done.returncode:
        sys.exit("promtool: " + done.stdout)
    os.rename(unfinished, directory)


@contextmanager
def serve(directory, lookback):
    """Runs Prometheus on the blocks; yields its URL."""
    config = directory + ".prometheus.yml"
    with open(config, "w", encoding="utf-8") as out:
        out.write("global: {}\n")
    (port,) = real_parts.free_ports(1)
    url = f"http://127.0.0.1:{port}"
    server = subprocess.Popen([real_parts.find_tool("prometheus"), "--config.file=" + config,
                               "--storage.tsdb.path=" + directory, "--storage.tsdb.retention.time=100y",
                               "--query.lookback-delta=" + lookback,
                               "--web.listen-address=127.0.0.1:%d" % port, "--log.level=error"])
    try:
        for _ in range(300):
            try:
                with urllib.request.urlopen(url + "/-/ready", timeout=5):
                    break
            except (urllib.error.URLError, OSError):
                time.sleep(0.2)
        else:
            sys.exit("Prometheus did not become ready")
        yield url
    finally:
        server.terminate()
        server.wait(30)
