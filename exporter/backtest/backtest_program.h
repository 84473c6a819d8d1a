#pragma once

namespace promheal::anomaly {

// `anomaly_exporter backtest` as main() runs it; argv[0] is "backtest". Returns the exit status: 0,
// or 1 with one line or more on standard error.
int RunBacktestProgram(int argc, const char* const* argv);

}  // namespace promheal::anomaly
