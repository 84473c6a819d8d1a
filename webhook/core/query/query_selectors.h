#pragma once

#include <string>
#include <vector>

#include "common/base/label_template.h"

namespace promheal::healing {

// Where a query reads series: `up{job="shop", service="{service}"}`.
struct QuerySelector {
  std::string metric;                 // May be empty.
  std::vector<std::string> matchers;  // Those without places: `job="shop"`.
  std::vector<std::string> placed;    // The labels of the others, which tell targets apart.

  bool operator==(const QuerySelector&) const = default;
};

// In order. Selectors without braces are left out: they tell nothing apart.
std::vector<QuerySelector> SelectorsOf(const LabelTemplate& query);

// A query that gives a series for each combination of values that series of the selector have of
// these labels, whatever stands in its places.
std::string CombinationsQuery(const QuerySelector& selector,
                              const std::vector<std::string>& labels);

}  // namespace promheal::healing
