#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"

namespace promheal::healing {

// One line of a policy's `match`: `service: "orders|pay*"`. Alternatives are separated by "|"; "*"
// matches any text, and any other character only itself; the whole value must match. Deliberately
// not a regular expression: a dot stays a dot, and no pattern is slow.
struct LabelMatch {
  std::string name;
  std::string pattern;

  bool operator==(const LabelMatch&) const = default;
};

// Whether all of `matches` match. A missing label has the empty value, as in Prometheus.
bool MatchesAll(const std::vector<LabelMatch>& matches, const Labels& labels);
// Whether `wide` matches all labels that `narrow` matches. Never wrongly true; but false
// if only several patterns together would cover a pattern of `narrow`.
bool Covers(const std::vector<LabelMatch>& wide, const std::vector<LabelMatch>& narrow);

}  // namespace promheal::healing
