#pragma once

namespace promheal::healing {

// `healing_webhook simulate`: replays recorded alerts through a policy file, and compares the
// decisions with those of a second file. Exit status 0, or 1 with an error.
int RunSimulate(int argc, const char* const* argv);

}  // namespace promheal::healing
