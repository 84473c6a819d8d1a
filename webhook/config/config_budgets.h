#pragma once

#include <string>
#include <vector>

#include "common/io/yaml/yaml_schema.h"
#include "common/io/yaml/yaml_writer.h"
#include "webhook/core/budget.h"

namespace promheal::healing {

// The `budgets` section. Budgets count by labels, which must be among `target_labels`; by default
// that is `service`, or else the last of them.
void ReadBudgets(YamlMap& root, const std::vector<std::string>& target_labels, Budgets& budgets);
void WriteBudgets(const Budgets& budgets, YamlWriter& writer);

}  // namespace promheal::healing
