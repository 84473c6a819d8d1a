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

// `text` against one alternative with "*".
bool MatchesGlob(std::string_view pattern, std::string_view text) {
  // The classic two-pointer walk: on a mismatch, the last "*" matches one more character.
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
                     [&](std::string_view alternative) { return MatchesGlob(alternative, value); });
}

// Treats `narrow` as a text: its "*" is an ordinary character there, which only a "*" can match.
bool PatternCovers(std::string_view wide, std::string_view narrow) {
  const auto patterns = Alternatives(wide);
  const auto texts = Alternatives(narrow);
  return std::all_of(texts.begin(), texts.end(), [&](std::string_view text) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](std::string_view pattern) { return MatchesGlob(pattern, text); });
  });
}

}  // namespace

bool Covers(const std::vector<LabelMatch>& wide, const std::vector<LabelMatch>& narrow) {
  return std::all_of(wide.begin(), wide.end(), [&](const LabelMatch& needed) {
    // All lines of `narrow` must match, so a single line that is narrow enough decides.
    return PatternCovers(needed.pattern, "*") ||
           std::any_of(narrow.begin(), narrow.end(), [&](const LabelMatch& given) {
             return given.name == needed.name && PatternCovers(needed.pattern, given.pattern);
           });
  });
}

bool MatchesAll(const std::vector<LabelMatch>& matches, const Labels& labels) {
  return std::all_of(matches.begin(), matches.end(),
                     [&](const LabelMatch& match) { return Matches(match, labels); });
}

}  // namespace promheal::healing
