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

constexpr int kMaxDepth = 8;  // At most so many parentheses around the whole query.

bool IsWordCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_';
}

// Removes the last word of `text` if it is `word`, which is in lower case.
bool PopLastWord(std::string_view& text, std::string_view word) {
  if (text.size() < word.size()) return false;
  const size_t begin = text.size() - word.size();
  const bool same = std::equal(word.begin(), word.end(), text.begin() + begin, [](char a, char b) {
    return a == std::tolower(static_cast<unsigned char>(b));
  });
  if (!same || (begin > 0 && IsWordCharacter(text[begin - 1]))) return false;
  text = Trimmed(text.substr(0, begin));
  return true;
}

// Removes "(...)" from the end of `text` and returns the inside; nullopt if `text` has no such end.
std::optional<std::string_view> PopLastParentheses(std::string_view& text) {
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

// The value of "or vector(0)" or "or on() vector(0)" at the end: `or` binds weakest, so it applies
// to the whole query.
std::optional<double> LastAlternative(std::string_view text) {
  const auto inside = PopLastParentheses(text);
  if (!inside || inside->empty() || !PopLastWord(text, "vector")) return std::nullopt;
  if (text.ends_with(')')) {
    if (!PopLastParentheses(text)) return std::nullopt;
    if (!PopLastWord(text, "on") && !PopLastWord(text, "ignoring")) return std::nullopt;
  }
  if (!PopLastWord(text, "or")) return std::nullopt;
  const std::string number(*inside);
  char* end = nullptr;
  const double value = std::strtod(number.c_str(), &end);
  return *end == '\0' ? std::optional(value) : std::nullopt;
}

}  // namespace

std::optional<double> FallbackOf(std::string_view query) {
  // These aggregations return a single value unchanged.
  constexpr std::array<std::string_view, 4> kKeepSingle = {"max", "min", "sum", "avg"};
  const std::string bare = BarePromql(query);
  std::string_view text = Trimmed(bare);
  // absent(...) has a value exactly if there are no data.
  if (text.find("absent") != std::string_view::npos) return std::nullopt;
  for (int depth = 0; depth < kMaxDepth; ++depth) {
    if (const auto value = LastAlternative(text)) return value;
    const auto inside = PopLastParentheses(text);
    if (!inside) return std::nullopt;
    for (const std::string_view word : kKeepSingle) {
      if (PopLastWord(text, word)) break;
    }
    if (!text.empty()) return std::nullopt;
    text = *inside;
  }
  return std::nullopt;
}

}  // namespace promheal::healing
