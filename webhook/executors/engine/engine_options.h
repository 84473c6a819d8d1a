#pragma once

#include <chrono>
#include <string>
#include <utility>
#include <vector>

#include "common/base/time.h"

namespace promheal {
class YamlMap;
}

namespace promheal::healing {

// A label, and the value that it must have.
using LabelSelection = std::vector<std::pair<std::string, std::string>>;

// Which engine is asked, and what of it may be touched.
struct EngineOptions {
  std::string socket = "/var/run/docker.sock";
  // Only what has this label is ever touched: a name, "=" and a value.
  std::pair<std::string, std::string> enable_label{"promheal.enable", "true"};
  Duration timeout = std::chrono::seconds(5);  // Of one question to the engine.
};

// Reads `socket`, `enable_label` and `timeout`; what is wrong becomes errors of the document.
void ReadEngineOptions(YamlMap& map, EngineOptions& options);

}  // namespace promheal::healing
