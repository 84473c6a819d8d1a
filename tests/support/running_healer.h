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

// The real healing_webhook with its data in a directory. Tests may kill it and start it again.
// Thread safety: Get and Deliver from any thread, also while it is killed and started.
class RunningHealer {
 public:
  // `program` is its path. '@' in `config` and `flags` stands for the directory, which must outlive
  // this object. It holds the configuration, and the ledger in "data".
  RunningHealer(const TempDirectory& directory, std::string program, std::string config,
                std::vector<std::string> flags);

  void Start();                     // Does not wait until it is ready.
  [[nodiscard]] bool StartReady();  // Returns whether it is ready within 30 s.
  void Kill() { process_->Kill(); }
  void Stop() { process_.reset(); }

  // Status 0 if the connection fails.
  RawHttpResponse Get(std::string_view path) const;
  // Sends alerts, which are JSON objects separated by commas, like Alertmanager.
  RawHttpResponse Deliver(std::string_view alerts, std::string_view more_headers = "") const;

  std::string url() const;
  std::string Output() const { return process_ ? process_->Output() : ""; }

 private:
  const uint16_t port_ = FreePort();
  std::vector<std::string> argv_;
  std::unique_ptr<ChildProcess> process_;
};

// `text` with every `old_text` replaced.
std::string WithReplaced(std::string text, std::string_view old_text, std::string_view new_text);

}  // namespace promheal::support
