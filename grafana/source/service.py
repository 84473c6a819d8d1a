"""promheal-service: one service, feature by feature: actual and expected values, and promheal's reaction."""

from board import Board, annotation, banded, board_link, stat, steps, target, timeline, timeseries, variable

BAND_NOTE = ("The band shows the expected values while the score is above 0.5, or always if the exporter is configured "
             "so.")
FIRING = 'ALERTS{healing="promheal", alertstate="firing", service="$service"}'
# Feature, title, unit, series, description.
FEATURES = (
    ("request_rate", "Requests", "reqps", "service:offered_requests:rate1m", "Requests/s that users send."),
    ("error_ratio", "Error ratio", "percentunit", "service:http_errors_per_request:ratio_rate1m",
     "Share of the admitted requests that ended in a 5xx."),
    ("latency_p95", "P95 latency", "s", "service:http_request_duration_seconds:p95_1m",
     "95 % of the requests were answered within this time."),
    ("caller_latency_p95", "P95 latency for its callers", "s", "service:dependency_request_duration_seconds:p95_1m",
     "The same, measured by the services that call this one."),
    ("cpu", "CPU", "none", "service:cpu:rate1m", "Cores in use, over all instances."),
    ("memory", "Memory", "bytes", "service:memory_bytes:max", "Memory of the largest instance."),
    ("log_errors", "Errors in the log", "cps", "service:log_errors:rate1m", "Logged errors per second."),
)


def service():
    board = Board(
        "promheal-service", "promheal / One service",
        "How one service behaves, what the model expects, and how promheal reacts to the difference.",
        [variable("service", "Service", "label_values(service:http_requests:rate1m, service)", multi=False)],
        links=[board_link("Overview", "promheal-overview", keep=False),
               board_link("promheal itself", "promheal-self", keep=False)],
        annotations=[annotation("Alerts", "max by (alertname) (%s)" % FIRING, "orange", "{{alertname}}", "$service")])
    verdict(board)
    board.row("Actual and expected values")
    for name, title, unit, series, description in FEATURES:
        board.add(banded(title, description + " " + BAND_NOTE, unit, '%s{service="$service"}' % series,
                         *('min by (service) (anomaly_feature_%s{service="$service", feature="%s"})' % (bound, name)
                           for bound in ("lower", "upper", "expected"))), 8, 7)
    why(board)
    gateway(board)
    return board


def verdict(board):
    board.row("Now")
    board.add(stat("Score", "1 is the threshold, 2 is twice as surprising. No number means no score.", "none",
                   'service:anomaly_score:max{service="$service"}',
                   steps("green", (0.8, "yellow"), (1, "red")), defaults={"decimals": 2, "noValue": "no score"}), 4, 4)
    board.add(stat("Impact", "Share of the requests that are hurt, by the exporter's configuration (impact). It needs no "
                   "model.", "percentunit", 'max by (service) (anomaly_impact_ratio{service="$service"})',
                   steps("green", (0.05, "red")), defaults={"noValue": "unknown"}), 4, 4)
    board.add(stat("Features known", "Share of the features with data. Without any data there is no score.", "percentunit",
                   'min by (service) (anomaly_feature_coverage_ratio{service="$service"})',
                   steps("red", (0.5, "yellow"), (0.99, "green")), defaults={"noValue": "unknown"}), 4, 4)
    board.add(timeline("Alerts", "Alerts for this service that promheal heals.",
                       [target("max by (alertname) (%s)" % FIRING, "{{alertname}}")], {1: ("firing", "red")}), 12, 4)
    board.add(timeseries("Score over time", "Each exporter that scores the service has a line; 1 is the threshold.",
                         "none", [target('anomaly_score{service="$service"}', "{{replica}} {{instance}}")],
                         threshold=1, soft_max=1.5, defaults={"min": 0}), 24, 6)


def why(board):
    board.row("Why it is unusual")
    board.add(timeseries(
        "Deviation", "Distance of each feature from its expected value, in robust standard deviations: above 0 is more "
        "than expected.", "none",
        [target('service_feature:anomaly_deviation:max{service="$service"}', "{{feature}}")]), 12, 8)
    board.add(timeseries(
        "Contribution to the score", "Each feature's share of the score.", "percentunit",
        [target('max by (feature) (anomaly_feature_contribution_ratio{service="$service"})', "{{feature}}")],
        stacked=True, defaults={"min": 0, "max": 1}), 12, 8)


def gateway(board):
    board.row("What promheal does")
    board.add(timeseries(
        "Offered and answered", "Requests that users send, and requests that the service answers; the rest is shed or lost.",
        "reqps", [target('service:offered_requests:rate1m{service="$service"}', "offered"),
                  target('service:http_requests:rate1m{service="$service"}', "answered")], defaults={"min": 0}), 8, 7)
    board.add(timeseries(
        "Slots up", "Share of the slots that serve: by the gateway's health checks, and by Prometheus.", "percentunit",
        [target('service:gateway_servers_up:ratio{service="$service"}', "gateway"),
         target('service:up:ratio{service="$service"}', "Prometheus")], defaults={"min": 0, "max": 1}), 8, 7)
    board.add(timeline(
        "Overrides", "Overrides that promheal has set for this service and will undo, and whether the service is frozen.",
        [target('max by (action) (healing_override_active{service="$service"})', "{{action}}"),
         target('max by (service) (healing_target_frozen{service="$service"})', "frozen")],
        {0: ("-", "transparent"), 1: ("in force", "blue")}), 8, 7)
