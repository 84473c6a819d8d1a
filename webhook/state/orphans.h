#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "webhook/core/incident.h"
#include "webhook/state/calls.h"

namespace promheal::healing {

// An override in force at a keeper, but on no record: set by a person, or by a healer whose ledger
// is lost. The healer reports it and leaves it alone.
struct Orphan {
  Labels target;  // Empty if the place does not tell it.
  std::string keeper;
  std::string subject;
  std::string value;  // "40%", "drain"

  auto operator<=>(const Orphan&) const = default;
};

// Compares the keepers' overrides with those on record. A reading may be older than the record, so
// an orphan counts only if two readings in a row show it.
class Orphans {
 public:
  // Incidents with overrides, by ledger key.
  using Holding = std::map<std::string, std::shared_ptr<const Incident>>;

  // Compares a reading and returns the new orphans.
  std::vector<Orphan> Update(const OverridesRead& read, const Holding& holding);

  // All orphans in order, each once, also if several actions read the same places.
  std::vector<Orphan> all() const;

 private:
  std::map<std::string, std::map<Orphan, int>>
      seen_;  // By action: the number of readings in a row.
};

}  // namespace promheal::healing
