#include "webhook/core/label_match.h"

#include <algorithm>

namespace promheal::healing {
namespace {

std::vector<std::string_view> Alternatives(std::string_view pattern) {
  std::vector<std::string_view> alternatives;
  while (true) {
    const size_t bar = pattern.find('|');
    alternatives.push_back(pattern.substr(0, bar));
    if (bar == std::string_view::npos) return alternatives;
    pattern.remove_prefix(bar + 1);
  }
}

// A "*" of the narrow one can only be matched by one of the wide one, since none stands for itself.
bool PatternCovers(std::string_view wide, std::string_view narrow) {
  const auto wide_ones = Alternatives(wide);
  const auto narrow_ones = Alternatives(narrow);
  return std::all_of(narrow_ones.begin(), narrow_ones.end(), [&](std::string_view one) {
    return std::any_of(wide_ones.begin(), wide_ones.end(),
                       [&](std::string_view other) { return MatchesGlob(other, one); });
  });
}

}  // namespace

bool Covers(const std::vector<LabelMatch>& wide, const std::vector<LabelMatch>& narrow) {
  return std::all_of(wide.begin(), wide.end(), [&](const LabelMatch& needed) {
    // All lines of `narrow` must match, so one that is narrow enough is enough.
    return PatternCovers(needed.pattern, "*") ||
           std::any_of(narrow.begin(), narrow.end(), [&](const LabelMatch& one) {
             return one.name == needed.name && PatternCovers(needed.pattern, one.pattern);
           });
  });
}

bool MatchesGlob(std::string_view pattern, std::string_view text) {
  // The classic two-pointer walk: on a mismatch, let the last "*" take one more character.
  size_t p = 0;
  size_t t = 0;
  size_t star = std::string_view::npos;
  size_t resume = 0;
  while (t < text.size()) {
    if (p < pattern.size() && pattern[p] == '*') {
      star = p++;
      resume = t;
    } else if (p < pattern.size() && pattern[p] == text[t]) {
      ++p;
      ++t;
    } else if (star != std::string_view::npos) {
      p = star + 1;
      t = ++resume;
    } else {
      return false;
    }
  }
  return pattern.find_first_not_of('*', p) == std::string_view::npos;
}

bool Matches(const LabelMatch& match, const Labels& labels) {
  const std::string_view value = labels.Get(match.name);
  const auto alternatives = Alternatives(match.pattern);
  return std::any_of(alternatives.begin(), alternatives.end(),
                     [&](std::string_view one) { return MatchesGlob(one, value); });
}

bool MatchesAll(const std::vector<LabelMatch>& matches, const Labels& labels) {
  return std::all_of(matches.begin(), matches.end(),
                     [&](const LabelMatch& match) { return Matches(match, labels); });
}

}  // namespace promheal::healing
