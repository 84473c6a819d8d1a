"""Prints events as they happen: seconds since the fault, kind of event, one sentence."""
import shutil
import sys
import textwrap
import time

COLOURS = {"fault": "1;31", "users": "35", "score": "36", "alert": "33", "incident": "1;34",
           "decision": "1;34", "intent": "34", "action": "1;32", "verification": "32",
           "verdict": "1;32", "closed": "1;32", "warning": "1;31"}
KIND_WIDTH = 12


class Timeline:
    """Lines with times relative to `start()`. Events may come late: each carries its own time (Unix seconds)."""

    def __init__(self, stream=sys.stdout):
        self._stream = stream
        self._colour = stream.isatty()
        self._zero = None

    def start(self, zero):
        self._zero = zero

    def event(self, kind, text, at=None):
        seconds = (at if at is not None else time.time()) - self._zero
        indent = " " * (11 + KIND_WIDTH)
        width = max(shutil.get_terminal_size((110, 24)).columns, 60)
        lines = textwrap.wrap(text, width - len(indent)) or [""]
        head = f"{seconds:+8.1f}s  "
        self._write(head + self._paint(f"{kind:<{KIND_WIDTH}}", COLOURS.get(kind, "0")) + " " + lines[0])
        for line in lines[1:]:
            self._write(indent + line)

    def heading(self, text):
        self._write("")
        self._write(self._paint(text, "1"))

    def line(self, text=""):
        self._write(text)

    def _paint(self, text, code):
        return f"\033[{code}m{text}\033[0m" if self._colour else text

    def _write(self, text):
        print(text, file=self._stream, flush=True)


class Progress:
    """One line that is redrawn on a terminal; elsewhere a line every ten seconds."""

    def __init__(self, label, stream=sys.stdout):
        self._label = label
        self._stream = stream
        self._began = time.monotonic()
        self._next_plain = self._began

    def show(self, share, note):
        elapsed = time.monotonic() - self._began
        share = min(max(share, 0.0), 1.0)
        if self._stream.isatty():
            filled = int(share * 24)
            bar = "#" * filled + "." * (24 - filled)
            print(f"\r\033[K{self._label} [{bar}] {elapsed:3.0f}s  {note}", end="", file=self._stream, flush=True)
        elif time.monotonic() >= self._next_plain:
            self._next_plain += 10
            print(f"{self._label}: {elapsed:.0f}s, {note}", file=self._stream, flush=True)

    def done(self, note):
        elapsed = time.monotonic() - self._began
        start = "\r\033[K" if self._stream.isatty() else ""
        print(f"{start}{self._label}: {note} after {elapsed:.0f}s", file=self._stream, flush=True)
