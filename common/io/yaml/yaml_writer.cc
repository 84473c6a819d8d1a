#include "common/io/yaml/yaml_writer.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "common/base/duration.h"

namespace promheal {
namespace {

bool IsPlainCharacter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_-./:()+*=<>").find(c) != std::string_view::npos;
}

// Whether YAML reads the unquoted `value` back as this string: it starts with a letter or slash,
// has no special characters, and is no word with a meaning such as "null".
bool IsPlain(std::string_view value) {
  static constexpr std::array<std::string_view, 9> kWords = {"true", "false", "yes", "no", "on",
                                                             "off",  "null",  "y",   "n"};
  if (value.empty() || !((value.front() >= 'a' && value.front() <= 'z') ||
                         (value.front() >= 'A' && value.front() <= 'Z') || value.front() == '/')) {
    return false;
  }
  std::string lower(value);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return value.back() != ':' && std::all_of(value.begin(), value.end(), IsPlainCharacter) &&
         std::find(kWords.begin(), kWords.end(), lower) == kWords.end();
}

}  // namespace

void YamlWriter::Value(std::string_view key, double value) {
  if (std::isinf(value)) return Line(key, value > 0 ? ".inf" : "-.inf");
  Line(key, fmt::format("{}", value));
}

void YamlWriter::Value(std::string_view key, Duration value) { Line(key, FormatDuration(value)); }

void YamlWriter::Values(std::string_view key, const std::vector<std::string>& values) {
  std::string list;
  for (const std::string& value : values) list += (list.empty() ? "" : ", ") + Scalar(value);
  Line(key, '[' + list + ']');
}

void YamlWriter::Numbers(std::string_view key, const std::vector<int>& numbers) {
  std::string list;
  for (const int number : numbers) list += (list.empty() ? "" : ", ") + std::to_string(number);
  Line(key, '[' + list + ']');
}

void YamlWriter::Map(std::string_view key, const std::function<void()>& write) {
  Line(key, "");
  indent_ += 2;
  write();
  indent_ -= 2;
}

void YamlWriter::List(std::string_view key, size_t count,
                      const std::function<void(size_t)>& write) {
  if (count == 0) return Line(key, "[]");
  Line(key, "");
  indent_ += 4;
  for (size_t i = 0; i < count; ++i) {
    item_begins_ = true;
    write(i);
  }
  indent_ -= 4;
}

std::string YamlWriter::Scalar(std::string_view value) {
  if (IsPlain(value)) return std::string(value);
  std::string quoted = "\"";
  for (const char c : value) {
    if (c == '"' || c == '\\') quoted += '\\';
    if (c == '\n') {
      quoted += "\\n";
    } else if (c == '\t') {
      quoted += "\\t";
    } else {
      quoted += c;
    }
  }
  return quoted + '"';
}

void YamlWriter::Line(std::string_view key, std::string_view value) {
  text_.append(item_begins_ ? indent_ - 2 : indent_, ' ');
  if (item_begins_) text_ += "- ";
  item_begins_ = false;
  text_ += IsPlain(key) ? std::string(key) : Scalar(key);
  text_ += ':';
  if (!value.empty()) text_.append(" ").append(value);
  text_ += '\n';
}

}  // namespace promheal
