#include "tests/services/shop_process.h"

#include <fmt/format.h>

#include <cstdlib>
#include <stdexcept>

#include "tests/support/wait.h"

namespace promheal::shop {
namespace {

support::ChildProcessOptions Options(const std::string& program, std::vector<std::string> flags) {
  support::ChildProcessOptions options;
  options.argv = {std::string(SHOP_PROGRAMS) + "/" + program, "--web.listen-address=127.0.0.1:0"};
  for (std::string& flag : flags) options.argv.push_back(std::move(flag));
  // Makes AddressSanitizer return freed memory soon, as the tests of memory expect.
  const char* sanitizer = std::getenv("ASAN_OPTIONS");
  options.environment = {{"ASAN_OPTIONS", fmt::format("{}:quarantine_size_mb=1",
                                                      sanitizer == nullptr ? "" : sanitizer)}};
  return options;
}

uint16_t PortIn(const std::string& log) {
  const size_t at = log.find(" port=");
  return at == std::string::npos ? uint16_t{0}
                                 : static_cast<uint16_t>(std::atoi(log.c_str() + at + 6));
}

}  // namespace

ShopProcess::ShopProcess(const std::string& program, std::vector<std::string> flags)
    : process_(Options(program, std::move(flags))), client_(MakeCurlHttpClient({})) {
  support::WaitUntil(
      [this] {
        port_ = PortIn(process_.Output());
        return port_ != 0 || !process_.Running();
      },
      std::chrono::seconds(10));
  if (port_ == 0) throw std::runtime_error(program + " does not listen: " + process_.Output());
}

std::string ShopProcess::url() const { return fmt::format("http://127.0.0.1:{}", port_); }

Result<HttpResponse> ShopProcess::Get(const std::string& path, Duration timeout) {
  return Send("GET", path, timeout);
}

Result<HttpResponse> ShopProcess::Post(const std::string& path, Duration timeout) {
  return Send("POST", path, timeout);
}

int ShopProcess::StatusOf(const std::string& path, Duration timeout) {
  const Result<HttpResponse> response = Get(path, timeout);
  return response ? response->status : 0;
}

std::optional<double> ShopProcess::Metric(const std::string& series) {
  const Result<HttpResponse> metrics = Get("/metrics");
  if (!metrics) return std::nullopt;
  const size_t at = metrics->body.find("\n" + series + " ");
  if (at == std::string::npos) return std::nullopt;
  return std::strtod(metrics->body.c_str() + at + series.size() + 2, nullptr);
}

Result<HttpResponse> ShopProcess::Send(const std::string& method, const std::string& path,
                                       Duration timeout) {
  HttpRequest request;
  request.method = method;
  request.url = url() + path;
  request.timeout = timeout;
  return client_->Send(request);
}

}  // namespace promheal::shop
