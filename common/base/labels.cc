#include "common/base/labels.h"

#include <algorithm>

namespace promheal {
namespace {

bool Contains(const std::vector<std::string>& names, const std::string& name) {
  return std::find(names.begin(), names.end(), name) != names.end();
}

}  // namespace

Labels::Labels(std::initializer_list<Pair> pairs) : Labels(std::vector<Pair>(pairs)) {}

Labels::Labels(std::vector<Pair> pairs) {
  for (const auto& [name, value] : pairs) Set(name, value);
}

std::string_view Labels::Get(std::string_view name) const {
  const auto it = std::lower_bound(pairs_.begin(), pairs_.end(), name,
                                   [](const Pair& p, std::string_view n) { return p.first < n; });
  return it != pairs_.end() && it->first == name ? std::string_view(it->second)
                                                 : std::string_view();
}

bool Labels::HasAll(const std::vector<std::string>& names) const {
  return std::all_of(names.begin(), names.end(), [&](const auto& name) { return Has(name); });
}

void Labels::Set(std::string_view name, std::string_view value) {
  const auto it = std::lower_bound(pairs_.begin(), pairs_.end(), name,
                                   [](const Pair& p, std::string_view n) { return p.first < n; });
  const bool present = it != pairs_.end() && it->first == name;
  if (value.empty()) {
    if (present) pairs_.erase(it);
  } else if (present) {
    it->second = value;
  } else {
    pairs_.emplace(it, name, value);
  }
}

Labels Labels::Only(const std::vector<std::string>& names) const {
  Labels kept;
  for (const Pair& pair : pairs_) {
    if (Contains(names, pair.first)) kept.pairs_.push_back(pair);
  }
  return kept;
}

Labels Labels::Without(const std::vector<std::string>& names) const {
  Labels kept;
  for (const Pair& pair : pairs_) {
    if (!Contains(names, pair.first)) kept.pairs_.push_back(pair);
  }
  return kept;
}

std::string Labels::ToString() const {
  std::string text = "{";
  for (const auto& [name, value] : pairs_) {
    if (text.size() > 1) text += ',';
    text += name + "=\"" + EscapeLabelValue(value) + '"';
  }
  return text + '}';
}

std::string Labels::ToDisplayName() const {
  std::string text;
  for (const auto& [name, value] : pairs_) {
    if (!text.empty()) text += '/';
    text += value;
  }
  return text;
}

std::string EscapeLabelValue(std::string_view value) {
  std::string escaped;
  escaped.reserve(value.size());
  for (const char c : value) {
    switch (c) {
      case '\\':
        escaped += "\\\\";
        break;
      case '"':
        escaped += "\\\"";
        break;
      case '\n':
        escaped += "\\n";
        break;
      default:
        escaped += c;
    }
  }
  return escaped;
}

bool IsValidLabelName(std::string_view name) {
  const auto letter = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
  };
  if (name.empty() || !letter(name.front())) return false;
  return std::all_of(name.begin(), name.end(),
                     [&](char c) { return letter(c) || (c >= '0' && c <= '9'); });
}

}  // namespace promheal
