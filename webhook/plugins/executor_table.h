#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "common/io/clock.h"
#include "webhook/executors/executor.h"

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// One way to carry out actions.
struct ExecutorKind {
  std::string_view key;      // In the configuration, below an action.
  std::string_view summary;  // Completes "It ...".
  // Reads the block below the key. Mistakes become errors of the document.
  std::unique_ptr<Executor> (*read)(YamlMap& map, const Clock& clock);
  // Its section in docs/actions.md, in Markdown: the table of its operations.
  std::string (*reference)();
};

// All kinds: a new kind is a row in executor_table.cc.
const std::vector<ExecutorKind>& ExecutorKinds();

}  // namespace promheal::healing
