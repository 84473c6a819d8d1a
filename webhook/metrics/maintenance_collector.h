#pragma once

#include <prometheus/collectable.h>

#include <functional>
#include <memory>

#include "common/io/clock.h"
#include "webhook/config/config.h"

namespace promheal::healing {

// Collects which maintenance windows are open at the time of the scrape. Calls `config` each time,
// from any thread.
std::shared_ptr<prometheus::Collectable> MakeMaintenanceCollector(
    std::function<ConfigSnapshot()> config, const Clock& clock);

}  // namespace promheal::healing
