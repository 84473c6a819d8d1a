#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace promheal::healing {

// What makes one more container like another. Pure.
struct ContainerCopy {
  std::string create;  // The body of POST /containers/create, with the first network.
  // For each further network its name, and the body of POST /networks/NAME/connect.
  std::vector<std::pair<std::string, std::string>> connect;
};

// From what the engine says about the origin (GET /containers/ID/json): its image to the digest,
// configuration, limits, networks and aliases. Not: its own name, host name and addresses, and
// ports published on the host, which can be only one's. Labels are the origin's with `number` as
// that of Compose and `made_by` for kMadeByLabel. kFailedPrecondition where it uses the network of
// the host or of another container, so that two would get in each other's way.
struct CopyOptions {
  int number = 0;
  std::string made_by;
  bool keeps_aliases = true;  // Whether it answers to the names that the origin is found by.
};
Result<ContainerCopy> CopyOf(std::string_view origin_json, const CopyOptions& options);

// The body of POST /networks/NAME/connect for the new container.
std::string ForContainer(const std::string& connect, const std::string& id);

}  // namespace promheal::healing
