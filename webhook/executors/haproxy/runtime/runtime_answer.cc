#include "webhook/executors/haproxy/runtime/runtime_answer.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <optional>

#include "common/base/text.h"

namespace promheal::healing {
namespace {

// "3" or "err": the severities of syslog, 0 is the worst.
std::optional<int> ParseSeverity(std::string_view text) {
  constexpr std::array<std::string_view, 8> kNames = {"emerg",   "alert",  "crit", "err",
                                                      "warning", "notice", "info", "debug"};
  if (text.size() == 1 && text[0] >= '0' && text[0] <= '7') return text[0] - '0';
  const auto found = std::find(kNames.begin(), kNames.end(), text);
  if (found == kNames.end()) return std::nullopt;
  return static_cast<int>(found - kNames.begin());
}

// Removes "[3]: " from the front of `text`.
std::optional<int> PopSeverity(std::string_view& text) {
  const size_t end = text.find("]:");
  if (!text.starts_with('[') || end == std::string_view::npos) return std::nullopt;
  const std::optional<int> severity = ParseSeverity(text.substr(1, end - 1));
  if (severity) text = Trimmed(text.substr(end + 2));
  return severity;
}

ErrorCode CodeOf(std::string_view sentence) {
  if (sentence.starts_with("Permission denied")) return ErrorCode::kPermissionDenied;
  if (sentence.starts_with("Unknown command")) return ErrorCode::kInvalidArgument;
  for (const std::string_view opening : {"No such ", "Can't find ", "Unknown map"}) {
    if (sentence.starts_with(opening)) return ErrorCode::kNotFound;
  }
  return ErrorCode::kFailedPrecondition;
}

// The two successes that HAProxy reports in words, also without severities.
bool IsNews(std::string_view sentence) {
  return sentence == "New server registered." || sentence == "Server deleted.";
}

tl::unexpected<Error> Refused(std::string_view sentence) {
  return Fail(CodeOf(sentence), "HAProxy says: " + OneSentence(sentence));
}

}  // namespace

std::string OneSentence(std::string_view answer) {
  constexpr size_t kMaxLength = 160;
  const std::string_view trimmed = Trimmed(answer);
  std::string sentence(trimmed.substr(0, std::min(trimmed.find('\n'), kMaxLength)));
  for (char& c : sentence) {
    if (static_cast<unsigned char>(c) < 0x20 || static_cast<unsigned char>(c) >= 0x7f) c = '?';
  }
  if (sentence.size() < trimmed.size()) sentence += " ...";
  return sentence;
}

Status ReadOutcome(std::string_view answer) {
  constexpr int kNotice = 5;
  std::string_view sentence = Trimmed(answer);
  if (sentence.empty()) return {};
  const std::optional<int> severity = PopSeverity(sentence);
  if ((severity && *severity >= kNotice) || IsNews(sentence)) return {};
  return Refused(sentence);
}

Result<std::string_view> ReadDump(std::string_view answer, std::string_view opening) {
  if (answer == "\n") return std::string_view();
  if (!answer.starts_with(opening)) {
    std::string_view sentence = Trimmed(answer);
    PopSeverity(sentence);
    return Refused(sentence);
  }
  if (!answer.ends_with("\n\n")) {
    return Fail(ErrorCode::kDataLoss, "the answer was cut off");
  }
  return answer.substr(0, answer.size() - 1);
}

}  // namespace promheal::healing
