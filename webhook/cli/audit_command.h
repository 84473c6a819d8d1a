#pragma once

namespace promheal::healing {

// `healing_webhook audit [--incident=ID] [--since=1h|TIME] [--json]`: prints the audit trail of the
// ledger under --storage.path, also while a healer runs. Exit status 0, or 1 with an error, also if
// the trail is broken.
int RunAudit(int argc, const char* const* argv);

}  // namespace promheal::healing
