#include "webhook/core/query_template.h"

#include <fmt/core.h>

namespace promheal::healing {
namespace {

// Reads along a query, and knows what surrounds the character to come.
class PromqlReader {
 public:
  void Read(std::string_view text) {
    for (const char c : text) Read(c);
  }
  // Whether text put in here stays text.
  bool takes_text() const { return (quote_ == '"' || quote_ == '\'') && !escaped_; }
  char quote() const { return quote_; }
  bool is_pattern() const { return is_pattern_; }

 private:
  void Read(char c) {
    if (in_comment_) {
      in_comment_ = c != '\n';
    } else if (quote_ == '\0') {
      ReadOutside(c);
    } else if (escaped_) {
      escaped_ = false;
    } else if (c == '\\' && quote_ != '`') {
      escaped_ = true;
    } else if (c == quote_) {
      quote_ = '\0';
      before_ = "";
    }
  }
  void ReadOutside(char c) {
    in_comment_ = c == '#';
    if (c == '"' || c == '\'' || c == '`') {
      quote_ = c;
      is_pattern_ = before_.ends_with("=~") || before_.ends_with("!~");
    } else if (c != ' ' && c != '\t' && c != '\n') {
      before_ += c;
    }
  }

  char quote_ = '\0';  // The one that is open.
  bool escaped_ = false;
  bool in_comment_ = false;
  bool is_pattern_ = false;
  std::string before_;  // Outside of quotes, without spaces.
};

std::string Escaped(std::string_view value, const PromqlReader& place) {
  constexpr std::string_view kMeansMoreInPatterns = R"(\.+*?()|[]{}^$)";
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
    if (place.is_pattern() && kMeansMoreInPatterns.find(c) != std::string_view::npos) add('\\');
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
