#pragma once

#include <string>
#include <vector>

#include "common/base/label_template.h"

namespace promheal::healing {

// A selector of series in a query: `up{job="shop", service="{service}"}`.
struct QuerySelector {
  std::string metric;                 // May be empty.
  std::vector<std::string> matchers;  // Matchers without placeholders: `job="shop"`.
  std::vector<std::string> placed;    // Labels of matchers with placeholders.

  bool operator==(const QuerySelector&) const = default;
};

// In the order of the query. Selectors without braces are left out: they tell no targets apart.
std::vector<QuerySelector> SelectorsOf(const LabelTemplate& query);

// A query with one series for each combination of values of `labels` that the selector finds; its
// matchers with placeholders are left out.
std::string CombinationsQuery(const QuerySelector& selector,
                              const std::vector<std::string>& labels);

}  // namespace promheal::healing
