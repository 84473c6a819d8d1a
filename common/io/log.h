#pragma once

#include <concepts>
#include <cstdint>
#include <initializer_list>
#include <memory>
#include <string>
#include <string_view>

#include "common/base/result.h"
#include "common/io/clock.h"

namespace promheal {

enum class LogLevel { kDebug, kInfo, kWarn, kError };
enum class LogFormat { kLogfmt, kJson };

// "debug", "info", "warn" or "error"; "logfmt" or "json". Errors list the valid names.
Result<LogLevel> ParseLogLevel(std::string_view text);
Result<LogFormat> ParseLogFormat(std::string_view text);

// One key=value of a log line. Values are formatted at once and quoted only if necessary. No value
// can break the line or add a field, whatever it holds.
struct LogField {
  LogField(std::string_view k, std::string_view v) : key(k), value(v) {}
  LogField(std::string_view k, const char* v) : key(k), value(v) {}
  LogField(std::string_view k, const std::string& v) : key(k), value(v) {}
  LogField(std::string_view k, bool v) : key(k), value(v ? "true" : "false"), json_literal(true) {}
  LogField(std::string_view k, std::integral auto v)
      : key(k), value(std::to_string(v)), json_literal(true) {}
  LogField(std::string_view k, double v);
  LogField(std::string_view k, Duration v);

  std::string_view key;
  std::string value;
  bool json_literal = false;  // A number, true or false: unquoted in JSON.
};

// Each call writes one line: a constant message, then fields for everything that varies:
//   time=2026-11-21T21:53:27.120Z level=INFO msg="model trained" target=orders rows=512
// The JSON format has the same keys; numbers and booleans are unquoted.
// Thread safety: all members may be called from any thread.
class Logger {
 public:
  virtual ~Logger() = default;

  void Debug(std::string_view msg, std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kDebug, msg, fields);
  }
  void Info(std::string_view msg, std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kInfo, msg, fields);
  }
  void Warn(std::string_view msg, std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kWarn, msg, fields);
  }
  void Error(std::string_view msg, std::initializer_list<LogField> fields = {}) {
    Write(LogLevel::kError, msg, fields);
  }

 protected:
  virtual void Write(LogLevel level, std::string_view msg,
                     std::initializer_list<LogField> fields) = 0;
};

// Writes to standard error, one system call per line. `clock` must outlive the logger.
std::unique_ptr<Logger> MakeStderrLogger(LogLevel level, LogFormat format, const Clock& clock);

}  // namespace promheal
