#pragma once

#include <string>

namespace promheal::healing {

// docs/actions.md: the operations of every executor, from the tables that the executors work by.
std::string ActionReference();

}  // namespace promheal::healing
