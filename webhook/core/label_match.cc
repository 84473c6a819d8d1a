#include "webhook/core/label_match.h"

#include <algorithm>

namespace promheal::healing {

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
  std::string_view rest = match.pattern;
  while (true) {
    const size_t bar = rest.find('|');
    if (MatchesGlob(rest.substr(0, bar), value)) return true;
    if (bar == std::string_view::npos) return false;
    rest.remove_prefix(bar + 1);
  }
}

bool MatchesAll(const std::vector<LabelMatch>& matches, const Labels& labels) {
  return std::all_of(matches.begin(), matches.end(),
                     [&](const LabelMatch& match) { return Matches(match, labels); });
}

}  // namespace promheal::healing
