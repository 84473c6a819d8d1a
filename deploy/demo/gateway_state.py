"""Overrides in force, asked of the gateway itself and of no other source."""
import re
import socket

TABLES = ("override_shed", "override_breaker")


def overrides(path):
    """Differences from the gateway's configuration, in words: entries of the override tables."""
    found = []
    for table in TABLES:
        for line in ask(path, f"show table {table}").splitlines():
            key = re.search(r"key=(\S+)", line)
            if key and any(int(value) > 0 for value in re.findall(r"gp[ct]0=(\d+)", line)):
                found.append(f"{table} {key[1]}")
    return found


def slots(path):
    """{"orders/orders-1": "ready" | "drain" | "maint"}: the administrative states."""
    states = {}
    for line in ask(path, "show servers state").splitlines():
        fields = line.split()
        if len(fields) > 6 and not line.startswith("#") and not fields[1].startswith("to_"):
            admin = int(fields[6])
            states[f"{fields[1]}/{fields[3]}"] = "maint" if admin & 0x05 else "drain" if admin & 0x08 else "ready"
    return states


def ask(path, command):
    """Sends one command to the admin socket; returns "" if it does not answer."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as connection:
            connection.settimeout(3)
            connection.connect(str(path))
            connection.sendall(command.encode() + b"\n")
            answer = b""
            while chunk := connection.recv(65536):
                answer += chunk
            return answer.decode(errors="replace")
    except OSError:
        return ""
