#pragma once

#include <string>
#include <string_view>

#include "common/base/result.h"

namespace promheal::healing {

// HAProxy has no status codes. A command that changes something answers with an empty line, or else
// with a sentence about why it did not (`add server` and `del server` also say that they did).
// Where the socket says `severity-output`, the sentence has a prefix: "[3]: No such server." or
// "[err]: ...", and may then also be mere news ("[5]: ..." and up).

// Of a command that changes something. The code follows from the sentence: kNotFound,
// kPermissionDenied, kInvalidArgument (an older HAProxy does not know the command), else
// kFailedPrecondition.
Status ReadOutcome(std::string_view answer);

// Of a command that shows something: the answer without the empty line at its end, "" for an empty
// one. What HAProxy shows begins with `opening`; anything else is a sentence about why it does not.
// kDataLoss where the end is missing. The result points into `answer`.
Result<std::string_view> ReadDump(std::string_view answer, std::string_view opening);

// A sentence of HAProxy's, safe for a log: one line, no control characters, 160 characters at most.
std::string OneSentence(std::string_view answer);

}  // namespace promheal::healing
