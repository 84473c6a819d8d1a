#pragma once

#include "services/shop/shop_description.h"

namespace promheal::shop {

// The main of a shop service: serves until SIGTERM. Returns the exit status.
int RunShop(ShopDescription shop, int argc, const char* const* argv);

}  // namespace promheal::shop
