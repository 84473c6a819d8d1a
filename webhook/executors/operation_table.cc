#include "webhook/executors/operation_table.h"

#include <fmt/format.h>

#include "common/io/yaml/yaml_schema.h"

namespace promheal::healing {

std::optional<size_t> ReadOperationName(YamlMap& map, const std::vector<std::string>& names) {
  size_t row = 0;
  if (map.ReadEnum("operation", names, &row)) return row;
  if (!map.Has("operation")) {
    map.AddError(map.mark(),
                 fmt::format("operation: missing: expected one of {}", fmt::join(names, ", ")));
  }
  return std::nullopt;
}

std::string ToMarkdown(const std::vector<OperationReference>& rows) {
  std::string text =
      "| `operation` | Changes | Done again | Undo | Stays in force | Needs |\n"
      "|---|---|---|---|---|---|\n";
  for (const OperationReference& row : rows) {
    text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", row.name, row.changes, row.repeated,
                        row.undo, row.stays, row.needs);
  }
  return text;
}

}  // namespace promheal::healing
