#pragma once

namespace promheal::healing {

// `healing_webhook act`: carries out one configured action, or says what it would do. Exit status 0
// where it was done, 1 where it was refused or failed, 2 where nobody can tell.
int RunAct(int argc, const char* const* argv);

// `healing_webhook executors`: each configured action, who carries it out and whether they answer.
// Exit status 1 where one does not.
int RunExecutors(int argc, const char* const* argv);

// `healing_webhook actions`: everything that executors can do, as the reference in docs/actions.md.
int RunActions(int argc, const char* const* argv);

}  // namespace promheal::healing
