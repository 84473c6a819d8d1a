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

// Labels, and the values that they must have.
using LabelSelection = std::vector<std::pair<std::string, std::string>>;

// The engine, and the containers or services that may be changed.
struct EngineOptions {
  std::string socket = "/var/run/docker.sock";
  // The opt-in: only containers and services with this label are ever changed.
  std::pair<std::string, std::string> enable_label{"promheal.enable", "true"};
  Duration timeout = std::chrono::seconds(5);  // For one question to the engine.
};

// Reads `socket`, `enable_label` and `timeout`; mistakes become errors of the document.
void ReadEngineOptions(YamlMap& map, EngineOptions& options);

}  // namespace promheal::healing
