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
  // Filled in before it starts: OpenMetrics text with timestamps, ending in "# EOF\n".
  std::string openmetrics;
  std::string config = "global: {}\n";  // prometheus.yml
  std::vector<std::string> flags;       // Such as "--web.route-prefix=/prometheus".
  std::string route_prefix;             // What such a flag says, so that url() has it.
  HttpClientOptions http;               // What it takes to be let in.
};

// A real Prometheus on a free port of 127.0.0.1, with its data in a directory of its own. Needs
// FindTool("prometheus") and FindTool("promtool"). Stopped and cleaned up with this object.
class PrometheusServer {
 public:
  // Returns once it is ready. The error holds what Prometheus wrote.
  static Result<std::unique_ptr<PrometheusServer>> Start(const PrometheusServerOptions& options);

  std::string url() const;
  ChildProcess& process() { return *process_; }
  // Once the process has ended: starts it again, on the same port with the same data. Returns when
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
