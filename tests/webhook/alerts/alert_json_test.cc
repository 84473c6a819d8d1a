#include "webhook/alerts/alert_json.h"

#include <gtest/gtest.h>

namespace promheal::healing {
namespace {

// A payload of Alertmanager 0.25, with the fields that later versions add.
constexpr char kPayload[] = R"({
  "receiver": "healing_webhook", "status": "firing",
  "alerts": [
    {"status": "firing",
     "labels": {"alertname": "ServiceCrash", "service": "orders", "scenario": "crash"},
     "annotations": {"summary": "Most slots are down \u00e4"},
     "startsAt": "2026-11-21T23:13:54.123456789+01:00", "endsAt": "0001-01-01T00:00:00Z",
     "generatorURL": "http://prometheus/graph?g0.expr=x", "fingerprint": "c6f3a1b2d4e5f607"},
    {"status": "resolved",
     "labels": {"alertname": "ServiceHighErrorRate", "service": "orders"},
     "annotations": {}, "startsAt": "2026-11-21T22:00:00Z", "endsAt": "2026-11-21T22:05:00Z",
     "generatorURL": "", "fingerprint": "0011223344556677"}],
  "groupLabels": {"service": "orders"}, "commonLabels": {}, "commonAnnotations": {},
  "externalURL": "http://alertmanager:9093", "version": "4",
  "groupKey": "{}/{healing=\"promheal\"}:{service=\"orders\"}", "truncatedAlerts": 3,
  "notification_reason": "new", "routeLabels": {"team": ["a"]}})";

TEST(AlertJsonTest, ReadsWhatAlertmanagerSendsAndSkipsWhatItDoesNotKnow) {
  const auto delivery = ParseDelivery(kPayload);
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->receiver, "healing_webhook");
  EXPECT_EQ(delivery->truncated_alerts, 3);
  ASSERT_EQ(delivery->alerts.size(), 2U);
  const AlertNotice& firing = delivery->alerts[0];
  EXPECT_EQ(firing.status, AlertStatus::kFiring);
  EXPECT_EQ(firing.fingerprint, "c6f3a1b2d4e5f607");
  EXPECT_EQ(firing.labels.Get("service"), "orders");
  EXPECT_EQ(firing.annotations.at("summary"), "Most slots are down ä");
  EXPECT_EQ(FormatRfc3339(firing.starts_at), "2026-11-21T22:13:54.123Z");
  EXPECT_EQ(firing.ends_at, Time()) << "never";
  EXPECT_EQ(delivery->alerts[1].status, AlertStatus::kResolved) << "each alert has its own status";
}

TEST(AlertJsonTest, LabelsStandInForAMissingFingerprint) {
  const auto delivery = ParseDelivery(
      R"({"version":"4","alerts":[{"status":"firing","labels":{"a":"1"},
          "startsAt":"2026-01-01T00:00:00Z"}]})");
  ASSERT_TRUE(delivery) << delivery.error().message;
  EXPECT_EQ(delivery->alerts[0].fingerprint, "{a=\"1\"}");
}

TEST(AlertJsonTest, SaysExactlyWhatIsWrong) {
  const auto with_alert = [](const std::string& alert) {
    return R"({"version":"4","alerts":[)" + alert + "]}";
  };
  struct Row {
    std::string body;
    const char* message;
  };
  const Row rows[] = {
      {"[]", "body: expected a JSON object"},
      {"{}", "version: expected \"4\""},
      {R"({"version":"3"})", "version: expected \"4\", got \"3\""},
      {R"({"version":"4"})", "alerts: expected a list"},
      {R"({"version":"4","alerts":{}})", "alerts: expected a list"},
      {R"({"version":"4","alerts":[],"truncatedAlerts":-1})",
       "truncatedAlerts: expected a number from 0"},
      {with_alert("5"), "alerts[0]: expected an object"},
      {with_alert("{}"), "alerts[0].status: expected firing or resolved, got ''"},
      {with_alert(R"({"status":"pending"})"),
       "alerts[0].status: expected firing or resolved, got 'pending'"},
      {with_alert(R"({"status":"firing","labels":[]})"),
       "alerts[0].labels: expected an object of strings"},
      {with_alert(R"({"status":"firing","labels":{}})"),
       "alerts[0].labels: expected at least one label"},
      {with_alert(R"({"status":"firing","labels":{"a":1}})"),
       "alerts[0].labels.a: expected a string"},
      {with_alert(R"({"status":"firing","labels":{"a":"1"}})"),
       "alerts[0].startsAt: expected a time"},
      {with_alert(R"({"status":"firing","labels":{"a":"1"},"startsAt":"yesterday"})"),
       "alerts[0].startsAt: 'yesterday' is not a time: expected RFC 3339"},
      {with_alert("{\"status\":\"a\\nlevel=ERROR\\u001b[2J\"}"),
       "alerts[0].status: expected firing or resolved, got 'a level=ERROR [2J'"},
  };
  for (const Row& row : rows) {
    const auto delivery = ParseDelivery(row.body);
    ASSERT_FALSE(delivery) << row.body;
    EXPECT_EQ(delivery.error().message, row.message);
    EXPECT_EQ(delivery.error().code, ErrorCode::kInvalidArgument);
  }
}

TEST(AlertJsonTest, SaysItShortly) {
  const std::string body =
      R"({"version":"4","alerts":[{"status":")" + std::string(100000, 'x') + R"("}]})";
  EXPECT_LT(ParseDelivery(body).error().message.size(), 400U);
}

TEST(AlertJsonTest, SurvivesWhatIsNoPayloadAtAll) {
  const std::string deep(100000, '[');
  const std::string quoted_depth =
      R"({"version":"4","alerts":[],"x":")" + std::string(99, '[') + "\"}";
  for (const std::string& body :
       {std::string(), std::string("{"), std::string("\xff\xfe"), std::string("{\"a\":\"\xff\"}"),
        std::string("alert=1"), deep, std::string(kPayload).substr(0, 700)}) {
    EXPECT_FALSE(ParseDelivery(body)) << body.substr(0, 20);
  }
  EXPECT_TRUE(ParseDelivery(quoted_depth)) << "brackets in a string are text";
}

TEST(AlertJsonTest, RefusesMoreAlertsThanItCouldHandle) {
  std::string body = R"({"version":"4","alerts":[)";
  for (int i = 0; i < 10001; ++i) body += i == 0 ? "1" : ",1";
  const auto delivery = ParseDelivery(body + "]}");
  ASSERT_FALSE(delivery);
  EXPECT_EQ(delivery.error().message, "alerts: 10001 are too many, at most 10000");
}

}  // namespace
}  // namespace promheal::healing
