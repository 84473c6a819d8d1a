#pragma once

#include <memory>

#include "common/io/log.h"

namespace promheal::support {

// Discards everything.
class NullLogger final : public Logger {
 protected:
  void Write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

inline std::unique_ptr<Logger> MakeNullLogger() { return std::make_unique<NullLogger>(); }

}  // namespace promheal::support
