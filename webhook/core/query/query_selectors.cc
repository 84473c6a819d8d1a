#include "webhook/core/query/query_selectors.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>
#include <string_view>

#include "common/base/text.h"
#include "webhook/core/query/promql_reader.h"

namespace promheal::healing {
namespace {

bool IsNameCharacter(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == ':';
}

std::string_view NameAtEnd(std::string_view text) {
  text = Trimmed(text);
  size_t begin = text.size();
  while (begin > 0 && IsNameCharacter(text[begin - 1])) --begin;
  const std::string_view name = text.substr(begin);
  constexpr std::string_view kOperators[] = {"and", "or", "unless", "atan2", "bool"};
  const bool is_operator =
      std::find(std::begin(kOperators), std::end(kOperators), name) != std::end(kOperators);
  return is_operator ? "" : name;
}

void AddMatcher(QuerySelector& selector, std::string_view matcher) {
  matcher = Trimmed(matcher);
  if (matcher.empty()) return;
  if (LabelTemplate(matcher).names().empty()) {
    selector.matchers.emplace_back(matcher);
  } else {
    selector.placed.emplace_back(matcher.substr(0, matcher.find_first_of("=! \t\r\n")));
  }
}

}  // namespace

std::vector<QuerySelector> SelectorsOf(const LabelTemplate& query) {
  const std::string without_comments = WithoutComments(query.text());
  const std::string_view text = without_comments;
  const std::string bare = BarePromql(query.text());
  std::vector<QuerySelector> selectors;
  for (size_t open = bare.find('{'); open != std::string::npos; open = bare.find('{', open + 1)) {
    const size_t close = bare.find('}', open);
    if (close == std::string::npos) break;
    QuerySelector& selector = selectors.emplace_back();
    selector.metric = NameAtEnd(text.substr(0, open));
    for (size_t begin = open + 1; begin <= close;) {
      const size_t end = std::min(bare.find(',', begin), close);
      AddMatcher(selector, text.substr(begin, end - begin));
      begin = end + 1;
    }
  }
  return selectors;
}

std::string CombinationsQuery(const QuerySelector& selector,
                              const std::vector<std::string>& labels) {
  std::vector<std::string> matchers = selector.matchers;
  for (const std::string& label : labels) matchers.push_back(label + "!=\"\"");
  return fmt::format("group by ({}) ({}{{{}}})", fmt::join(labels, ", "), selector.metric,
                     fmt::join(matchers, ", "));
}

}  // namespace promheal::healing
