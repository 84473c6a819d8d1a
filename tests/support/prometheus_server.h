#pragma once

#include <memory>
#include <string>
#include <vector>

#include "common/base/result.h"
#include "common/io/http/http_client.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"

namespace promheal::support {

struct PrometheusServerOptions {
  // Initial data: OpenMetrics text with timestamps, ending in "# EOF\n".
  std::string openmetrics;
  std::string config = "global: {}\n";  // prometheus.yml
  std::vector<std::string> flags;       // Such as "--web.route-prefix=/prometheus".
  std::string route_prefix;             // The prefix of such a flag, for url().
  HttpClientOptions http;               // Credentials of its web configuration.
};

// A real Prometheus on a free port of 127.0.0.1, with its data in a temporary directory. Needs
// FindTool("prometheus") and FindTool("promtool"). Ends and is removed with this object.
class PrometheusServer {
 public:
  // Returns once it is ready. The error holds its output.
  static Result<std::unique_ptr<PrometheusServer>> Start(const PrometheusServerOptions& options);

  std::string url() const;
  ChildProcess& process() { return *process_; }
  // Starts it again after its process has ended, on the same port with the same data. Returns once
  // it is ready.
  Status Restart();

 private:
  PrometheusServer() = default;
  Status FillIn(const std::string& openmetrics);
  Status WaitUntilReady();

  TempDirectory directory_;
  uint16_t port_ = 0;
  std::string route_prefix_;
  ChildProcessOptions command_;
  HttpClientOptions http_;
  std::unique_ptr<ChildProcess> process_;
};

}  // namespace promheal::support
