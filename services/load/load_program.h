#pragma once

namespace promheal::shop {

// The whole of shop_load's main. Returns the exit status.
int RunLoad(int argc, const char* const* argv);

}  // namespace promheal::shop
