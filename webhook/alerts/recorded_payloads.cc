#include "webhook/alerts/recorded_payloads.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <sstream>
#include <utility>

#include "common/io/file.h"
#include "webhook/alerts/alert_json.h"

namespace promheal::healing {
namespace {

Result<std::vector<std::string>> FilesOf(const std::string& path) {
  std::error_code error;
  std::vector<std::string> files;
  if (!std::filesystem::is_directory(path, error)) return std::vector<std::string>{path};
  for (const auto& entry : std::filesystem::directory_iterator(path, error)) {
    if (entry.is_regular_file(error)) files.push_back(entry.path());
  }
  if (error) return Fail(ErrorCode::kUnavailable, path + ": " + error.message());
  std::sort(files.begin(), files.end());
  return files;
}

Result<RecordedDelivery> ParseLine(const std::string& line) {
  const auto json = nlohmann::json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("payload") || !json.contains("received_at") ||
      !json["received_at"].is_string()) {
    return Fail(ErrorCode::kInvalidArgument,
                R"(expected {"received_at":"2026-11-21T21:53:27Z","payload":{...}})");
  }
  const auto at = ParseRfc3339(json["received_at"].get<std::string>());
  if (!at) return Prefixed("received_at", at.error());
  auto delivery = ParseDelivery(json["payload"].dump());
  if (!delivery) return Prefixed("payload", delivery.error());
  return RecordedDelivery{*at, std::move(*delivery)};
}

Status LoadFile(const std::string& file, std::vector<RecordedDelivery>& deliveries) {
  const Result<std::string> text = ReadFile(file, size_t{1} << 30);
  if (!text) return tl::make_unexpected(text.error());
  std::istringstream lines(*text);
  std::string line;
  for (int number = 1; std::getline(lines, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) continue;
    auto delivery = ParseLine(line);
    if (!delivery) return Prefixed(fmt::format("{}:{}", file, number), delivery.error());
    deliveries.push_back(std::move(*delivery));
  }
  return {};
}

}  // namespace

// Replaces line breaks by blanks: JSON has them between values only.
std::string PayloadLine(Time received_at, std::string_view body) {
  std::string line =
      fmt::format("{{\"received_at\":\"{}\",\"payload\":{}}}\n", FormatRfc3339(received_at), body);
  std::replace(line.begin(), line.end() - 1, '\n', ' ');
  std::replace(line.begin(), line.end(), '\r', ' ');
  return line;
}

Result<std::vector<RecordedDelivery>> LoadPayloads(const std::string& path) {
  const auto files = FilesOf(path);
  if (!files) return tl::make_unexpected(files.error());
  std::vector<RecordedDelivery> deliveries;
  for (const std::string& file : *files) {
    if (auto status = LoadFile(file, deliveries); !status) {
      return tl::make_unexpected(status.error());
    }
  }
  std::stable_sort(deliveries.begin(), deliveries.end(),
                   [](const auto& a, const auto& b) { return a.at < b.at; });
  return deliveries;
}

}  // namespace promheal::healing
