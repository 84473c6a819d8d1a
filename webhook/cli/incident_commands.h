#pragma once

namespace promheal::healing {

// `healing_webhook incidents` and `healing_webhook explain ID`: ask a healer that runs, print for
// people or with --json for programs. Exit status 0, or 1 with one line on standard error.
int RunIncidents(int argc, const char* const* argv);
int RunExplain(int argc, const char* const* argv);

}  // namespace promheal::healing
