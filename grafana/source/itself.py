"""promheal-self: whether promheal itself works, and its cost to Prometheus."""

from board import Board, board_link, stat, steps, target, timeseries, variable

OWN = 'job=~"$job", instance=~"$instance"'
# If all jobs are chosen, $job is `.+`, which matches every process that Prometheus knows.
OUR_PROCESSES = 'job=~"anomaly_exporter|healing_webhook", ' + OWN


def itself():
    board = Board(
        "promheal-self", "promheal / Itself",
        "Whether the exporter scores and the webhook heals, and the cost of both.",
        [variable("job", "Job", 'label_values(up{job=~"anomaly_exporter|healing_webhook"}, job)'),
         variable("instance", "Instance", 'label_values(up{job=~"$job"}, instance)')],
        links=[board_link("Overview", "promheal-overview", keep=False)])
    health(board)
    exporter(board)
    cost(board)
    webhook(board)
    processes(board)
    return board


def health(board):
    board.row("Now")
    up = steps("red", (1, "green"))
    for title, description, unit, expr, thresholds in (
            ("Exporters up", "Exporters that Prometheus reaches. One is enough; more are harmless.", "short",
             'sum(up{job="anomaly_exporter", %s})' % OWN, up),
            ("Webhooks up", "Healing webhooks that Prometheus reaches.", "short",
             'sum(up{job="healing_webhook", %s})' % OWN, up),
            ("Exporter sees Prometheus", "Whether Prometheus answered the exporter's last query.", "bool_yes_no",
             "min(anomaly_exporter_prometheus_up{%s})" % OWN, up),
            ("Age of the scores", "Time since the last successful scoring cycle.", "s",
             "time() - max(anomaly_exporter_last_success_timestamp_seconds{%s})" % OWN,
             steps("green", (60, "yellow"), (120, "red"))),
            ("Models not ready", "Services that have no model yet, and therefore no score.", "short",
             "count(max by (service) (anomaly_model_ready) == 0) or vector(0)", steps("green", (1, "yellow"))),
            ("Last reloads", "Whether the last reload of each configuration succeeded.", "bool_yes_no",
             "min(anomaly_exporter_config_last_reload_successful{%s} or healing_webhook_config_last_reload_successful{%s})"
             % (OWN, OWN), up)):
        board.add(stat(title, description, unit, expr, thresholds, defaults={"noValue": "unknown"}), 4, 4)


def exporter(board):
    board.row("Scoring")
    board.add(timeseries("Cycles", "Scoring cycles per second, and failed cycles by reason.", "cps",
                         [target("sum by (instance) (rate(anomaly_exporter_cycles_total{%s}[$__rate_interval]))" % OWN, "{{instance}}"),
                          target("sum by (instance, reason) (rate(anomaly_exporter_cycle_failures_total{%s}[$__rate_interval])) > 0" % OWN,
                                 "{{instance}} failed: {{reason}}")], defaults={"min": 0}), 8, 7)
    board.add(timeseries("Duration of a cycle", "Time from the first query to the published scores.", "s",
                         [target("max by (instance) (anomaly_exporter_cycle_duration_seconds{%s})" % OWN, "{{instance}}")],
                         defaults={"min": 0}), 8, 7)
    board.add(timeseries("Targets", "Services that are scored.", "short",
                         [target("max by (instance) (anomaly_exporter_targets{%s})" % OWN, "{{instance}}")],
                         defaults={"min": 0}), 8, 7)


def cost(board):
    board.row("Cost to Prometheus")
    for title, description, unit, name in (
            ("Queries", "Queries per second to Prometheus.", "reqps", "queries_total"),
            ("Samples", "Samples per second that the exporter's queries return.", "cps", "query_samples_total"),
            ("Time", "Share of the time that the exporter waits for Prometheus.", "percentunit", "query_seconds_total"),
            ("Warnings", "Answers with a warning: some data may be missing.", "cps", "query_warnings_total")):
        board.add(timeseries(title, description, unit, [
            target("sum by (instance) (rate(anomaly_exporter_prometheus_%s{%s}[$__rate_interval]))" % (name, OWN), "{{instance}}")],
            defaults={"min": 0}), 6, 6)


def webhook(board):
    board.row("Healing")
    board.add(timeseries("Deliveries", "Calls by Alertmanager, by the webhook's answer.", "cps",
                         [target("sum by (result) (rate(healing_webhook_deliveries_total{%s}[$__rate_interval]))" % OWN, "{{result}}")],
                         stacked=True, defaults={"min": 0}), 6, 7)
    board.add(timeseries("Failed deliveries", "Webhook notifications that Alertmanager could not deliver.", "cps",
                         [target('sum by (instance) (rate(alertmanager_notifications_failed_total{integration="webhook"}[$__rate_interval]))',
                                 "{{instance}}")], defaults={"min": 0}), 6, 7)
    board.add(timeseries("Waiting", "Deliveries in the queue, not yet in the ledger. If the queue is full, the webhook answers 503.", "short",
                         [target("max by (instance) (healing_webhook_queue_depth{%s})" % OWN, "{{instance}}")],
                         defaults={"min": 0}), 6, 7)
    board.add(timeseries("Ledger commits", "How long a commit of the ledger takes; Alertmanager waits for it.", "s",
                         [target("histogram_quantile(%s, sum by (le) (rate(healing_webhook_ledger_commit_seconds_bucket{%s}[$__rate_interval])))"
                                 % (q, OWN), name) for q, name in (("0.5", "median"), ("0.99", "99 %"))],
                         defaults={"min": 0}), 6, 7)
    board.add(timeseries("Time since the last answer", "Time since each gateway, and Alertmanager if it is asked, last reported its state, and since the watchdog alert last arrived.", "s",
                         [target("time() - max by (gateway) (healing_webhook_gateway_last_read_timestamp_seconds{%s} > 0)" % OWN, "{{gateway}}"),
                          target("time() - max(healing_webhook_alertmanager_last_read_timestamp_seconds{%s} > 0)" % OWN, "Alertmanager"),
                          target("time() - max(healing_webhook_watchdog_last_received_timestamp_seconds{%s} > 0)" % OWN, "the watchdog")],
                         defaults={"min": 0}), 8, 7)
    board.add(timeseries("Budget left", "How many more actions may start.", "short",
                         [target("min by (budget, group) (healing_budget_left{%s})" % OWN, "{{budget}} {{group}}")],
                         defaults={"min": 0}), 8, 7)
    board.add(timeseries("What holds healing back", "A pause, frozen targets, open maintenance windows, a storm: no action starts there.", "short",
                         [target("max(healing_paused{%s}) > 0" % OWN, "paused"),
                          target("max(healing_storm{%s}) > 0" % OWN, "storm"),
                          target("max by (window) (healing_maintenance{%s}) > 0" % OWN, "maintenance: {{window}}"),
                          target("count(max without (instance, job) (healing_target_frozen) > 0)", "frozen targets")],
                         defaults={"min": 0}), 8, 7)


def processes(board):
    board.row("Processes")
    board.add(timeseries("CPU", "Cores in use.", "none",
                         [target("sum by (job, instance) (rate(process_cpu_seconds_total{%s}[$__rate_interval]))" % OUR_PROCESSES,
                                 "{{job}} {{instance}}")], defaults={"min": 0}), 8, 7)
    board.add(timeseries("Memory", "Resident memory.", "bytes",
                         [target("max by (job, instance) (process_resident_memory_bytes{%s})" % OUR_PROCESSES, "{{job}} {{instance}}")],
                         defaults={"min": 0}), 8, 7)
    board.add(timeseries("Open files", "File descriptors in use.", "short",
                         [target("max by (job, instance) (process_open_fds{%s})" % OUR_PROCESSES, "{{job}} {{instance}}")],
                         defaults={"min": 0}), 8, 7)
