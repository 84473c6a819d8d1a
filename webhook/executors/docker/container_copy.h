#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/base/result.h"

namespace promheal::healing {

// The requests that create a copy of a container. Pure.
struct ContainerCopy {
  std::string create;  // The body of POST /containers/create, with the first network.
  // For each further network its name, and the body of POST /networks/NAME/connect.
  std::vector<std::pair<std::string, std::string>> connect;
};

// Copies from the engine's answer about the origin (GET /containers/ID/json): the image by its
// digest, configuration, limits, networks and aliases. It does not copy the name, host name and
// addresses, nor ports published on the host, which only one container can have. Labels are the
// origin's, with `number` as Compose's number and `made_by` as kMadeByLabel. kFailedPrecondition if
// the origin uses the network of the host or of another container: a copy would collide.
struct CopyOptions {
  int number = 0;
  std::string made_by;
  bool keeps_aliases = true;  // Whether the copy has the origin's network names, too.
};
Result<ContainerCopy> CopyOf(std::string_view origin_json, const CopyOptions& options);

// The body of POST /networks/NAME/connect for the new container.
std::string ForContainer(const std::string& connect, const std::string& id);

}  // namespace promheal::healing
