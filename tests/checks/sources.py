"""What both checks share: which files there are, and how a finding is printed."""

from pathlib import Path

SOURCE_FOLDERS = ("common", "exporter", "webhook", "services", "tests")


def source_files(root):
    """(path from the root, text) of every C++ file of ours, in order."""
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
