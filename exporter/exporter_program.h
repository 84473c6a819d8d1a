#pragma once

namespace promheal::anomaly {

// Runs anomaly_exporter: reads flags and configuration, starts the web server, runs cycles until
// SIGTERM. Returns the exit status: 0, or 1 with errors on standard error.
int RunExporterProgram(int argc, const char* const* argv);

}  // namespace promheal::anomaly
