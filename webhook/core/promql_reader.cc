#include "webhook/core/promql_reader.h"

namespace promheal::healing {
void PromqlReader::Read(std::string_view text) {
  for (const char c : text) Read(c);
}

void PromqlReader::Read(char c) {
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

void PromqlReader::ReadOutside(char c) {
  in_comment_ = c == '#';
  if (c == '"' || c == '\'' || c == '`') {
    quote_ = c;
    is_pattern_ = before_.ends_with("=~") || before_.ends_with("!~");
  } else if (c != ' ' && c != '\t' && c != '\n') {
    before_ += c;
  }
}

std::string_view Trimmed(std::string_view text) {
  constexpr std::string_view kSpaces = " \t\r\n";
  const size_t begin = text.find_first_not_of(kSpaces);
  if (begin == std::string_view::npos) return "";
  return text.substr(begin, text.find_last_not_of(kSpaces) + 1 - begin);
}

std::string BarePromql(std::string_view query) {
  PromqlReader reader;
  std::string bare;
  for (const char c : query) {
    const bool was_inside = reader.quote() != '\0' || reader.in_comment();
    reader.Read(std::string_view(&c, 1));
    const bool is_inside = reader.quote() != '\0' || reader.in_comment();
    bare += was_inside && is_inside ? ' ' : c;
  }
  return bare;
}

}  // namespace promheal::healing
