"""promheal-overview: the whole loop on one page, from the problem to the action."""

from board import (Board, annotation, banded, board_link, stat, steps, table, target, timeline, timeseries,
                   variable)

FIRING = 'ALERTS{healing="promheal", alertstate="firing", service=~"$service"}'
TO_SERVICE = {"title": "${__field.labels.service} in detail", "targetBlank": False,
              "url": "/d/promheal-service/promheal-service?var-service=${__field.labels.service}&${datasource:queryparam}"}
ANNOTATIONS = [
    annotation("Alerts", "max by (alertname, service) (%s)" % FIRING, "orange", "{{alertname}}", "{{service}}"),
    annotation("Actions", "sum by (action, result) (increase(healing_actions_total[$__rate_interval])) > 0",
               "green", "{{action}}", "{{result}}"),
]


def overview():
    board = Board(
        "promheal-overview", "promheal / Overview",
        "Which services are unusual, whether users are hurt, which alerts fire, and what promheal did about them.",
        [variable("service", "Service", "label_values(service:http_requests:rate1m, service)")],
        links=[board_link("One service", "promheal-service"), board_link("promheal itself", "promheal-self")],
        annotations=ANNOTATIONS)
    now(board)
    wrong(board)
    users(board)
    done(board)
    return board


def now(board):
    board.row("Now")
    for title, description, unit, expr, thresholds in (
            ("Unusual services", "Services whose anomaly score is above 1, its threshold.", "short",
             'count(service:anomaly_score:max{service=~"$service"} > 1) or vector(0)', steps("green", (1, "orange"))),
            ("Alerts", "Firing alerts that promheal heals.", "short",
             "count(%s) or vector(0)" % FIRING, steps("green", (1, "red"))),
            ("Open incidents", "All alerts of one target form one incident.", "short",
             'sum(healing_incidents{state!="closed"}) or vector(0)', steps("green", (1, "orange"))),
            ("Overrides in force", "Throttles, breakers and other overrides that promheal has set and will undo.",
             "short", 'sum(healing_override_active{service=~"$service"}) or vector(0)', steps("green", (1, "blue"))),
            ("Frozen targets", "Services that promheal leaves alone, because the whole ladder did not help or a person froze them.",
             "short", 'sum(max by (service) (healing_target_frozen{service=~"$service"})) or vector(0)',
             steps("green", (1, "red"))),
            ("Actions in an hour", "Actions that promheal carried out or tried during the last hour.", "short",
             "sum(increase(healing_actions_total[1h])) or vector(0)", steps("blue"))):
        board.add(stat(title, description, unit, expr, thresholds), 4, 4)


def wrong(board):
    board.row("Is something wrong?")
    board.add(timeseries(
        "Anomaly score",
        "How surprising each service is, calibrated per service: 1 is the threshold whatever its traffic, 2 is twice "
        "as surprising in log terms. No line means no score, because a model or data are missing.", "none",
        [target('service:anomaly_score:max{service=~"$service"}', "{{service}}")], threshold=1,
        soft_max=1.5, defaults={"links": [TO_SERVICE], "min": 0}), 12, 8)
    board.add(timeline(
        "Alerts", "Alerts that promheal heals, while they fire.",
        [target("max by (service, alertname) (%s)" % FIRING, "{{service}}: {{alertname}}")],
        {1: ("firing", "red")}), 12, 8)


def users(board):
    board.row("What users see")
    board.add(banded(
        "Requests offered to $service",
        "Requests/s that users send, with the band that the model expects. The band shows while the score is above "
        "0.5, or always if the exporter is configured so.", "reqps",
        'service:offered_requests:rate1m{service="$service"}',
        *('min by (service) (anomaly_feature_%s{service="$service", feature="request_rate"})' % bound
          for bound in ("lower", "upper", "expected"))), 24, 7, repeat="service", repeatDirection="h", maxPerRow=3)
    board.add(timeseries(
        "Error ratio", "Share of the admitted requests that ended in a 5xx. Requests that the gateway refuses on "
        "purpose do not count. Above the line an alert fires.", "percentunit",
        [target('service:http_errors_per_request:ratio_rate1m{service=~"$service"}', "{{service}}")],
        threshold=0.05, soft_max=0.1, defaults={"links": [TO_SERVICE], "min": 0}), 12, 7)
    board.add(timeseries(
        "P95 latency", "95 % of the requests were answered within this time. If it is above the line and unusual, "
        "an alert fires.", "s",
        [target('service:http_request_duration_seconds:p95_1m{service=~"$service"}', "{{service}}")],
        threshold=0.25, soft_max=0.3, defaults={"links": [TO_SERVICE], "min": 0}), 12, 7)


def done(board):
    board.row("What promheal did")
    board.add(timeseries("Incidents", "Incidents by state.", "short",
                         [target('sum by (state) (healing_incidents{state!="closed"})', "{{state}}")],
                         stacked=True, defaults={"min": 0}), 8, 7)
    board.add(timeseries("Actions", "Actions by the result of the call.", "short",
                         [target("sum by (action, result) (increase(healing_actions_total[$__rate_interval]))",
                                 "{{action}}: {{result}}")], bars=True, stacked=True, defaults={"min": 0}), 8, 7)
    board.add(timeseries("Verdicts", "Whether an action helped, by Prometheus' data afterwards.", "short",
                         [target("sum by (action, verdict) (increase(healing_verdicts_total[$__rate_interval]))",
                                 "{{action}}: {{verdict}}")], bars=True, stacked=True, defaults={"min": 0}), 8, 7)
    board.add(timeseries(
        "Time to act and to recover", "Median and 95th percentile over the last hour, from the first alert.", "s",
        [target("histogram_quantile(%s, sum by (le) (rate(healing_time_to_%s_seconds_bucket[1h])))" % (q, what),
                "%s, %s" % (what, name))
         for what in ("act", "recover") for q, name in (("0.5", "median"), ("0.95", "95 %"))],
        defaults={"min": 0}), 8, 7)
    board.add(timeline(
        "Overrides", "Overrides in force at the gateway or elsewhere; promheal will undo them.",
        [target('max by (service, action) (healing_override_active{service=~"$service"})', "{{service}}: {{action}}")],
        {0: ("-", "transparent"), 1: ("in force", "blue")}), 8, 7)
    board.add(table("Decisions", "Why promheal acted, waited or refused, during the last hour.", "short",
                    "sort_desc(sum by (reason) (increase(healing_decisions_total[1h])) > 0)"), 8, 7)
