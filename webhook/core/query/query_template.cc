#include "webhook/core/query/query_template.h"

#include <fmt/core.h>

#include "webhook/core/query/promql_reader.h"

namespace promheal::healing {
namespace {

std::string Escaped(std::string_view value, const PromqlReader& place) {
  constexpr std::string_view kSpecialInPatterns = R"(\.+*?()|[]{}^$)";
  std::string text;
  const auto add = [&](char c) {
    if (c == '\\' || c == place.quote()) text += '\\';
    if (c == '\n') {
      text += "\\n";
    } else {
      text += c;
    }
  };
  for (const char c : value) {
    if (place.is_pattern() && kSpecialInPatterns.find(c) != std::string_view::npos) add('\\');
    add(c);
  }
  return text;
}

}  // namespace

Result<std::string> RenderQuery(const LabelTemplate& query, const Labels& labels) {
  PromqlReader reader;
  return query.Render(
      labels,
      [&](std::string_view name, std::string_view value) -> Result<std::string> {
        if (!reader.takes_text()) {
          return Fail(
              ErrorCode::kInvalidArgument,
              fmt::format("{{{}}} does not stand between quotes in '{}'", name, query.text()));
        }
        return Escaped(value, reader);
      },
      [&](std::string_view text) { reader.Read(text); });
}

Status CheckQuery(const LabelTemplate& query) {
  if (query.text().find("{{") != std::string::npos) {
    return Fail(
        ErrorCode::kInvalidArgument,
        fmt::format("'{}' has double braces: expected the label's name in single ones, as in "
                    "{{service=\"{{service}}\"}}",
                    query.text()));
  }
  Labels labels;
  for (const std::string& name : query.names()) labels.Set(name, "x");
  const Result<std::string> rendered = RenderQuery(query, labels);
  if (!rendered) return tl::make_unexpected(rendered.error());
  return {};
}

}  // namespace promheal::healing
