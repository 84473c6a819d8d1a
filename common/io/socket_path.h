#pragma once

#include <string>

namespace promheal {

// Whether the path fits into the address of a Unix socket: not empty, at most 107 bytes, no NUL.
bool IsSocketPath(const std::string& path);

}  // namespace promheal
