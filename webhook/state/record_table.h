#pragma once

#include <iterator>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <utility>

#include "webhook/ledger/ledger.h"
#include "webhook/ledger/records.h"

namespace promheal::healing {

// Records of one kind with the changes of the current step. Each change becomes a write of a
// transaction, on condition that no other writer changed the entry. After a failed commit the table
// is dropped and loaded again. A record never changes in place, so other threads may keep it.
template <typename T>
class RecordTable {
 public:
  using Record = std::shared_ptr<const T>;

  void Load(const LedgerEntry& entry, T record) {
    records_[entry.key] = std::make_shared<const T>(std::move(record));
    revisions_[entry.key] = entry.revision;
    news_.insert(entry.key);
  }

  const T* Find(const std::string& key) const { return Share(key).get(); }
  Record Share(const std::string& key) const {
    const auto it = records_.find(key);
    return it == records_.end() ? nullptr : it->second;
  }
  const std::map<std::string, Record>& all() const { return records_; }

  void Put(const std::string& key, Record record) {
    records_[key] = std::move(record);
    Changed(key);
  }
  void Put(const std::string& key, T record) {
    Put(key, std::make_shared<const T>(std::move(record)));
  }
  // Replaces the record in memory only; the next Put of its key writes it.
  void Keep(const std::string& key, Record record) {
    records_[key] = std::move(record);
    news_.insert(key);
  }
  void Erase(const std::string& key) {
    if (records_.erase(key) > 0) Changed(key);
  }

  template <typename Predicate>
  void EraseIf(const Predicate& predicate) {
    for (auto it = records_.begin(); it != records_.end();) {
      const bool erase = predicate(*it->second);
      if (erase) Changed(it->first);
      it = erase ? records_.erase(it) : std::next(it);
    }
  }

  template <typename Change>
  void Update(const Change& change) {
    for (auto& [key, record] : records_) {
      T changed = *record;
      change(changed);
      record = std::make_shared<const T>(std::move(changed));
      Changed(key);
    }
  }

  void AddChangesTo(LedgerTransaction& transaction) const {
    for (const std::string& key : changed_) {
      const auto known = revisions_.find(key);
      const Revision revision = known == revisions_.end() ? 0 : known->second;
      const T* record = Find(key);
      if (record == nullptr && revision == 0) continue;  // Added and erased within the step.
      transaction.conditions.push_back({key, revision});
      transaction.writes.push_back(
          {key, record == nullptr ? std::nullopt : std::optional(Encode(*record))});
    }
  }

  void Committed(Revision revision) {
    for (const std::string& key : changed_) {
      if (records_.contains(key)) {
        revisions_[key] = revision;
      } else {
        revisions_.erase(key);
      }
    }
    changed_.clear();
  }

  // Changes since the previous PopNews, by key; null: erased.
  std::map<std::string, Record> PopNews() {
    std::map<std::string, Record> news;
    for (const std::string& key : std::exchange(news_, {})) news[key] = Share(key);
    return news;
  }

 private:
  void Changed(const std::string& key) {
    changed_.insert(key);
    news_.insert(key);
  }

  std::map<std::string, Record> records_;
  std::map<std::string, Revision> revisions_;
  std::set<std::string> changed_;  // Since the last commit.
  std::set<std::string> news_;     // Since the previous PopNews.
};

}  // namespace promheal::healing
