#pragma once

#include "services/shop/shop_description.h"

namespace promheal::shop {

// The whole of a shop service's main: flags, parts, server, until SIGTERM. Returns the exit status.
int RunShop(ShopDescription shop, int argc, const char* const* argv);

}  // namespace promheal::shop
