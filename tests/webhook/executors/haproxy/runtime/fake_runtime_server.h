#pragma once

#include <atomic>
#include <functional>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "common/base/time.h"

namespace promheal::healing {

// The reply of the server to any line, and its behaviour afterwards.
struct FakeAnswer {
  std::string bytes;
  size_t piece = 0;    // Bytes to send at a time; 0: all at once.
  Duration pause{0};   // Before each piece.
  bool hangs = false;  // Keeps the connection open, but sends no more.
};

// A server on a Unix socket that answers as the test says: slowly, cut off, with garbage, or never.
// It serves one connection after the other, with one command each. The handler runs on its thread.
class FakeRuntimeServer {
 public:
  using Handler = std::function<FakeAnswer(const std::string& line)>;

  FakeRuntimeServer(const std::string& path, Handler handler);
  ~FakeRuntimeServer();
  FakeRuntimeServer(const FakeRuntimeServer&) = delete;
  FakeRuntimeServer& operator=(const FakeRuntimeServer&) = delete;

  std::vector<std::string> lines() const;  // All lines received, without their line breaks.

 private:
  void Serve();
  void Answer(int fd);
  bool WaitOn(int fd, Duration timeout) const;  // False if nothing came, or the server ends.

  const Handler handler_;
  int listen_fd_ = -1;
  int stop_fd_ = -1;
  mutable std::mutex mutex_;
  std::vector<std::string> lines_;
  std::thread thread_;
};

}  // namespace promheal::healing
