#pragma once

namespace promheal::healing {

// Orders to a running healer (docs/configuration/operations.md). Each command prints the result as
// text, or as JSON with --json. Exit status 0, or 1 with a line on standard error.
int RunPause(int argc, const char* const* argv);
int RunResume(int argc, const char* const* argv);
int RunFreeze(int argc, const char* const* argv);
int RunUnfreeze(int argc, const char* const* argv);
int RunRelease(int argc, const char* const* argv);
int RunFalseAlarm(int argc, const char* const* argv);

}  // namespace promheal::healing
