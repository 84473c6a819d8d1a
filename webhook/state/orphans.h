#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "common/base/labels.h"
#include "webhook/core/incident.h"
#include "webhook/state/calls.h"

namespace promheal::healing {

// In force at a gateway, but on nobody's record: set by a person, or by a healer whose ledger is
// lost. Told, and left alone.
struct Orphan {
  Labels target;  // Where it follows from the place.
  std::string keeper;
  std::string subject;
  std::string value;  // "40%", "drain"

  auto operator<=>(const Orphan&) const = default;
};

// Compares what gateways hold with what incidents hold. A reading may be older than what is on
// record by now, so only what two readings in a row show counts.
class Orphans {
 public:
  // Those that hold something, by ledger key.
  using Holding = std::map<std::string, std::shared_ptr<const Incident>>;

  // Takes in one reading; what has become an orphan with it.
  std::vector<Orphan> Take(const OverridesRead& read, const Holding& holding);

  // All of them, in order, each once, also where several actions read the same places.
  std::vector<Orphan> all() const;

 private:
  std::map<std::string, std::map<Orphan, int>> seen_;  // By action: in how many readings in a row.
};

}  // namespace promheal::healing
