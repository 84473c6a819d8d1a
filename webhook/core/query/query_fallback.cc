#include "webhook/core/query/query_fallback.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <cstdlib>
#include <string>

#include "common/base/text.h"
#include "webhook/core/query/promql_reader.h"

namespace promheal::healing {
namespace {

constexpr int kMostAround = 8;  // Parentheses around all of it.

bool IsOfWord(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

// Takes the last word of `text` off where it is `word`, which is in lower case.
bool TakeLastWord(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) return false;
  const size_t begin = text.size() - word.size();
  const bool same = std::equal(word.begin(), word.end(), text.begin() + begin, [](char a, char b) {
    return a == std::tolower(static_cast<unsigned char>(b));
  });
  if (!same || (begin > 0 && IsOfWord(text[begin - 1]))) return false;
  text = Trimmed(text.substr(0, begin));
  return true;
}

// Takes "(...)" off the end of `text`: what stands in it. Nothing where `text` does not end so.
std::optional<std::string_view> TakeLastParentheses(std::string_view& text) {
  if (!text.ends_with(')')) return std::nullopt;
  int open = 0;
  for (size_t at = text.size(); at-- > 0;) {
    open += text[at] == ')' ? 1 : text[at] == '(' ? -1 : 0;
    if (open > 0) continue;
    const std::string_view inside = text.substr(at + 1, text.size() - at - 2);
    text = Trimmed(text.substr(0, at));
    return Trimmed(inside);
  }
  return std::nullopt;
}

// "or on() vector(0)" at the end, which binds weaker than all that stands before it.
std::optional<double> LastAlternative(std::string_view text) {
  const auto inside = TakeLastParentheses(text);
  if (!inside || inside->empty() || !TakeLastWord(text, "vector")) return std::nullopt;
  if (text.ends_with(')')) {
    if (!TakeLastParentheses(text)) return std::nullopt;
    if (!TakeLastWord(text, "on") && !TakeLastWord(text, "ignoring")) return std::nullopt;
  }
  if (!TakeLastWord(text, "or")) return std::nullopt;
  const std::string number(*inside);
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  return *end == '\0' ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<double> FallbackOf(std::string_view query) {
  // Of one value they are that value.
  constexpr std::array<std::string_view, 4> kKeepOne = {"max", "min", "sum", "avg"};
  const std::string bare = BarePromql(query);
  std::string_view text = Trimmed(bare);
  if (text.find("absent") != std::string_view::npos) return std::nullopt;  // Makes data of nothing.
  for (int around = 0; around < kMostAround; ++around) {
    if (const auto value = LastAlternative(text)) return value;
    const auto inside = TakeLastParentheses(text);
    if (!inside) return std::nullopt;
    for (const std::string_view word : kKeepOne) {
      if (TakeLastWord(text, word)) break;
    }
    if (!text.empty()) return std::nullopt;
    text = *inside;
  }
  return std::nullopt;
}

}  // namespace promheal::healing
