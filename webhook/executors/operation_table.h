#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// The operations that a kind of executor offers: a vector of rows, the least disruptive first as a
// rule. A policy's ladder says which is tried first. OperationInfo is such a row; a kind whose
// operations differ in more may have a row of its own with the same fields and others.
template <typename Operation>
struct OperationInfo {
  Operation operation;
  std::string_view name;  // In the configuration.
  bool stays = false;     // In force until undone: an OverrideExecutor carries it out.
  // For people, as in docs/actions.md.
  std::string_view changes;
  std::string_view repeated;  // The effect of doing it again.
  std::string_view undo;
  std::string_view needs;
  std::string_view not_undone = "";  // See Executor.
};

// The row of `operation`, which must have one.
template <typename Info, typename Operation>
const Info& RowOf(const std::vector<Info>& table, Operation operation) {
  return *std::find_if(table.begin(), table.end(),
                       [&](const Info& info) { return info.operation == operation; });
}

// For OverrideTraits: its place among them.
template <typename Info, typename Operation>
int DisruptivenessOf(const std::vector<Info>& table, Operation operation) {
  return static_cast<int>(&RowOf(table, operation) - table.data());
}

// Reads `operation`, one of `names`. If it is missing or unknown, that becomes an error of the
// document, and the answer is nullopt.
std::optional<size_t> ReadOperationName(YamlMap& map, const std::vector<std::string>& names);

// The same by the table. False if the operation is missing or unknown.
template <typename Info, typename Operation>
bool ReadOperation(YamlMap& map, const std::vector<Info>& table, Operation& operation) {
  std::vector<std::string> names;
  for (const Info& info : table) names.emplace_back(info.name);
  const std::optional<size_t> row = ReadOperationName(map, names);
  if (row) operation = table[*row].operation;
  return row.has_value();
}

// A row of docs/actions.md.
struct OperationReference {
  std::string_view name;
  std::string_view changes;
  std::string_view repeated;
  std::string_view undo;
  std::string_view stays;  // How long it stays in force.
  std::string_view needs;
};
std::string ToMarkdown(const std::vector<OperationReference>& rows);

// The whole table as Markdown; `stays` says for a row how long the operation stays in force.
template <typename Info, typename Stays>
std::string ReferenceOf(const std::vector<Info>& table, const Stays& stays) {
  std::vector<OperationReference> rows;
  for (const Info& info : table) {
    rows.push_back({info.name, info.changes, info.repeated, info.undo, stays(info), info.needs});
  }
  return ToMarkdown(rows);
}

// For kinds whose overrides stay until they are undone.
template <typename Operation>
std::string ReferenceOf(const std::vector<OperationInfo<Operation>>& table) {
  return ReferenceOf(table, [](const OperationInfo<Operation>& info) {
    return info.stays ? "until undone" : "no";
  });
}

}  // namespace promheal::healing
