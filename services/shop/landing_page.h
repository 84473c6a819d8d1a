#pragma once

#include <string>

#include "services/shop/shop_description.h"
#include "services/shop/worker_pool.h"

namespace promheal::shop {

// A self-contained page: what the service is, how busy it is, what to ask it for, how to break it.
// Its links work behind a gateway that strips a prefix, too.
std::string LandingPage(const ShopDescription& shop, const WorkerPool::Usage& usage,
                        bool faults_enabled);

}  // namespace promheal::shop
