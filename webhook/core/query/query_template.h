#pragma once

#include "common/base/label_template.h"
#include "common/base/result.h"

namespace promheal::healing {

// A PromQL query with places for label values. A value always stands for itself: it cannot leave
// its quotes, whichever they are, and after =~ or !~ it is no regular expression.

// kInvalidArgument where a place does not stand between "double" or 'single' quotes, and for the
// double braces of other templates, with which a value would keep one pair of them.
Status CheckQuery(const LabelTemplate& query);

// kInvalidArgument also for a label that is missing.
Result<std::string> RenderQuery(const LabelTemplate& query, const Labels& labels);

}  // namespace promheal::healing
