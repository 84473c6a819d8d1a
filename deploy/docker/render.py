#!/usr/bin/env python3
"""Writes the files that the containers of docker-compose.yml read: render.py REPOSITORY DIRECTORY

The files of Prometheus, Alertmanager and the exporter are the demo's, with container names instead of
127.0.0.1; the rules are the shipped rules, rescaled to 2 s. The password between Alertmanager and the
webhook is made here, unless it exists. Python 3.11 standard library only.
"""

import crypt
import os
import re
import secrets
import subprocess
import sys
from pathlib import Path

SCRAPE_INTERVAL = "2s"
FIXED = {"PROMETHEUS": "prometheus:9090", "ALERTMANAGER": "alertmanager:9093", "EXPORTER": "exporter:10180",
         "WEBHOOK": "webhook:10181", "GATEWAY_METRICS": "gateway:3005", "LOAD": "load:3040"}
SERVICES = ("ORDERS", "PAYMENTS", "AUTH")


def address(name):
    """The address of a component of the demo in containers: ORDERS_2 is orders-2:3012."""
    if name in FIXED:
        return FIXED[name]
    service, slot = name.rsplit("_", 1)
    return "%s-%s:30%d%s" % (service.lower(), slot, SERVICES.index(service) + 1, slot)


def render(text, directory):
    text = re.sub(r"127\.0\.0\.1:@(\w+?)_PORT@", lambda match: address(match[1]), text)
    return text.replace("@RUN_DIR@", str(directory))


def write_rules(repository, directory):
    rules = [path for folder in ("recording", "alerts") for path in sorted((repository / "rules" / folder).glob("*.yml"))]
    subprocess.run([sys.executable, repository / "rules/rescale.py", "--scrape-interval", SCRAPE_INTERVAL,
                    *rules, "--out", directory / "rules"], check=True)


def write_credentials(directory):
    password = directory / "webhook.password"
    if password.exists():
        return
    password.write_text(secrets.token_urlsafe(24))
    hashed = crypt.crypt(password.read_text(), crypt.mksalt(crypt.METHOD_BLOWFISH, rounds=1024))
    (directory / "webhook-web.yml").write_text("basic_auth_users:\n  alertmanager: '%s'\n" % hashed)


def main():
    repository, directory = Path(sys.argv[1]), Path(sys.argv[2])
    directory.mkdir(parents=True, exist_ok=True)
    for folder, name in (("demo", "prometheus.yml"), ("demo", "alertmanager.yml"), ("demo", "exporter.yml"),
                         ("docker", "healing.yml")):
        text = (repository / "deploy" / folder / name).read_text(encoding="utf-8")
        (directory / name).write_text(render(text, directory), encoding="utf-8")
    write_rules(repository, directory)
    write_credentials(directory)
    for path in [directory, *directory.rglob("*")]:
        os.chmod(path, 0o755 if path.is_dir() else 0o644)  # Each container has its own user.


if __name__ == "__main__":
    main()
