#include "webhook/healer/alertmanager_view.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/webhook/core/samples.h"

namespace promheal::healing {
namespace {

using namespace std::chrono_literals;
using samples::At;
using samples::Firing;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// As Alertmanager 0.25 answers.
constexpr char kBody[] = R"([
  {"annotations":{"summary":"down"},"endsAt":"2026-01-01T00:05:00.000Z","fingerprint":"aa",
   "receivers":[{"name":"healing_webhook"}],"startsAt":"2026-01-01T00:00:00.000Z",
   "status":{"inhibitedBy":[],"silencedBy":[],"state":"active"},
   "updatedAt":"2026-01-01T00:01:00.000Z","generatorURL":"http://p/graph",
   "labels":{"alertname":"Crash","healing":"promheal","service":"orders"}},
  {"annotations":{},"endsAt":"2026-01-01T00:05:00.000Z","fingerprint":"bb","receivers":[],
   "startsAt":"2026-01-01T00:00:00.000Z",
   "status":{"inhibitedBy":[],"silencedBy":["5f3a"],"state":"suppressed"},
   "updatedAt":"2026-01-01T00:01:00.000Z","labels":{"alertname":"Crash","service":"auth"}},
  {"annotations":{},"endsAt":"2026-01-01T00:05:00.000Z","fingerprint":"cc","receivers":[],
   "startsAt":"2026-01-01T00:00:00.000Z",
   "status":{"inhibitedBy":["aa"],"silencedBy":[],"state":"suppressed"},
   "updatedAt":"2026-01-01T00:01:00.000Z","labels":{"alertname":"Crash","service":"cart"}}])";

TEST(KnownAlertsTest, AreReadAsAlertmanagerWritesThem) {
  const auto alerts = ParseKnownAlerts(kBody);
  ASSERT_TRUE(alerts) << alerts.error().message;
  ASSERT_EQ(alerts->size(), 3U);
  EXPECT_EQ((*alerts)[0].notice.fingerprint, "aa");
  EXPECT_EQ((*alerts)[0].notice.source, "alertmanager");
  EXPECT_EQ((*alerts)[0].notice.labels.Get("service"), "orders");
  EXPECT_EQ((*alerts)[0].notice.annotations.at("summary"), "down");
  EXPECT_EQ((*alerts)[0].notice.starts_at, At(0));
  EXPECT_TRUE((*alerts)[0].active);
  EXPECT_THAT((*alerts)[1].silenced_by, ElementsAre("5f3a"));
  EXPECT_THAT((*alerts)[2].silenced_by, IsEmpty()) << "inhibited is not silenced";
  EXPECT_FALSE((*alerts)[2].active);
}

TEST(KnownAlertsTest, AnythingElseIsAnError) {
  for (const char* bad : {"", "{}", "[1]", "[{}]", R"([{"fingerprint":""}])", "<html>"}) {
    EXPECT_FALSE(ParseKnownAlerts(bad)) << bad;
  }
}

class AlertmanagerViewTest : public testing::Test {
 protected:
  // Compares Alertmanager's alerts at this second; returns the fingerprints of the notices.
  std::vector<std::string> Compare(int seconds, const std::vector<KnownAlert>& alerts) {
    view_.UpdateSilences({At(seconds), 30s, alerts});
    const auto notices =
        view_.Compare({At(seconds), 30s, alerts}, [this](const AlertNotice& notice) {
          const auto found = records_.find(notice.fingerprint);
          return found == records_.end() ? nullptr : &found->second;
        });
    std::vector<std::string> told;
    for (const AlertNotice& notice : notices) {
      told.push_back(notice.fingerprint + " " + std::string(ToString(notice.status)));
    }
    return told;
  }
  void Delivered(const KnownAlert& alert, int at) {
    AlertRecord& record = records_[alert.notice.fingerprint];
    record = samples::RecordOf(alert.notice, at);
  }
  std::vector<std::string> SilencedBy(std::initializer_list<const KnownAlert*> alerts) {
    std::vector<const AlertRecord*> records;
    for (const KnownAlert* alert : alerts) {
      records.push_back(&records_.at(alert->notice.fingerprint));
    }
    return view_.SilencedBy(records);
  }

  static KnownAlert Alert(const std::string& name) {
    return {.notice = Firing(name, "orders", "crash", 0)};
  }
  static KnownAlert Silenced(const std::string& name, const std::string& by) {
    KnownAlert alert = Alert(name);
    alert.silenced_by = {by};
    alert.active = false;
    return alert;
  }

  const KnownAlert crash_ = Alert("Crash");
  const KnownAlert slow_ = Alert("Slow");
  std::map<std::string, AlertRecord> records_;
  AlertmanagerView view_;
};

TEST_F(AlertmanagerViewTest, WhatWasNeverSentIsTakenInOnceTwoReadingsShowIt) {
  EXPECT_THAT(Compare(40, {crash_}), IsEmpty()) << "its delivery may be on its way";
  EXPECT_THAT(Compare(70, {crash_}), ElementsAre(crash_.notice.fingerprint + " firing"));
}

TEST_F(AlertmanagerViewTest, WhatIsKeptBackOnPurposeIsNot) {
  KnownAlert inhibited = crash_;
  inhibited.active = false;
  for (int now = 40; now < 400; now += 30) {
    EXPECT_THAT(Compare(now, {Silenced("Slow", "5f3a"), inhibited}), IsEmpty());
  }
}

TEST_F(AlertmanagerViewTest, WhatIsKnownIsKeptAlive) {
  Delivered(crash_, 1);
  EXPECT_THAT(Compare(40, {crash_}), ElementsAre(crash_.notice.fingerprint + " firing"));
}

TEST_F(AlertmanagerViewTest, WhatItHasNoMoreIsResolvedOnceTwoReadingsLackIt) {
  Delivered(crash_, 1);
  Compare(30, {crash_});
  EXPECT_THAT(Compare(60, {}), IsEmpty());
  EXPECT_THAT(Compare(90, {}), ElementsAre(crash_.notice.fingerprint + " resolved"));
}

TEST_F(AlertmanagerViewTest, WhatItNeverHadIsNobodysBusiness) {
  Delivered(crash_, 1);
  for (int now = 30; now < 300; now += 30) EXPECT_THAT(Compare(now, {}), IsEmpty());
}

TEST_F(AlertmanagerViewTest, ADeliveryThatCameMeanwhileKnowsBetter) {
  Delivered(crash_, 1);
  Compare(30, {crash_});
  Compare(60, {});
  Delivered(crash_, 95);
  EXPECT_THAT(Compare(90, {}), IsEmpty());
}

TEST_F(AlertmanagerViewTest, AnIncidentIsSilencedWhereAllThatFiresIs) {
  Delivered(crash_, 1);
  Delivered(slow_, 1);
  Compare(30, {Silenced("Crash", "5f3a"), slow_});
  EXPECT_TRUE(view_.silences_changed());
  EXPECT_THAT(SilencedBy({&crash_}), ElementsAre("5f3a"));
  EXPECT_THAT(SilencedBy({&crash_, &slow_}), IsEmpty());
  Compare(60, {Silenced("Crash", "5f3a"), Silenced("Slow", "77c0")});
  EXPECT_THAT(SilencedBy({&crash_, &slow_}), ElementsAre("5f3a", "77c0"));
  Compare(90, {Silenced("Crash", "5f3a"), Silenced("Slow", "77c0")});
  EXPECT_FALSE(view_.silences_changed());
  Compare(120, {crash_, slow_});
  EXPECT_TRUE(view_.silences_changed());
  EXPECT_THAT(SilencedBy({&crash_, &slow_}), IsEmpty());
}

}  // namespace
}  // namespace promheal::healing
