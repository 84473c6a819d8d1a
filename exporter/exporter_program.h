#pragma once

namespace promheal::anomaly {

// anomaly_exporter as its main() runs it: flags, configuration, web server, cycles until SIGTERM.
// Returns the exit status: 0, or 1 with one line or more on standard error.
int RunExporterProgram(int argc, const char* const* argv);

}  // namespace promheal::anomaly
