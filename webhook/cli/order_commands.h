#pragma once

namespace promheal::healing {

// What people tell a healer that runs: see CONFIGURATION.md, "What people order". Each prints what
// came of it, for people or with --json for programs. Exit status 0, or 1 with one line on standard
// error.
int RunPause(int argc, const char* const* argv);
int RunResume(int argc, const char* const* argv);
int RunFreeze(int argc, const char* const* argv);
int RunUnfreeze(int argc, const char* const* argv);
int RunRelease(int argc, const char* const* argv);
int RunFalseAlarm(int argc, const char* const* argv);

}  // namespace promheal::healing
