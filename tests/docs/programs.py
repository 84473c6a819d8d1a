"""Starts promheal's two programs as users do. PROMHEAL_BINARIES names their directory."""

import os
import subprocess
import sys

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from real_parts import Process, free_ports, http, wait_until  # noqa: E402

EXPORTER = "anomaly_exporter"
WEBHOOK = "healing_webhook"
PROGRAMS = (EXPORTER, WEBHOOK)
# An address without a listener, for programs that must not reach anything.
NOWHERE = "http://127.0.0.1:1"


def binary(name):
    return os.path.abspath(os.path.join(os.environ["PROMHEAL_BINARIES"], name))


def run(name, *arguments, folder=None):
    return subprocess.run([binary(name)] + list(arguments), stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          text=True, timeout=60, check=False, cwd=folder)


def write(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)
    return path


class Running:
    """One of the programs, serving on a free port of 127.0.0.1 until it is stopped."""

    def __init__(self, name, folder, configuration, *flags, prometheus=NOWHERE, **options):
        self.config_path = write(folder, name + ".yml", configuration)
        port = free_ports(1)[0]
        self.url = "http://127.0.0.1:%d" % port
        arguments = [binary(name), "--config.file=" + self.config_path, "--prometheus.url=" + prometheus,
                     "--web.listen-address=127.0.0.1:%d" % port,
                     "--storage.path=" + os.path.join(folder, name)] + list(flags)
        self.process = Process(arguments, os.path.join(folder, name + ".log"), **options)
        try:
            wait_until(self.serves, 30, "%s serves" % name)
        except AssertionError as error:
            self.stop()
            raise AssertionError("%s:\n%s" % (error, self.process.log())) from error

    def serves(self):
        if self.process.child.poll() is not None:
            raise AssertionError("ended with status %d" % self.process.child.returncode)
        try:
            return http(self.url + "/-/healthy")[0] == 200
        except OSError:
            return False

    def get(self, path, **options):
        return http(self.url + path, **options)

    def stop(self):
        return self.process.stop()
