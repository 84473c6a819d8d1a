#include "common/io/log.h"

#include <fmt/format.h>
#include <spdlog/logger.h>
#include <spdlog/pattern_formatter.h>
#include <spdlog/sinks/stdout_sinks.h>

#include <cmath>

#include "common/base/duration.h"
#include "common/base/time.h"
#include "common/io/utf8.h"

namespace promheal {
namespace {

std::string_view Name(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return "DEBUG";
    case LogLevel::kInfo:
      return "INFO";
    case LogLevel::kWarn:
      return "WARN";
    case LogLevel::kError:
      return "ERROR";
  }
  return "ERROR";
}

spdlog::level::level_enum ToSpdlog(LogLevel level) {
  switch (level) {
    case LogLevel::kDebug:
      return spdlog::level::debug;
    case LogLevel::kInfo:
      return spdlog::level::info;
    case LogLevel::kWarn:
      return spdlog::level::warn;
    case LogLevel::kError:
      return spdlog::level::err;
  }
  return spdlog::level::err;
}

// Characters that a terminal or a log shipper may treat as a line break, or that reorder or hide
// text: C0 and C1 control characters, line and paragraph separators, directional and invisible
// marks.
bool MustBeEscaped(char32_t c) {
  return c < 0x20 || (c >= 0x7f && c < 0xa0) || (c >= 0x200b && c <= 0x200f) ||
         (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff;
}

void AppendEscaped(char32_t c, std::string_view bytes, std::string* out) {
  switch (c) {
    case U'"':
      *out += "\\\"";
      return;
    case U'\\':
      *out += "\\\\";
      return;
    case U'\n':
      *out += "\\n";
      return;
    case U'\r':
      *out += "\\r";
      return;
    case U'\t':
      *out += "\\t";
      return;
    default:
      if (MustBeEscaped(c)) {
        fmt::format_to(std::back_inserter(*out), "\\u{:04x}", static_cast<uint32_t>(c));
      } else {
        *out += bytes;
      }
  }
}

// `text` in double quotes, with escapes that both JSON and logfmt readers know. Invalid UTF-8
// becomes U+FFFD, so the line is always valid UTF-8.
void AppendQuoted(std::string_view text, std::string* out) {
  *out += '"';
  while (!text.empty()) {
    const Utf8Character next = DecodeUtf8(text);
    const std::string_view bytes = next.valid ? text.substr(0, next.length) : kUtf8Replacement;
    AppendEscaped(next.code_point, bytes, out);
    text.remove_prefix(next.length);
  }
  *out += '"';
}

bool IsBareCharacter(char c) { return c > ' ' && c < '\x7f' && c != '"' && c != '=' && c != '\\'; }

bool IsBare(std::string_view value) {
  return !value.empty() && std::all_of(value.begin(), value.end(), IsBareCharacter);
}

void AppendLogfmtField(std::string_view key, std::string_view value, std::string* line) {
  if (!line->empty()) *line += ' ';
  for (const char c : key) *line += IsBareCharacter(c) ? c : '_';
  *line += '=';
  if (IsBare(value)) {
    *line += value;
  } else {
    AppendQuoted(value, line);
  }
}

std::string LogfmtLine(Time now, LogLevel level, std::string_view msg,
                       std::initializer_list<LogField> fields) {
  std::string line;
  AppendLogfmtField("time", FormatRfc3339(now), &line);
  AppendLogfmtField("level", Name(level), &line);
  AppendLogfmtField("msg", msg, &line);
  for (const LogField& field : fields) AppendLogfmtField(field.key, field.value, &line);
  return line;
}

void AppendJsonField(std::string_view key, std::string_view value, bool literal,
                     std::string* line) {
  *line += line->empty() ? '{' : ',';
  AppendQuoted(key, line);
  *line += ':';
  if (literal) {
    *line += value;
  } else {
    AppendQuoted(value, line);
  }
}

std::string JsonLine(Time now, LogLevel level, std::string_view msg,
                     std::initializer_list<LogField> fields) {
  std::string line;
  AppendJsonField("time", FormatRfc3339(now), false, &line);
  AppendJsonField("level", Name(level), false, &line);
  AppendJsonField("msg", msg, false, &line);
  for (const LogField& field : fields) {
    AppendJsonField(field.key, field.value, field.json_literal, &line);
  }
  return line + '}';
}

class StderrLogger final : public Logger {
 public:
  StderrLogger(LogLevel level, LogFormat format, const Clock& clock)
      : format_(format),
        clock_(clock),
        spdlog_("promheal", std::make_shared<spdlog::sinks::stderr_sink_mt>()) {
    spdlog_.set_level(ToSpdlog(level));
    spdlog_.set_pattern("%v");
    spdlog_.set_error_handler([](const std::string&) {});  // Standard error itself failed.
  }

 protected:
  void Write(LogLevel level, std::string_view msg,
             std::initializer_list<LogField> fields) override {
    const spdlog::level::level_enum spdlog_level = ToSpdlog(level);
    if (!spdlog_.should_log(spdlog_level)) return;
    spdlog_.log(spdlog_level, format_ == LogFormat::kJson
                                  ? JsonLine(clock_.Now(), level, msg, fields)
                                  : LogfmtLine(clock_.Now(), level, msg, fields));
  }

 private:
  const LogFormat format_;
  const Clock& clock_;
  spdlog::logger spdlog_;
};

}  // namespace

Result<LogLevel> ParseLogLevel(std::string_view text) {
  if (text == "debug") return LogLevel::kDebug;
  if (text == "info") return LogLevel::kInfo;
  if (text == "warn") return LogLevel::kWarn;
  if (text == "error") return LogLevel::kError;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a log level: expected debug, info, warn or error", text));
}

Result<LogFormat> ParseLogFormat(std::string_view text) {
  if (text == "logfmt") return LogFormat::kLogfmt;
  if (text == "json") return LogFormat::kJson;
  return Fail(ErrorCode::kInvalidArgument,
              fmt::format("'{}' is not a log format: expected logfmt or json", text));
}

LogField::LogField(std::string_view k, double v)
    : key(k), value(fmt::format("{}", v)), json_literal(std::isfinite(v)) {}

LogField::LogField(std::string_view k, Duration v) : key(k), value(FormatDuration(v)) {}

std::unique_ptr<Logger> MakeStderrLogger(LogLevel level, LogFormat format, const Clock& clock) {
  return std::make_unique<StderrLogger>(level, format, clock);
}

}  // namespace promheal
