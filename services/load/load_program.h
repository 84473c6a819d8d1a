#pragma once

namespace promheal::shop {

// The main of shop_load. Returns the exit status.
int RunLoad(int argc, const char* const* argv);

}  // namespace promheal::shop
