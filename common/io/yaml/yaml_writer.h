#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/base/time.h"

namespace promheal {

// Writes a configuration for people, for /config: block style, two blanks per level, durations as
// 1h30m, and strings in double quotes only if YAML would misread them otherwise.
class YamlWriter {
 public:
  void Value(std::string_view key, std::string_view value) { Line(key, Scalar(value)); }
  void Value(std::string_view key, const char* value) { Value(key, std::string_view(value)); }
  void Value(std::string_view key, bool value) { Line(key, value ? "true" : "false"); }
  void Value(std::string_view key, int64_t value) { Line(key, std::to_string(value)); }
  void Value(std::string_view key, int value) { Line(key, std::to_string(value)); }
  void Value(std::string_view key, double value);
  void Value(std::string_view key, Duration value);
  void Values(std::string_view key, const std::vector<std::string>& values);  // [a, b]

  void Numbers(std::string_view key, const std::vector<int>& numbers);

  // Writes `key`, and below it the output of `write`.
  void Map(std::string_view key, const std::function<void()>& write);
  // A list of `count` maps; `write(i)` writes the i-th.
  void List(std::string_view key, size_t count, const std::function<void(size_t)>& write);

  const std::string& text() const { return text_; }

 private:
  static std::string Scalar(std::string_view value);
  void Line(std::string_view key, std::string_view value);

  std::string text_;
  size_t indent_ = 0;
  bool item_begins_ = false;  // The next line is the first of a list item.
};

}  // namespace promheal
