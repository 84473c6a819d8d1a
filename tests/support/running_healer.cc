#include "tests/support/running_healer.h"

#include <fmt/core.h>

#include <exception>
#include <utility>

#include "tests/support/wait.h"

namespace promheal::support {

RunningHealer::RunningHealer(const TempDirectory& directory, std::string program,
                             std::string config, std::vector<std::string> flags) {
  const std::string& path = directory.path();
  directory.Write("healing.yml", WithReplaced(std::move(config), "@", path));
  argv_ = {std::move(program), "--config.file=" + directory.PathOf("healing.yml"),
           "--storage.path=" + directory.PathOf("data"),
           fmt::format("--web.listen-address=127.0.0.1:{}", port_)};
  for (std::string& flag : flags) argv_.push_back(WithReplaced(std::move(flag), "@", path));
}

void RunningHealer::Start() {
  process_ = std::make_unique<ChildProcess>(ChildProcessOptions{.argv = argv_});
}

bool RunningHealer::StartReady() {
  Start();
  return WaitUntil([this] { return Get("/-/ready").status == 200; }, std::chrono::seconds(30));
}

RawHttpResponse RunningHealer::Get(std::string_view path) const {
  try {
    return RawHttpGet(port_, path).value_or(RawHttpResponse{});
  } catch (const std::exception&) {
    return {};
  }
}

RawHttpResponse RunningHealer::Deliver(std::string_view alerts,
                                       std::string_view more_headers) const {
  const std::string body = fmt::format(R"({{"version":"4","alerts":[{}]}})", alerts);
  try {
    return RawHttpExchange(port_, fmt::format("POST /api/v1/alerts HTTP/1.1\r\nHost: t\r\n{}"
                                              "Content-Length: {}\r\n\r\n{}",
                                              more_headers, body.size(), body))
        .value_or(RawHttpResponse{});
  } catch (const std::exception&) {
    return {};
  }
}

std::string RunningHealer::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

std::string WithReplaced(std::string text, std::string_view old_text, std::string_view new_text) {
  for (size_t at = 0; (at = text.find(old_text, at)) != std::string::npos; at += new_text.size()) {
    text.replace(at, old_text.size(), new_text);
  }
  return text;
}

}  // namespace promheal::support
