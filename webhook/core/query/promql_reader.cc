#include "webhook/core/query/promql_reader.h"

namespace promheal::healing {
namespace {

// Blanks out comments, and quoted text if `also_quoted`; offsets stay the same.
std::string Blanked(std::string_view query, bool also_quoted) {
  PromqlReader reader;
  std::string blanked;
  for (const char c : query) {
    const bool was_quoted = reader.quote() != '\0';
    reader.Read(std::string_view(&c, 1));
    const bool is_quoted = was_quoted && reader.quote() != '\0';
    blanked += reader.in_comment() || (also_quoted && is_quoted) ? ' ' : c;
  }
  return blanked;
}

}  // namespace

void PromqlReader::Read(std::string_view text) {
  for (const char c : text) Read(c);
}

void PromqlReader::Read(char c) {
  if (in_comment_) {
    in_comment_ = c != '\n' && c != '\r';
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
  if (in_comment_) return;
  if (c == '"' || c == '\'' || c == '`') {
    quote_ = c;
    is_pattern_ = before_.ends_with("=~") || before_.ends_with("!~");
  } else if (c != ' ' && c != '\t' && c != '\n' && c != '\r') {
    before_ += c;
  }
}

std::string BarePromql(std::string_view query) { return Blanked(query, true); }

std::string WithoutComments(std::string_view query) { return Blanked(query, false); }

}  // namespace promheal::healing
