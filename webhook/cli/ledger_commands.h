#pragma once

namespace promheal::healing {

// `healing_webhook ledger check|migrate|export`: maintains the ledger of --storage.path without a
// healer. Exit status 0, or 1 with the errors, one on each line of standard error.
int RunLedger(int argc, const char* const* argv);

}  // namespace promheal::healing
