#pragma once

#include <string>

namespace promheal::healing {

// What every executor can do: operation, what it changes, its undo, what it needs. Markdown, from
// the tables that the executors themselves work by.
std::string ActionReference();

}  // namespace promheal::healing
