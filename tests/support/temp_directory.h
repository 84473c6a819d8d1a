#pragma once

#include <string>
#include <string_view>

namespace promheal::support {

// A new directory under $TMPDIR (or /tmp), removed with its content at the end.
class TempDirectory {
 public:
  TempDirectory();
  ~TempDirectory();
  TempDirectory(const TempDirectory&) = delete;
  TempDirectory& operator=(const TempDirectory&) = delete;

  const std::string& path() const { return path_; }
  // The path of `name` in the directory; creates nothing.
  std::string PathOf(std::string_view name) const;
  // Writes a file and returns its path.
  std::string Write(std::string_view name, std::string_view content) const;

 private:
  std::string path_;
};

}  // namespace promheal::support
