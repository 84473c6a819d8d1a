#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "common/io/http/http_client.h"
#include "common/io/http/http_server.h"
#include "tests/support/child_process.h"
#include "tests/support/temp_directory.h"

namespace promheal {

// HAProxy for real, on services/gateway/haproxy.cfg or any other configuration, with its admin
// socket in a directory of its own.
class RealHaproxy {
 public:
  // Needs FindTool("haproxy"). Throws where it is not up within ten seconds; the exception holds
  // what HAProxy wrote.
  RealHaproxy(const std::string& config_path,
              std::vector<std::pair<std::string, std::string>> environment);

  const std::string& socket() const { return socket_; }
  support::ChildProcess& process() { return *process_; }
  // A new process takes over from the old one, as `haproxy -sf` does.
  void Reload();
  // One command, raw.
  std::string Admin(const std::string& command) const;

 private:
  void Start(const std::vector<std::string>& more_arguments);

  const support::TempDirectory directory_;
  const std::string socket_ = directory_.PathOf("admin.sock");
  const std::string config_path_;
  std::vector<std::pair<std::string, std::string>> environment_;
  std::unique_ptr<support::ChildProcess> process_;
};

// One slot of a service: answers /health and /x, and counts.
class ShopSlot {
 public:
  explicit ShopSlot(uint16_t port);
  int requests() const { return requests_; }

 private:
  std::unique_ptr<Logger> logger_;
  std::atomic<int> requests_ = 0;
  std::unique_ptr<HttpServer> server_;
};

// The shop's gateway with a process for each active slot: orders-1, payments-1, payments-2, auth-1.
// StartSlot brings up more.
class ShopGateway {
 public:
  ShopGateway();

  RealHaproxy& haproxy() { return *haproxy_; }
  uint16_t port() const { return port_; }
  ShopSlot& StartSlot(const std::string& name);  // "orders-2"
  // A slot that the configuration does not know, at "127.0.0.1:PORT".
  std::pair<ShopSlot*, std::string> StartStranger();
  int RequestsTo(const std::string& slot) const { return slots_.at(slot)->requests(); }

  // How often each status answered `count` requests to /<service>/x, four at a time; 0 stands for
  // no answer.
  std::map<int, int> Statuses(const std::string& service, int count);
  int StatusOf(const std::string& service);
  // Another HAProxy with the same configuration and the same slots.
  std::unique_ptr<RealHaproxy> StartSecond();

 private:
  std::unique_ptr<RealHaproxy> StartHaproxy(uint16_t port);

  std::map<std::string, uint16_t> slot_ports_;
  std::map<std::string, std::unique_ptr<ShopSlot>> slots_;
  const uint16_t port_;
  std::unique_ptr<RealHaproxy> haproxy_;
  std::unique_ptr<HttpClient> client_ = MakeCurlHttpClient({});
};

}  // namespace promheal
