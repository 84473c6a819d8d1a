#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal::healing {

// HAProxy has no status codes. A command that changes something answers with an empty line, or with
// a sentence that says why it failed (`add server` and `del server` also report success in words).
// If the socket is configured with `severity-output`, the sentence has a prefix: "[3]: No such
// server." or "[err]: ...". From "[5]: ..." on it is only a notice.

// The result of a command that changes something. The sentence determines the code: kNotFound,
// kPermissionDenied, kInvalidArgument (an older HAProxy does not know the command), else
// kFailedPrecondition.
Status ReadOutcome(std::string_view answer);

// The result of a command that shows something: the answer without the empty line at its end, or
// "". A real answer begins with `opening`; any other text says why HAProxy refuses. kDataLoss if
// the end is missing. The result points into `answer`.
Result<std::string_view> ReadDump(std::string_view answer, std::string_view opening);

// A sentence from HAProxy, made safe for a log: one line, no control characters, 160 characters at
// most.
std::string OneSentence(std::string_view answer);

}  // namespace promheal::healing
