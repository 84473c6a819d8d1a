#include "common/io/socket_path.h"

#include <sys/un.h>

namespace promheal {

bool IsSocketPath(const std::string& path) {
  return !path.empty() && path.size() < sizeof(sockaddr_un::sun_path) &&
         path.find('\0') == std::string::npos;
}

}  // namespace promheal
