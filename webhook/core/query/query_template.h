#pragma once

#include "common/base/label_template.h"
#include "common/base/result.h"

namespace promheal::healing {

// PromQL queries with placeholders for label values. A value always stands for itself: it cannot
// leave its quotes, and after =~ or !~ it is no regular expression.

// kInvalidArgument if a placeholder is not between "double" or 'single' quotes, or has double braces
// as in other template languages: one pair would stay around the value.
Status CheckQuery(const LabelTemplate& query);

// Also kInvalidArgument for a missing label.
Result<std::string> RenderQuery(const LabelTemplate& query, const Labels& labels);

}  // namespace promheal::healing
