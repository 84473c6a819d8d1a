#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace promheal {

// A label set as in Prometheus: each name once; an empty value is the same as no label.
// Invariant: sorted by name, no empty value.
// Thread safety: a value; const calls may run side by side.
class Labels {
 public:
  using Pair = std::pair<std::string, std::string>;

  Labels() = default;
  // If a name is given twice, the last value counts.
  Labels(std::initializer_list<Pair> pairs);
  explicit Labels(std::vector<Pair> pairs);

  // The value of `name`, or "" if the label is missing.
  std::string_view Get(std::string_view name) const;
  bool Has(std::string_view name) const { return !Get(name).empty(); }
  bool HasAll(const std::vector<std::string>& names) const;

  // Sets or, with an empty value, removes one label.
  void Set(std::string_view name, std::string_view value);

  // Only the named labels, in any order, as PromQL's `by (names)`.
  Labels Only(const std::vector<std::string>& names) const;
  // All but the named labels, as PromQL's `without (names)`.
  Labels Without(const std::vector<std::string>& names) const;

  bool empty() const { return pairs_.empty(); }
  size_t size() const { return pairs_.size(); }
  auto begin() const { return pairs_.begin(); }
  auto end() const { return pairs_.end(); }

  // {cluster="eu",service="orders"}: valid PromQL, with ", \ and line breaks escaped. Ledgers and
  // logs identify a target by this text.
  std::string ToString() const;

  // For people: "orders" for one label, "eu/orders" for several, in order of names.
  std::string ToDisplayName() const;

  auto operator<=>(const Labels&) const = default;
  bool operator==(const Labels&) const = default;

 private:
  std::vector<Pair> pairs_;
};

// `value` as written between double quotes in PromQL and in Prometheus' text format.
std::string EscapeLabelValue(std::string_view value);

// [a-zA-Z_][a-zA-Z0-9_]*
bool IsValidLabelName(std::string_view name);

}  // namespace promheal
