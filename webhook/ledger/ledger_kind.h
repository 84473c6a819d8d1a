#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "webhook/ledger/ledger.h"

namespace promheal::healing {

// A ledger in its storage, with the questions that commands ask about the storage itself.
class StoredLedger : public Ledger {
 public:
  // Looks through the whole storage for damage: kDataLoss.
  virtual Status Check() = 0;

  // Shows every entry that can be read, by key, and goes on behind a damage. kDataLoss: which
  // entries are missing.
  virtual Status ForEachReadable(const std::function<void(const LedgerEntry&)>& visit) = 0;

  // The version of the tables that hold the entries.
  virtual Result<int> schema_version() const = 0;
};

// One way to store a ledger. `storage` is the value of --storage.path.
struct LedgerKind {
  std::string_view name;    // "sqlite"
  std::string_view prefix;  // A storage of this kind begins so: "postgresql://"; "" takes any.
  int newest_schema = 1;

  // Opens the ledger, creates it if there is none, and brings an older schema to the newest.
  // Refused while another healer has it open (kFailedPrecondition). A damaged one is kDataLoss.
  Result<std::unique_ptr<StoredLedger>> (*open)(const std::string& storage) = nullptr;

  // Also while a healer runs; refuses every Commit. kNotFound if there is none.
  Result<std::unique_ptr<StoredLedger>> (*open_to_read)(const std::string& storage) = nullptr;

  // Brings the schema to `version`, up or down, and returns the version before. No healer may run.
  Result<int> (*migrate)(const std::string& storage, int version) = nullptr;

  // For messages: where the ledger is, without secrets, and what to do if it is damaged.
  std::string (*location)(const std::string& storage) = nullptr;
  std::string (*advice_if_damaged)(const std::string& storage) = nullptr;
};

}  // namespace promheal::healing
