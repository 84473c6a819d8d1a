#pragma once

namespace promheal::healing {

// `healing_webhook incidents` and `healing_webhook explain ID`: ask a running healer and print
// text, or JSON with --json. Exit status 0, or 1 with a line on standard error.
int RunIncidents(int argc, const char* const* argv);
int RunExplain(int argc, const char* const* argv);

}  // namespace promheal::healing
