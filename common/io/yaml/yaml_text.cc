#include "common/io/yaml/yaml_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/io/utf8.h"

namespace promheal {
namespace {

constexpr size_t kMaxMessageCharacters = 200;

YamlMark MarkOfOffset(std::string_view text, size_t offset) {
  const std::string_view before = text.substr(0, offset);
  const size_t line_start = before.rfind('\n') + 1;  // npos + 1 is 0.
  return {.line = static_cast<int>(std::count(before.begin(), before.end(), '\n')) + 1,
          .column = static_cast<int>(offset - line_start) + 1};
}

std::string_view LineOf(std::string_view text, int line) {
  for (; line > 1; --line) {
    const size_t end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  return text.substr(0, text.find('\n'));
}

bool IsForbiddenControl(char c) {
  const auto byte = static_cast<unsigned char>(c);
  return (byte < 0x20 && c != '\t' && c != '\n' && c != '\r') || byte == 0x7f;
}

// The first line that a tab indents, unless only a comment follows; npos if there is none.
size_t FindTabIndent(std::string_view text) {
  for (size_t start = 0; start < text.size();) {
    if (text[start] == '\t') {
      const size_t first = text.find_first_not_of(" \t\r", start);
      if (first != std::string_view::npos && text[first] != '\n' && text[first] != '#')
        return start;
    }
    const size_t end = text.find('\n', start);
    if (end == std::string_view::npos) break;
    start = end + 1;
  }
  return std::string_view::npos;
}

constexpr char kTabIndent[] = "a tab indents this line: expected spaces";

// Translates yaml-cpp's message into advice.
std::string Explain(const std::string& parser_message) {
  struct Row {
    std::string_view theirs;
    std::string_view ours;
  };
  static constexpr std::array<Row, 7> kRows = {
      {{"illegal map value", "a ':' cannot stand here: check the indentation, or quote the text"},
       {"illegal map key", "a key cannot stand here: check the indentation, or quote the text"},
       {"illegal block entry", "a '-' cannot stand here: a list starts on a line of its own"},
       {"end of map not found", "the indentation fits no line above"},
       {"end of sequence not found", "the indentation fits no line above"},
       {"the referenced anchor is not defined", "the alias names no anchor above"},
       {"unknown token", "this character cannot start a value: put the text in quotes"}}};
  for (const Row& row : kRows) {
    if (row.theirs == parser_message) return std::string(row.ours);
  }
  return FirstWords(parser_message, kMaxMessageCharacters);
}

}  // namespace

std::optional<YamlError> CheckYamlText(std::string_view text) {
  if (text.size() > kMaxYamlBytes) {
    return YamlError{{1, 1}, fmt::format("the file is larger than {} MiB", kMaxYamlBytes >> 20U)};
  }
  if (const size_t at = FindInvalidUtf8(text); at != std::string_view::npos) {
    return YamlError{MarkOfOffset(text, at), fmt::format("byte 0x{:02x} is not UTF-8",
                                                         static_cast<unsigned char>(text[at]))};
  }
  const auto control = std::find_if(text.begin(), text.end(), IsForbiddenControl);
  if (control != text.end()) {
    return YamlError{MarkOfOffset(text, static_cast<size_t>(control - text.begin())),
                     fmt::format("control character 0x{:02x} is not allowed",
                                 static_cast<unsigned char>(*control))};
  }
  if (const size_t at = FindTabIndent(text); at != std::string_view::npos) {
    return YamlError{MarkOfOffset(text, at), kTabIndent};
  }
  return std::nullopt;
}

YamlError ExplainSyntaxError(std::string_view text, const YamlError& theirs,
                             const YamlProgress& progress) {
  if (theirs.message == "illegal document indicator in scalar") {
    return {progress.last_value, "a quote that opens after this is never closed"};
  }
  const std::string_view line = LineOf(text, theirs.at.line);
  const size_t tab = line.find('\t');
  if (tab < line.find_first_not_of(" \t")) {
    return {{theirs.at.line, static_cast<int>(tab) + 1}, kTabIndent};
  }
  if (theirs.message == "end of map flow not found") {
    return {progress.innermost_open, "'{' is not closed: expected ',' or '}'"};
  }
  if (theirs.message == "end of sequence flow not found") {
    return {progress.innermost_open, "'[' is not closed: expected ',' or ']'"};
  }
  return {theirs.at, Explain(theirs.message)};
}

}  // namespace promheal
