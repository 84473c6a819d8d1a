#pragma once

namespace promheal::healing {

// `healing_webhook act`: carries out one configured action, or tells its effect. Exit status 0 if
// it was done, 1 if it was refused or failed, 2 if the result is unknown. It executes without
// `Decide`. That is safe because a person gives the order and it passes the same guards: protected
// targets, and each executor's opt-in labels and limits.
int RunAct(int argc, const char* const* argv);

// `healing_webhook executors`: lists each configured action, its executor, and whether that
// answers. Exit status 1 if one does not.
int RunExecutors(int argc, const char* const* argv);

// `healing_webhook actions`: prints docs/actions.md, the reference of all operations.
int RunActions(int argc, const char* const* argv);

}  // namespace promheal::healing
