#include "webhook/state/spending.h"

#include <algorithm>
#include <vector>

namespace promheal::healing {
namespace {

constexpr size_t kMostClosed = 1000;

}  // namespace

void Spending::Load(const std::vector<Incident>& closed) {
  closed_.clear();
  for (const Incident& incident : closed) Closed(incident);
}

void Spending::Closed(const Incident& incident) {
  closed_.push_back(incident.opened_at);
  if (closed_.size() > kMostClosed) closed_.pop_front();
}

void Spending::Recount(const LedgerImage& image, const Budgets& budgets, Time now) {
  recent_ = {};
  for (const auto& [key, cooldown] : image.cooldowns.all()) {
    for (const ActionUse& use : cooldown->uses) {
      recent_.Add(use.attempt_id, cooldown->target, use.at);
    }
  }
  recent_.Forget(now);
  std::vector<Time> opened(closed_.begin(), closed_.end());
  for (const auto& [key, incident] : image.open.all()) opened.push_back(incident->opened_at);
  std::erase_if(opened, [now](Time at) { return at > now; });  // The clock was set back.
  std::sort(opened.begin(), opened.end());
  storm_ = {};
  for (const Time at : opened) storm_.Opened(at, budgets.storm);
}

void Spending::Start(LedgerImage& image, const Labels& target, const StartCooldown& start) {
  CooldownRecord cooldown{.target = target, .action = start.action};
  const std::string key = KeyOf(cooldown);
  if (const CooldownRecord* before = image.cooldowns.Find(key)) cooldown.uses = before->uses;
  cooldown.attempt_id = start.attempt_id;
  cooldown.not_before = start.not_before;
  AddUse(cooldown.uses, {start.attempt_id, start.at});
  image.cooldowns.Put(key, std::move(cooldown));
  recent_.Add(start.attempt_id, target, start.at);
}

// Earlier uses still count; their cooldown is over, or this attempt could not have begun.
void Spending::Void(LedgerImage& image, const Labels& target, const VoidCooldown& voided) {
  recent_.Remove(voided.attempt_id);
  const std::string key = KeyOf(CooldownRecord{.target = target, .action = voided.action});
  const CooldownRecord* found = image.cooldowns.Find(key);
  if (found == nullptr || found->attempt_id != voided.attempt_id) return;
  CooldownRecord cooldown = *found;
  std::erase_if(cooldown.uses,
                [&](const ActionUse& use) { return use.attempt_id == voided.attempt_id; });
  if (cooldown.uses.empty()) {
    image.cooldowns.Erase(key);
    return;
  }
  cooldown.attempt_id = cooldown.uses.back().attempt_id;
  cooldown.not_before = cooldown.uses.back().at;
  image.cooldowns.Put(key, std::move(cooldown));
}

void Spending::AddTo(BudgetUse& use, const Budgets& budgets, const Labels& target, Time now) {
  recent_.Forget(now);
  use.last_hour = recent_.All();
  use.last_hour_in_group = recent_.InGroup(budgets.group_label, target);
  use.storm_until = storm_.until();
}

}  // namespace promheal::healing
