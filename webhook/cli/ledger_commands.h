#pragma once

namespace promheal::healing {

// `healing_webhook ledger check|migrate|export`: looks after the ledger of --storage.path itself,
// without a healer. Exit status 0, or 1 with what is wrong, one a line, on standard error.
int RunLedger(int argc, const char* const* argv);

}  // namespace promheal::healing
