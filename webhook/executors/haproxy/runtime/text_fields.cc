#include "webhook/executors/haproxy/runtime/text_fields.h"

#include <algorithm>

namespace promheal::healing {
namespace {

// Reads a quoted field, up to its closing quote or the end of the text.
std::string PopQuoted(std::string_view& text) {
  std::string field;
  text.remove_prefix(1);
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c != '"') {
      field += c;
    } else if (text.starts_with('"')) {
      field += c;
      text.remove_prefix(1);
    } else {
      break;
    }
  }
  return field;
}

}  // namespace

std::vector<std::string_view> SplitWords(std::string_view line) {
  std::vector<std::string_view> words;
  while (true) {
    line.remove_prefix(std::min(line.find_first_not_of(' '), line.size()));
    if (line.empty()) return words;
    const size_t length = std::min(line.find(' '), line.size());
    words.push_back(line.substr(0, length));
    line.remove_prefix(length);
  }
}

std::vector<std::string_view> SplitLines(std::string_view text) {
  std::vector<std::string_view> lines;
  while (!text.empty()) {
    const size_t length = std::min(text.find('\n'), text.size());
    lines.push_back(text.substr(0, length));
    text.remove_prefix(std::min(length + 1, text.size()));
  }
  return lines;
}

std::vector<std::string> PopCsvRecord(std::string_view& text) {
  std::vector<std::string> fields;
  while (!text.empty()) {
    std::string field = text.starts_with('"') ? PopQuoted(text) : "";
    const size_t rest = std::min(text.find_first_of(",\n"), text.size());
    field += text.substr(0, rest);
    text.remove_prefix(rest);
    fields.push_back(std::move(field));
    if (text.empty()) break;
    const bool ends = text.front() == '\n';
    text.remove_prefix(1);
    if (ends) break;
  }
  return fields;
}

}  // namespace promheal::healing
