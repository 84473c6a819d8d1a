#pragma once

namespace promheal::healing {

// The whole program: flags, --config.check, serving until SIGTERM or SIGINT, reloading on SIGHUP.
// Returns the exit status.
int Run(int argc, const char* const* argv);

}  // namespace promheal::healing
