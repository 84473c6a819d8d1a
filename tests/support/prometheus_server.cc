#include "tests/support/prometheus_server.h"

#include <fmt/format.h>

#include "tests/support/free_port.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"

namespace promheal::support {
namespace {

constexpr Duration kStartTimeout = std::chrono::seconds(60);

}  // namespace

Result<std::unique_ptr<PrometheusServer>> PrometheusServer::Start(
    const PrometheusServerOptions& options) {
  const std::optional<std::string> program = FindTool("prometheus");
  if (!program) return Fail(ErrorCode::kNotFound, MissingTool("prometheus"));
  std::unique_ptr<PrometheusServer> server(new PrometheusServer);
  if (const Status filled = server->FillIn(options.openmetrics); !filled) {
    return tl::make_unexpected(filled.error());
  }
  server->port_ = FreePort();
  server->route_prefix_ = options.route_prefix;
  server->http_ = options.http;
  server->command_.argv = {
      *program, "--config.file=" + server->directory_.Write("prometheus.yml", options.config),
      "--storage.tsdb.path=" + server->directory_.PathOf("data"),
      "--storage.tsdb.retention.time=100y",
      fmt::format("--web.listen-address=127.0.0.1:{}", server->port_)};
  server->command_.argv.insert(server->command_.argv.end(), options.flags.begin(),
                               options.flags.end());
  if (const Status started = server->Restart(); !started) {
    return tl::make_unexpected(started.error());
  }
  return server;
}

Status PrometheusServer::Restart() {
  process_ = std::make_unique<ChildProcess>(command_);
  return WaitUntilReady();
}

std::string PrometheusServer::url() const {
  return fmt::format("http://127.0.0.1:{}{}", port_, route_prefix_);
}

Status PrometheusServer::FillIn(const std::string& openmetrics) {
  if (openmetrics.empty()) return {};
  const std::optional<std::string> promtool = FindTool("promtool");
  if (!promtool) return Fail(ErrorCode::kNotFound, MissingTool("promtool"));
  ChildProcess backfill(
      {.argv = {*promtool, "tsdb", "create-blocks-from", "openmetrics",
                directory_.Write("samples.om", openmetrics), directory_.PathOf("data")}});
  const std::optional<int> exit_status = backfill.Wait(kStartTimeout);
  if (exit_status == 0) return {};
  return Fail(ErrorCode::kInternal, fmt::format("promtool: exit status {}: {}",
                                                exit_status.value_or(-1), backfill.Output()));
}

Status PrometheusServer::WaitUntilReady() {
  const std::unique_ptr<HttpClient> client = MakeCurlHttpClient(http_);
  bool ready = false;
  WaitUntil(
      [&] {
        const Result<HttpResponse> response = client->Send({.url = url() + "/-/ready"});
        ready = response && response->status == 200;
        return ready || !process_->Running();
      },
      kStartTimeout);
  if (ready) return {};
  return Fail(ErrorCode::kUnavailable, "prometheus is not ready: " + process_->Output());
}

}  // namespace promheal::support
