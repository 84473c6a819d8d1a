#pragma once

#include <string>
#include <vector>

#include "webhook/core/alert.h"
#include "webhook/core/policy.h"

namespace promheal::healing::samples {

// 2026-01-01T00:00:00Z.
Time Start();
Time At(int seconds);  // Seconds after Start().

AlertNotice Firing(const std::string& name, const std::string& service, const std::string& scenario,
                   int starts_at = 0);
AlertNotice Resolved(const AlertNotice& firing, int ends_at);
AlertRecord RecordOf(const AlertNotice& notice, int received_at = 0);

// A window "deploys" on the day of Start(), from and until these seconds after it.
MaintenanceWindow Deploys(int from, int until, std::vector<LabelMatch> match = {});

Condition Expect(const std::string& query, const std::string& expectation);

// A policy for one scenario in mode auto that verifies `up == 1`: settle 4 s, every 2 s, twice in a
// row, for 20 s at most; cooldown 60 s.
Policy PolicyFor(const std::string& scenario, const std::vector<std::string>& ladder);

// Policies "crash" (restart) and "latency" (throttle, scale_out, restart); window 2 s.
PolicySet Policies();

}  // namespace promheal::healing::samples
