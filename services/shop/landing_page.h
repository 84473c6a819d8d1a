#pragma once

#include <string>

#include "services/shop/shop_description.h"
#include "services/shop/worker_pool.h"

namespace promheal::shop {

// A self-contained page: the service, its load, its routes, and its faults. The links also work
// behind a gateway that strips a prefix.
std::string LandingPage(const ShopDescription& shop, const WorkerPool::Usage& usage,
                        bool faults_enabled);

}  // namespace promheal::shop
