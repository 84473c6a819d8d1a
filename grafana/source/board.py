"""Dashboards as data: a board lays panels out in rows and writes Grafana's JSON model.

Everything that grafana/dashboard-linter requires of a panel is an argument here and cannot be forgotten:
title, description, unit, and the datasource variable. Standard library only.
"""

import json

DATASOURCE = {"type": "prometheus", "uid": "${datasource}"}
COLUMNS = 24
# Grafana 10 and later; older versions cannot read a newer schema.
SCHEMA_VERSION = 38


def target(expr, legend="", instant=False):
    """One query. `legend` is Grafana's format: {{service}}."""
    return {"expr": expr, "legendFormat": legend, "instant": instant, "range": not instant,
            "editorMode": "code", "datasource": dict(DATASOURCE)}


def by_name(name, **properties):
    """An override for the series of one name; keys with a dot are written with two underscores."""
    return {"matcher": {"id": "byName", "options": name},
            "properties": [{"id": key.replace("__", "."), "value": value}
                           for key, value in properties.items()]}


def steps(*pairs):
    """Threshold steps: a base colour, then (value, colour) pairs."""
    base, *rest = pairs
    return {"mode": "absolute", "steps": [{"color": base, "value": None}] +
            [{"color": colour, "value": value} for value, colour in rest]}


def panel(kind, title, description, unit, targets, **more):
    """A panel. `more`: options, defaults (field defaults beside the unit), overrides, links."""
    defaults = {"unit": unit, "mappings": [], "thresholds": steps("green")}
    defaults.update(more.get("defaults", {}))
    return {"type": kind, "title": title, "description": description, "datasource": dict(DATASOURCE),
            "targets": [dict(query, refId=chr(ord("A") + i)) for i, query in enumerate(targets)],
            "fieldConfig": {"defaults": defaults, "overrides": list(more.get("overrides", []))},
            "options": more.get("options", {}), "links": list(more.get("links", []))}


def timeseries(title, description, unit, targets, threshold=None, bars=False, stacked=False, soft_max=None, **more):
    """Lines over time; `threshold` draws a dashed line; the axis reaches at least up to `soft_max`."""
    custom = {"drawStyle": "bars" if bars else "line", "lineWidth": 1 if bars else 2,
              "fillOpacity": 60 if bars else (20 if stacked else 0), "showPoints": "never",
              "spanNulls": False, "stacking": {"mode": "normal" if stacked else "none", "group": "A"},
              "thresholdsStyle": {"mode": "dashed" if threshold is not None else "off"}}
    if soft_max is not None:
        custom["axisSoftMax"] = soft_max
    defaults = {"custom": custom, "color": {"mode": "palette-classic"}}
    if threshold is not None:
        defaults["thresholds"] = steps("transparent", (threshold, "red"))
    defaults.update(more.pop("defaults", {}))
    options = {"legend": {"displayMode": "list", "placement": "bottom", "showLegend": True, "calcs": []},
               "tooltip": {"mode": "multi", "sort": "desc"}}
    return panel("timeseries", title, description, unit, targets, defaults=defaults, options=options, **more)


def banded(title, description, unit, value, lower, upper, expected, soft_max=None):
    """A value with the band that the model expects."""
    quiet = dict(custom__lineWidth=0, custom__hideFrom={"legend": True, "tooltip": False, "viz": False},
                 color={"mode": "fixed", "fixedColor": "blue"})
    return timeseries(
        title, description, unit,
        [target(value, "now"), target(upper, "upper"), target(lower, "lower"),
         target(expected, "expected")],
        soft_max=soft_max, overrides=[by_name("upper", custom__fillBelowTo="lower", custom__fillOpacity=15, **quiet),
                   by_name("lower", **quiet),
                   by_name("expected", custom__lineWidth=1, color={"mode": "fixed", "fixedColor": "blue"},
                           custom__lineStyle={"fill": "dash", "dash": [6, 6]}),
                   by_name("now", color={"mode": "fixed", "fixedColor": "orange"})])


def stat(title, description, unit, expr, thresholds, legend="", **more):
    """One number, coloured by its thresholds."""
    options = {"colorMode": "background", "graphMode": "area", "justifyMode": "auto", "textMode": "auto",
               "orientation": "auto", "wideLayout": True, "showPercentChange": False,
               "percentChangeColorMode": "standard",
               "reduceOptions": {"calcs": ["lastNotNull"], "fields": "", "values": False}}
    defaults = dict({"thresholds": thresholds, "color": {"mode": "thresholds"}}, **more.pop("defaults", {}))
    return panel("stat", title, description, unit, [target(expr, legend)], options=options,
                 defaults=defaults, **more)


def timeline(title, description, targets, texts, **more):
    """States over time. `texts`: {value: (text, colour)}."""
    mapping = {"type": "value", "options": {
        str(value): {"text": text, "color": colour, "index": index}
        for index, (value, (text, colour)) in enumerate(texts.items())}}
    options = {"mergeValues": True, "showValue": "auto", "alignValue": "left", "rowHeight": 0.8,
               "legend": {"displayMode": "list", "placement": "bottom", "showLegend": False, "calcs": []},
               "tooltip": {"mode": "single", "sort": "none"}}
    defaults = {"mappings": [mapping], "color": {"mode": "thresholds"}, "noValue": "none",
                "custom": {"lineWidth": 0, "fillOpacity": 70}}
    return panel("state-timeline", title, description, "none", targets, options=options,
                 defaults=defaults, **more)


def table(title, description, unit, expr, **more):
    """The labels and values of an instant query."""
    options = {"showHeader": True, "cellHeight": "sm", "frameIndex": 0}
    made = panel("table", title, description, unit, [dict(target(expr, instant=True), format="table")],
                 options=options, **more)
    made["transformations"] = [{"id": "organize", "options": {
        "excludeByName": {"Time": True, "__name__": True}, "indexByName": {}, "renameByName": {"Value": "value"}}}]
    return made


def variable(name, label, query, multi=True):
    """A variable filled by a query, which runs again whenever the time range changes."""
    made = {"type": "query", "name": name, "label": label, "datasource": dict(DATASOURCE),
            "query": {"query": query, "refId": "variable-" + name}, "definition": query, "refresh": 2,
            "sort": 1, "multi": multi, "includeAll": multi, "hide": 0, "options": [], "regex": "",
            "skipUrlSync": False}
    if multi:
        made["allValue"] = ".+"
        made["current"] = {"selected": True, "text": ["All"], "value": ["$__all"]}
    return made


class Board:
    """Collects and numbers panels, from left to right and downwards."""

    def __init__(self, uid, title, description, variables, links=(), annotations=()):
        self._model = {
            "uid": uid, "title": title, "description": description, "tags": ["promheal"],
            "schemaVersion": SCHEMA_VERSION, "version": 1, "editable": False, "graphTooltip": 1,
            "timezone": "", "refresh": "10s", "time": {"from": "now-30m", "to": "now"}, "timepicker": {},
            "links": list(links), "annotations": {"list": list(annotations)},
            "templating": {"list": [{
                "type": "datasource", "name": "datasource", "label": "Data Source", "query": "prometheus",
                "hide": 0, "includeAll": False, "multi": False, "options": [],
                "refresh": 1, "regex": "", "skipUrlSync": False}] + list(variables)},
            "panels": []}
        self._x = self._y = self._height = 0

    def row(self, title):
        self._break()
        self._place({"type": "row", "title": title, "collapsed": False, "panels": []}, COLUMNS, 1)
        self._break()

    def add(self, made, width, height, **more):
        """Places a panel; `more` holds further keys, such as repeat."""
        if self._x + width > COLUMNS:
            self._break()
        self._place(dict(made, **more), width, height)

    def json(self):
        return json.dumps(self._model, indent=2, sort_keys=True) + "\n"

    def _break(self):
        self._y += self._height
        self._x = self._height = 0

    def _place(self, made, width, height):
        made["id"] = len(self._model["panels"]) + 1
        made["gridPos"] = {"x": self._x, "y": self._y, "w": width, "h": height}
        self._model["panels"].append(made)
        self._x += width
        self._height = max(self._height, height)


def board_link(title, uid, keep=True):
    """A link in the header to another of promheal's boards."""
    return {"type": "link", "title": title, "url": "/d/%s/%s" % (uid, uid), "icon": "dashboard",
            "includeVars": keep, "keepTime": True, "targetBlank": False, "asDropdown": False, "tags": [],
            "tooltip": ""}


def annotation(name, expr, colour, title, text):
    """Marks on every panel at times when a query has a value above 0."""
    return {"name": name, "datasource": dict(DATASOURCE), "enable": True, "hide": False, "iconColor": colour,
            "expr": expr, "step": "", "titleFormat": title, "textFormat": text, "tagKeys": "", "useValueForTime": False}
