"""The demo's running stack: its ports, its rendered configuration, its processes under supervisord.

Python 3.11 standard library only. The stack writes only to one private directory (Stack.run_dir), and
stops only processes that were started from it.
"""
import crypt
import json
import os
import re
import secrets
import shutil
import socket
import stat
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path

REPO = Path(__file__).resolve().parents[2]
SERVICES = ("orders", "payments", "auth")
SLOTS = (1, 2, 3)
# Slots that take traffic from the start; the others run idle, as spares for scaling out.
ACTIVE_SLOTS = {"orders": (1,), "payments": (1, 2), "auth": (1,)}
# Capacity of a slot: about 45 requests/s for orders (which also waits for the other services), 50 for auth
# and payments. Orders gets 13 requests/s, auth 20 and payments 18 (calls by orders included), up to 40 % more
# in a wave. Four times as many are too many for one slot of orders or auth, but not for the two of payments.
CAPACITY = {"orders": "--workers=2 --service-time=20ms --queue=32",
            "payments": "--workers=1 --service-time=20ms --queue=32",
            "auth": "--workers=1 --service-time=20ms --queue=32"}
LIMITS = "--memory-limit-mib=384 --cpu-limit-cores=1"
SCRAPE_INTERVAL = "2s"
TERMINAL_STATES = ("STOPPED", "EXITED", "FATAL", "UNKNOWN")


class StackError(Exception):
    """An error that a person can act on; its text is the whole message."""


def port_table(base):
    """Every listening port of the demo by name, in the order of reports."""
    ports = {"gateway": base, "gateway metrics": base + 5}
    for number, service in enumerate(SERVICES, start=1):
        for slot in SLOTS:
            ports[f"{service}-{slot}"] = base + 10 * number + slot
    ports.update({"load": base + 40, "exporter": base + 80, "webhook": base + 81,
                  "prometheus": base + 90, "alertmanager": base + 93})
    return ports


class Stack:
    """One demo, identified by its port base. Not thread safe."""

    def __init__(self, port_base, tools, binaries, load_pattern="steady"):
        self.port_base = port_base
        self.ports = port_table(port_base)
        self.tools = Path(tools)
        self.binaries = Path(binaries)
        self.load_pattern = load_pattern
        self.run_dir = Path(tempfile.gettempdir()) / f"promheal-{os.getuid()}-{port_base}"

    # ---- addresses ---------------------------------------------------------------------------

    def url(self, name, path=""):
        return f"http://127.0.0.1:{self.ports[name]}{path}"

    def get_json(self, name, path, timeout=3.0):
        """The JSON at a path of one component, or None if it does not answer."""
        try:
            with urllib.request.urlopen(self.url(name, path), timeout=timeout) as response:
                return json.load(response)
        except (OSError, ValueError, urllib.error.URLError):
            return None

    def query(self, expression):
        """The result of an instant query as a list of (labels, value); empty if Prometheus does not answer."""
        answer = self.get_json(
            "prometheus", "/api/v1/query?" + urllib.parse.urlencode({"query": expression}))
        if not answer or answer.get("status") != "success":
            return []
        return [(r["metric"], float(r["value"][1])) for r in answer["data"]["result"]]

    def slots_of(self, service):
        return [f"{service}-{slot}" for slot in ACTIVE_SLOTS[service]]

    def gateway_socket(self):
        return self.run_dir / "gateway.sock"

    def fault_file(self, slot):
        """A file with a fault, in the form behind /fault?, that breaks the slot at each start."""
        return self.run_dir / "faults" / slot

    # ---- life cycle --------------------------------------------------------------------------

    def start(self):
        """Renders the configuration and starts everything. Ports must be free."""
        if self.is_running():
            raise StackError(f"a demo already runs on port base {self.port_base}; stop it with "
                             f"./demo.sh stop --port-base {self.port_base}")
        self._check_ports()
        self._make_run_dir()
        self._render()
        self._run([self.tools / "bin/supervisord", "-c", self.run_dir / "supervisord.conf"])

    def stop(self):
        """Stops this demo's processes by the supervisor's pid. Returns whether a demo was running."""
        pid = self._supervisor_pid()
        if pid is None:
            return False
        self.supervisorctl("shutdown")
        deadline = time.monotonic() + 20
        while self._supervisor_pid() is not None and time.monotonic() < deadline:
            time.sleep(0.1)
        if self._supervisor_pid() is not None:
            raise StackError(f"supervisord (pid {pid}) does not stop; logs are in {self.run_dir}/logs")
        return True

    def is_running(self):
        return self._supervisor_pid() is not None

    def supervisorctl(self, *arguments):
        """Returns (exit status, output)."""
        done = subprocess.run(
            [self.tools / "bin/supervisorctl", "-c", self.run_dir / "supervisord.conf", *arguments],
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False)
        return done.returncode, done.stdout

    def processes(self):
        """{program: (state, description)} as the supervisor sees them."""
        table = {}
        for line in self.supervisorctl("status")[1].splitlines():
            words = line.split(None, 2)
            if len(words) >= 2:
                table[words[0].rpartition(":")[2]] = (words[1], words[2] if len(words) > 2 else "")
        return table

    def failed_processes(self):
        return sorted(name for name, (state, _) in self.processes().items() if state in TERMINAL_STATES)

    # ---- starting, in steps ------------------------------------------------------------------

    def _check_ports(self):
        taken = []
        for name, port in self.ports.items():
            with socket.socket() as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                try:
                    probe.bind(("127.0.0.1", port))
                except OSError:
                    taken.append(f"  {port}  needed by {name}, taken by {port_owner(port)}")
        if taken:
            raise StackError("these ports are taken:\n" + "\n".join(taken) +
                             f"\nchoose others with --port-base N (now {self.port_base})")

    def _make_run_dir(self):
        if self.run_dir.is_symlink() or (self.run_dir.exists() and
                                         self.run_dir.stat().st_uid != os.getuid()):
            raise StackError(f"{self.run_dir} belongs to another user; remove it or choose --port-base")
        if self.run_dir.exists():
            shutil.rmtree(self.run_dir)
        self.run_dir.mkdir(mode=0o700)
        (self.run_dir / "logs").mkdir()
        (self.run_dir / "faults").mkdir()

    def _render(self):
        self._write_credentials()
        demo = REPO / "deploy/demo"
        for name in ("supervisord.conf", "prometheus.yml", "exporter.yml", "healing.yml"):
            self._render_file(demo / name, self.run_dir / name)
        self._render_file(demo / "alertmanager.yml", self.run_dir / "alertmanager.yml")
        rules = sorted((REPO / "rules/recording").glob("*.yml")) + sorted((REPO / "rules/alerts").glob("*.yml"))
        self._run([sys.executable, REPO / "rules/rescale.py", "--scrape-interval", SCRAPE_INTERVAL,
                   *rules, "--out", self.run_dir / "rules"])

    def _render_file(self, source, target):
        tokens = self._tokens()
        text = re.sub(r"@([A-Z][A-Z0-9_]*)@", lambda m: tokens[m[1]], source.read_text())
        target.write_text(text)

    def _tokens(self):
        tokens = {re.sub(r"\W", "_", name).upper() + "_PORT": str(port)
                  for name, port in self.ports.items()}
        tokens.update({
            "PORT_BASE": str(self.port_base), "RUN_DIR": str(self.run_dir), "REPO": str(REPO),
            "TOOLS": str(self.tools), "BIN": str(self.binaries), "LOAD_PATTERN": self.load_pattern,
            "SHOP_PROGRAMS": self._shop_programs(),
            "GATEWAY_ENVIRONMENT": self._gateway_environment()})
        return tokens

    def _shop_programs(self):
        sections = []
        for service in SERVICES:
            active = [f"{service}-{slot}" for slot in ACTIVE_SLOTS[service]]
            spare = [f"{service}-{slot}" for slot in SLOTS if slot not in ACTIVE_SLOTS[service]]
            sections += [f"[group:{service}]\nprograms={','.join(active)}\n",
                         f"[group:{service}-spare]\nprograms={','.join(spare)}\n"]
            sections += [self._shop_program(service, slot) for slot in SLOTS]
        return "\n".join(sections)

    def _shop_program(self, service, slot):
        name = f"{service}-{slot}"
        return (f"[program:{name}]\n"
                f"command={self.binaries}/shop_{service} {CAPACITY[service]} {LIMITS}"
                f" --enable-faults --fault.file={self.fault_file(name)}"
                f" --web.listen-address=127.0.0.1:{self.ports[name]}"
                f" --gateway.url={self.url('gateway')}\n"
                "autorestart=false\nstartsecs=1\nstopwaitsecs=2\nredirect_stderr=true\n"
                f"stdout_logfile={self.run_dir}/logs/{name}.log\n")

    def _gateway_environment(self):
        variables = {re.sub(r"\W", "_", name).upper() + "_PORT": port
                     for name, port in self.ports.items()}
        variables["GATEWAY_SOCKET"] = self.gateway_socket()
        return ",".join(f'{name}="{value}"' for name, value in variables.items())

    def _write_credentials(self):
        """Makes a password for the webhook: in a file for Alertmanager, as a bcrypt hash for the webhook."""
        password = secrets.token_urlsafe(24)
        write_private(self.run_dir / "webhook.password", password)
        hashed = crypt.crypt(password, crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1024))
        write_private(self.run_dir / "webhook-web.yml",
                      f"basic_auth_users:\n  alertmanager: '{hashed}'\n")

    def _supervisor_pid(self):
        try:
            pid = int((self.run_dir / "supervisord.pid").read_text())
            command = Path(f"/proc/{pid}/cmdline").read_bytes().decode(errors="replace")
        except (OSError, ValueError):
            return None
        return pid if str(self.run_dir) in command else None

    @staticmethod
    def _run(arguments):
        done = subprocess.run([str(a) for a in arguments], stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT, text=True, check=False)
        if done.returncode != 0:
            raise StackError(f"{Path(str(arguments[0])).name} failed:\n{done.stdout}")


def write_private(path, text):
    path.touch(mode=stat.S_IRUSR | stat.S_IWUSR)
    path.write_text(text)


def port_owner(port):
    """'prometheus (pid 4711)' if the kernel shows it, else 'another process'."""
    inodes = set()
    for table in ("/proc/net/tcp", "/proc/net/tcp6"):
        try:
            rows = Path(table).read_text().splitlines()[1:]
        except OSError:
            continue
        for row in rows:
            fields = row.split()
            if fields[3] == "0A" and int(fields[1].rpartition(":")[2], 16) == port:
                inodes.add(f"socket:[{fields[9]}]")
    for descriptor in Path("/proc").glob("[0-9]*/fd/*"):
        try:
            if os.readlink(descriptor) in inodes:
                pid = descriptor.parts[2]
                return f"{Path(f'/proc/{pid}/comm').read_text().strip()} (pid {pid})"
        except OSError:
            continue
    return "another process"
