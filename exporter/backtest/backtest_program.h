#pragma once

namespace promheal::anomaly {

// Runs `anomaly_exporter backtest`; argv[0] is "backtest". Returns the exit status: 0, or 1 with
// errors on standard error.
int RunBacktestProgram(int argc, const char* const* argv);

}  // namespace promheal::anomaly
