#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "common/base/labels.h"

namespace promheal::healing {

// One line of a policy's `match`: `service: "orders|pay*"`. Alternatives are separated by "|", "*"
// stands for any text, everything else for itself; the whole value must match. Deliberately not a
// regular expression: the worst case is linear, and what is written is what is meant.
struct LabelMatch {
  std::string name;
  std::string pattern;

  bool operator==(const LabelMatch&) const = default;
};

// A missing label is the empty value, as in Prometheus.
bool Matches(const LabelMatch& match, const Labels& labels);
// All of them; true for none.
bool MatchesAll(const std::vector<LabelMatch>& matches, const Labels& labels);
// Whether `wide` matches all labels that `narrow` does. Never wrongly yes; no where it would have
// to combine several alternatives with "*".
bool Covers(const std::vector<LabelMatch>& wide, const std::vector<LabelMatch>& narrow);
// `text` against one alternative with "*".
bool MatchesGlob(std::string_view pattern, std::string_view text);

}  // namespace promheal::healing
