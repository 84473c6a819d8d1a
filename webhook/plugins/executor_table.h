#pragma once

#include <memory>
#include <string_view>
#include <vector>

#include "common/io/clock.h"
#include "webhook/executors/executor.h"

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// One way to carry out actions: the key below an action in the configuration, and how to read what
// stands there. Mistakes become errors of the document.
struct ExecutorKind {
  std::string_view key;
  std::string_view summary;
  std::unique_ptr<Executor> (*read)(YamlMap& map, const Clock& clock);
};

// All of them: a new executor is a line in executor_table.cc.
const std::vector<ExecutorKind>& ExecutorKinds();

}  // namespace promheal::healing
