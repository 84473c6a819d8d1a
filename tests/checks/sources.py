"""Shared by both checks: lists the source files and prints findings."""

from pathlib import Path

SOURCE_FOLDERS = ("common", "exporter", "webhook", "services", "tests")


def source_files(root):
    """Yields (path from the root, text) of every C++ file, in order."""
    for folder in SOURCE_FOLDERS:
        for path in sorted((Path(root) / folder).rglob("*")):
            if path.suffix in (".h", ".cc"):
                yield path.relative_to(root).as_posix(), path.read_text(encoding="utf-8")


def lies_in(path, folder):
    return path == folder or path.startswith(folder + "/")


def report(name, findings):
    """Prints the findings and returns the exit status."""
    for finding in findings:
        print(finding)
    print(f"{name}: {len(findings)} violations" if findings else f"{name}: OK")
    return 1 if findings else 0
