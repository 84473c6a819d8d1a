#pragma once

#include <cstdint>
#include <map>
#include <string>

#include "common/base/time.h"

namespace promheal {

struct SteadyLoadOptions {
  uint16_t port = 0;
  std::string path = "/";
  double requests_per_second = 100;
  Duration duration = std::chrono::seconds(1);
  int connections = 8;  // Kept alive; a thread each.
};

struct SteadyLoad {
  std::map<int, int> statuses;  // 0 stands for no answer.
  double achieved_per_second = 0;
  int total = 0;

  double ShareOf(int status) const;
};

// Users who come at their own pace: each request has its moment, whenever the one before it was
// answered. What falls behind is caught up, so that a rate that is not achieved shows.
SteadyLoad Offer(const SteadyLoadOptions& options);

}  // namespace promheal
