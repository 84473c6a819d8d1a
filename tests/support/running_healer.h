#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "tests/support/child_process.h"
#include "tests/support/free_port.h"
#include "tests/support/raw_http_client.h"
#include "tests/support/temp_directory.h"

namespace promheal::support {

// healing_webhook itself over a directory, which may be killed and started again.
// Thread safety: Get and Deliver from any thread, also while it is killed and started.
class RunningHealer {
 public:
  // `program` is where it is. An '@' in `config` and `flags` stands for the directory, which must
  // outlive this. Its configuration is written there, its ledger is in "data".
  RunningHealer(const TempDirectory& directory, std::string program, std::string config,
                std::vector<std::string> flags);

  void Start();                     // Does not wait for anything.
  [[nodiscard]] bool StartReady();  // Whether it is ready within 30 seconds.
  void Kill() { process_->Kill(); }
  void Stop() { process_.reset(); }

  // Status 0 where nobody listens.
  RawHttpResponse Get(std::string_view path) const;
  // Alerts as JSON, separated by commas, as Alertmanager sends them.
  RawHttpResponse Deliver(std::string_view alerts, std::string_view more_headers = "") const;

  std::string url() const;
  std::string Output() const { return process_ ? process_->Output() : ""; }

 private:
  const uint16_t port_ = FreePort();
  std::vector<std::string> argv_;
  std::unique_ptr<ChildProcess> process_;
};

// `text` with every `what` replaced.
std::string WithReplaced(std::string text, std::string_view what, std::string_view with);

}  // namespace promheal::support
