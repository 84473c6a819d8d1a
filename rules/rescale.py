#!/usr/bin/env python3
"""Fits promheal's rules to another scrape interval.

    rescale.py --scrape-interval 2s rules/recording/*.yml rules/alerts/*.yml --out DIRECTORY

The rules are written for a scrape and evaluation interval of 15 s, and every duration in them is a
multiple of it: [1m] is four scrapes. For another interval this program multiplies every duration:
ranges and subqueries, offsets, `for`, `keep_firing_for`, `interval`, `query_offset`. Nothing else
changes, not even names: `...:rate1m` keeps its name and means "over four scrapes". Comments and the
layout stay.

Files are written below DIRECTORY under their paths relative to the inputs' common folder, so that
recording/promheal.yml and alerts/promheal.yml do not collide. Standard library only.
"""

import argparse
import os
import re
import sys
from fractions import Fraction

WRITTEN_FOR = "15s"
UNITS_MS = (("y", 31536000000), ("w", 604800000), ("d", 86400000), ("h", 3600000), ("m", 60000),
            ("s", 1000), ("ms", 1))
DURATION = r"(?:\d+(?:ms|[ywdhms]))+"

# Parts of an expression that must not change, then the durations.
EXPRESSION_PARTS = re.compile(
    r"""(?P<keep>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'|`[^`]*`|\#[^\n]*)"""
    r"|(?P<range>\[[^\]]*\])"
    r"|(?P<offset>\boffset\s+-?\s*)(?P<by>" + DURATION + ")")
KEY = re.compile(r"^(?P<head>\s*(?:-\s+)?(?P<key>[a-z_]+):)(?P<value>[ \t].*|)$")
BLOCK_SCALAR = re.compile(r"\s*[|>][+-]?\d?\s*(#.*)?")
DURATION_KEYS = ("for", "keep_firing_for", "interval", "query_offset")


class NotADuration(ValueError):
    """The text is not a duration to Prometheus."""


def parse_duration(text):
    """Milliseconds of a duration such as 15s, 1m30s, 1h. Raises NotADuration."""
    if text == "0":
        return 0
    if not re.fullmatch(DURATION, text):
        raise NotADuration("'%s' is not a duration such as 15s or 1m30s" % text)
    units = dict(UNITS_MS)
    return sum(int(number) * units[unit] for number, unit in re.findall(r"(\d+)(ms|[ywdhms])", text))


def format_duration(milliseconds):
    """The shortest text in Prometheus' units, largest first: 80000 is 1m20s."""
    if milliseconds == 0:
        return "0s"
    text = ""
    for unit, size in UNITS_MS:
        if unit in "ywd":
            continue
        count, milliseconds = divmod(milliseconds, size)
        text += "%d%s" % (count, unit) if count else ""
    return text


def scale_duration(text, factor):
    """Multiplies a duration; a duration above zero stays at least a millisecond."""
    milliseconds = parse_duration(text)
    return format_duration(max(round(milliseconds * factor), 1) if milliseconds else 0)


def scale_expression(text, factor):
    """Multiplies the ranges, subquery steps and offsets of a PromQL expression."""
    def replace(match):
        if match["keep"]:
            return match["keep"]
        if match["range"]:
            return re.sub(DURATION, lambda d: scale_duration(d[0], factor), match["range"])
        return match["offset"] + scale_duration(match["by"], factor)
    return EXPRESSION_PARTS.sub(replace, text)


def scale_scalar(value, factor):
    """Scales the expression in a one-line YAML scalar, with or without YAML quotes."""
    lead = value[:len(value) - len(value.lstrip())]
    body = value.strip()
    if len(body) >= 2 and body[0] == body[-1] == "'" and "''" not in body:
        return lead + "'" + scale_expression(body[1:-1], factor) + "'"
    if len(body) >= 2 and body[0] == body[-1] == '"':
        inner = scale_expression(body[1:-1].replace('\\"', '"'), factor)
        return lead + '"' + inner.replace('"', '\\"') + '"'
    return lead + scale_expression(body, factor)


def scale_rules(text, factor):
    """Scales the text of a whole rule file."""
    lines = text.split("\n")
    done = []
    position = 0
    while position < len(lines):
        line = lines[position]
        position += 1
        key = None if line.lstrip().startswith("#") else KEY.match(line)
        if not key:
            done.append(line)
        elif key["key"] == "expr":
            block = take_block(lines, position, key["head"])
            position += len(block)
            done += scale_expr(key["head"], key["value"], block, factor)
        elif key["key"] in DURATION_KEYS:
            done.append(key["head"] + scale_value(key["value"], factor))
        elif BLOCK_SCALAR.fullmatch(key["value"]):  # Prose, even if it looks like an expression.
            block = take_block(lines, position, key["head"])
            position += len(block)
            done += [line] + block
        else:
            done.append(line)
    return "\n".join(done)


def take_block(lines, position, head):
    """The lines from `position` on that belong to the key written as `head`."""
    indent = len(head) - len(head.lstrip(" -"))
    end = position
    while end < len(lines) and (not lines[end].strip() or
                                len(lines[end]) - len(lines[end].lstrip(" ")) > indent):
        end += 1
    while end > position and not lines[end - 1].strip():
        end -= 1
    return lines[position:end]


def scale_expr(head, value, block, factor):
    """The lines of an `expr:` whose value is on its line, in a block below, or folded over both."""
    if BLOCK_SCALAR.fullmatch(value):
        return [head + value] + scale_expression("\n".join(block), factor).split("\n")
    return (head + scale_scalar(value + "".join("\n" + line for line in block), factor)).split("\n")


def scale_value(value, factor):
    """Scales the value of a duration key; a comment behind it stays."""
    match = re.fullmatch(r"(\s*)(['\"]?)(" + DURATION + r"|0)\2(\s*(?:#.*)?)", value)
    if not match:
        return value
    return match[1] + scale_duration(match[3], factor) + match[4]


def output_paths(inputs, directory):
    """The path to write for each input: its path relative to the inputs' common folder."""
    absolute = [os.path.abspath(path) for path in inputs]
    shared = os.path.commonpath([os.path.dirname(path) for path in absolute])
    return [os.path.join(directory, os.path.relpath(path, shared)) for path in absolute]


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--scrape-interval", required=True, help="the interval to fit, such as 2s or 30s")
    parser.add_argument("--written-for", default=WRITTEN_FOR, help="the inputs' interval (default 15s)")
    parser.add_argument("--out", required=True, metavar="DIRECTORY", help="where to write")
    parser.add_argument("inputs", nargs="+", metavar="FILE", help="rule files")
    arguments = parser.parse_args()
    try:
        intervals = [parse_duration(arguments.scrape_interval), parse_duration(arguments.written_for)]
    except NotADuration as error:
        parser.error(str(error))
    if 0 in intervals:
        parser.error("an interval must be longer than 0")
    factor = Fraction(*intervals)
    for source, target in zip(arguments.inputs, output_paths(arguments.inputs, arguments.out)):
        try:
            with open(source, encoding="utf-8") as file:
                text = file.read()
            os.makedirs(os.path.dirname(target), exist_ok=True)
            with open(target, "w", encoding="utf-8") as file:
                file.write(scale_rules(text, factor))
        except OSError as error:
            print("%s: %s" % (error.filename, error.strerror), file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
