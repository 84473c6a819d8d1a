#pragma once

namespace promheal::healing {

// `healing_webhook simulate`: what a policy file would have decided over a recorded course, beside
// what another one would have. Exit status 0, or 1 with what is wrong.
int RunSimulate(int argc, const char* const* argv);

}  // namespace promheal::healing
