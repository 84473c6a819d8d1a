"""A private Docker engine for tests: its data, socket and process are separate from any running engine."""

import atexit
import os
import shutil
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "support"))
from real_parts import MissingTool, REPOSITORY, wait_until  # noqa: E402

BASE = "debian:bookworm-slim"
NEEDED = ("dockerd", "containerd", "docker", "docker-compose", "iptables", "debootstrap", "curl")


class Engine:
    """Needs root. Its images stay in `root` for the next run."""

    def __init__(self, root=None):
        cache = os.environ.get("XDG_CACHE_HOME") or os.path.expanduser("~/.cache")
        self.root = root or os.environ.get("PROMHEAL_ENGINE") or os.path.join(cache, "promheal", "engine")
        self.socket = os.path.join(self.root, "docker.sock")
        self.pid_file = os.path.join(self.root, "docker.pid")
        self.log = os.path.join(self.root, "dockerd.log")
        self.process = None
        self.environment = dict(os.environ, DOCKER_HOST="unix://" + self.socket,
                                DOCKER_BUILDKIT="0", COMPOSE_DOCKER_CLI_BUILD="0")

    def start(self):
        """Raises MissingTool, with the reason, if no engine can be started; AssertionError if one already runs."""
        if os.geteuid() != 0:
            raise MissingTool("no Docker engine: only root can start one")
        missing = [name for name in NEEDED if not shutil.which(name)]
        if missing:
            raise MissingTool("no Docker engine: not installed: %s; ./test.sh compose does" % ", ".join(missing))
        if self.runs_already():
            raise AssertionError("an engine already runs in %s: another test's, or left by a killed test" % self.root)
        os.makedirs(self.root, exist_ok=True)
        atexit.register(self.stop)  # Also if the test is interrupted.
        with open(self.log, "ab") as log:
            self.process = subprocess.Popen(
                ["dockerd", "--data-root", os.path.join(self.root, "data"), "--exec-root",
                 os.path.join(self.root, "exec"), "-H", "unix://" + self.socket, "--pidfile", self.pid_file],
                stdout=log, stderr=log, stdin=subprocess.DEVNULL, start_new_session=True)
        try:
            wait_until(lambda: self.process.poll() is not None or self.answers(), 60, "dockerd answers", every=0.2)
        except AssertionError:
            self.stop()
            raise MissingTool("no Docker engine: dockerd does not answer: " + self.last_words()) from None
        if self.process.poll() is not None:
            raise MissingTool("no Docker engine: dockerd ended: " + self.last_words())

    def runs_already(self):
        """Whether an engine of this directory runs. This is a failure, not a missing engine: no reason to skip."""
        try:
            with open(self.pid_file, encoding="utf-8") as file:
                pid = int(file.read())
            with open("/proc/%d/cmdline" % pid, encoding="utf-8") as file:
                return self.root in file.read()
        except (OSError, ValueError):
            return False

    def answers(self):
        try:
            return subprocess.run(["docker", "version"], env=self.environment, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.DEVNULL, timeout=20, check=False).returncode == 0
        except subprocess.TimeoutExpired:
            return False

    def last_words(self):
        with open(self.log, encoding="utf-8", errors="replace") as log:
            return (log.read().strip().splitlines() or ["nothing"])[-1][-200:]

    def stop(self):
        """Stops the engine as an administrator would: its containers end. Unmounts what it leaves mounted."""
        if self.process and self.process.poll() is None:
            self.process.terminate()
            try:
                self.process.wait(60)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
        self.process = None
        with open("/proc/mounts", encoding="utf-8") as mounts:
            left = [line.split()[1] for line in mounts if line.split()[1].startswith(self.root + "/")]
        for path in reversed(left):
            subprocess.run(["umount", path], check=False)

    def restart(self):
        """The engine has run before and must run again: otherwise the test fails and is not skipped."""
        self.stop()
        try:
            self.start()
        except MissingTool as error:
            raise AssertionError("the engine does not start again: %s" % error) from error

    def docker(self, *arguments, check=True, timeout=120, **options):
        """The output of the docker command."""
        return self.run("docker", *arguments, check=check, timeout=timeout, **options)

    def run(self, *command, check=True, timeout=120, **options):
        done = subprocess.run(command, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                              text=True, timeout=timeout, check=False, cwd=REPOSITORY, **options)
        if check and done.returncode != 0:
            raise AssertionError("%s: %s" % (" ".join(command), done.stdout[-2000:]))
        return done.stdout.strip()

    def make_base(self):
        """Makes debian:bookworm-slim without a registry: debootstrap builds it from Debian's packages."""
        if self.docker("image", "inspect", BASE, check=False).startswith("[\n"):
            return
        tree = os.path.join(self.root, "bookworm")
        started = time.monotonic()
        self.run("debootstrap", "--variant=minbase", "bookworm", tree, timeout=900)
        with subprocess.Popen(["tar", "-C", tree, "--exclude=./proc/*", "--exclude=./sys/*", "-c", "."],
                              stdout=subprocess.PIPE) as tar:
            self.docker("import", "-", BASE, stdin=tar.stdout, timeout=300)
        shutil.rmtree(tree)
        print("made %s in %.0f s" % (BASE, time.monotonic() - started), flush=True)
