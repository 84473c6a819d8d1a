#include "tests/integration/shop_gateway.h"

#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <mutex>
#include <stdexcept>
#include <thread>

#include "tests/support/free_port.h"
#include "tests/support/null_logger.h"
#include "tests/support/tool.h"
#include "tests/support/wait.h"

namespace promheal {
namespace {

constexpr Duration kPatience = std::chrono::seconds(10);

}  // namespace

RealHaproxy::RealHaproxy(const std::string& config_path,
                         std::vector<std::pair<std::string, std::string>> environment)
    : config_path_(config_path), environment_(std::move(environment)) {
  environment_.emplace_back("GATEWAY_SOCKET", socket_);
  Start({});
}

void RealHaproxy::Start(const std::vector<std::string>& more_arguments) {
  std::vector<std::string> argv = {support::FindTool("haproxy").value(), "-db", "-f", config_path_};
  argv.insert(argv.end(), more_arguments.begin(), more_arguments.end());
  auto started = std::make_unique<support::ChildProcess>(
      support::ChildProcessOptions{.argv = argv, .environment = environment_});
  const std::string is_up = fmt::format("Pid: {}\n", started->pid());
  if (!support::WaitUntil([&] { return Admin("show info").find(is_up) != std::string::npos; },
                          kPatience)) {
    throw std::runtime_error("haproxy is not up: " + started->Output());
  }
  process_ = std::move(started);
}

void RealHaproxy::Reload() { Start({"-sf", std::to_string(process_->pid())}); }

std::string RealHaproxy::Admin(const std::string& command) const {
  const int fd = ::socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  socket_.copy(address.sun_path, sizeof(address.sun_path) - 1);
  std::string answer;
  const std::string line = command + '\n';
  if (::connect(fd, reinterpret_cast<sockaddr*>(&address), sizeof(address)) == 0 &&
      ::send(fd, line.data(), line.size(), MSG_NOSIGNAL) > 0) {
    std::array<char, 4096> buffer;
    for (ssize_t count = 0; (count = ::recv(fd, buffer.data(), buffer.size(), 0)) > 0;) {
      answer.append(buffer.data(), static_cast<size_t>(count));
    }
  }
  ::close(fd);
  return answer;
}

ShopSlot::ShopSlot(uint16_t port) : logger_(support::MakeNullLogger()) {
  HttpServerOptions options;
  options.listen_address = fmt::format("127.0.0.1:{}", port);
  options.threads = 8;
  const auto healthy = [](const HttpServerRequest&) { return HttpServerResponse{}; };
  const auto serve = [this](const HttpServerRequest&) {
    ++requests_;
    return HttpServerResponse{};
  };
  auto started =
      HttpServer::Start(options, {{"GET", "/health", healthy}, {"GET", "/x", serve}}, *logger_);
  if (!started) throw std::runtime_error(started.error().message);
  server_ = std::move(*started);
}

ShopGateway::ShopGateway() : port_(support::FreePort()) {
  for (const char* service : {"orders", "payments", "auth"}) {
    for (const int number : {1, 2, 3}) {
      slot_ports_[fmt::format("{}-{}", service, number)] = support::FreePort();
    }
  }
  for (const char* slot : {"orders-1", "payments-1", "payments-2", "auth-1"}) StartSlot(slot);
  haproxy_ = StartHaproxy(port_);
  const bool serves = support::WaitUntil(
      [&] { return StatusOf("orders") == 200 && StatusOf("auth") == 200; }, kPatience);
  if (!serves) throw std::runtime_error("the gateway does not serve");
}

std::unique_ptr<RealHaproxy> ShopGateway::StartSecond() {
  return StartHaproxy(support::FreePort());
}

std::unique_ptr<RealHaproxy> ShopGateway::StartHaproxy(uint16_t port) {
  std::vector<std::pair<std::string, std::string>> environment = {
      {"GATEWAY_PORT", std::to_string(port)},
      {"GATEWAY_METRICS_PORT", std::to_string(support::FreePort())}};
  for (const auto& [slot, slot_port] : slot_ports_) {
    std::string name = slot + "_PORT";
    for (char& c : name) c = c == '-' ? '_' : static_cast<char>(std::toupper(c));
    environment.emplace_back(name, std::to_string(slot_port));
  }
  return std::make_unique<RealHaproxy>(PROMHEAL_SOURCE_DIR "/services/gateway/haproxy.cfg",
                                       environment);
}

ShopSlot& ShopGateway::StartSlot(const std::string& name) {
  std::unique_ptr<ShopSlot>& slot = slots_[name];
  slot = std::make_unique<ShopSlot>(slot_ports_.at(name));
  return *slot;
}

std::pair<ShopSlot*, std::string> ShopGateway::StartStranger() {
  const uint16_t port = support::FreePort();
  std::unique_ptr<ShopSlot>& slot = slots_[fmt::format("stranger at {}", port)];
  slot = std::make_unique<ShopSlot>(port);
  return {slot.get(), fmt::format("127.0.0.1:{}", port)};
}

int ShopGateway::StatusOf(const std::string& service) {
  const auto response =
      client_->Send({.url = fmt::format("http://127.0.0.1:{}/{}/x", port_, service)});
  return response ? response->status : 0;
}

std::map<int, int> ShopGateway::Statuses(const std::string& service, int count) {
  constexpr int kClients = 4;
  std::mutex mutex;
  std::map<int, int> statuses;
  std::vector<std::thread> clients;
  for (int i = 0; i < kClients; ++i) {
    clients.emplace_back([&, share = count / kClients + (i < count % kClients ? 1 : 0)] {
      std::map<int, int> own;
      for (int request = 0; request < share; ++request) ++own[StatusOf(service)];
      const std::lock_guard lock(mutex);
      for (const auto& [status, times] : own) statuses[status] += times;
    });
  }
  for (std::thread& client : clients) client.join();
  return statuses;
}

}  // namespace promheal
