#pragma once

namespace promheal::healing {

// Runs the program: reads flags, checks the configuration for --config.check, or serves until
// SIGTERM or SIGINT and reloads on SIGHUP. Returns the exit status.
int Run(int argc, const char* const* argv);

}  // namespace promheal::healing
