#include "tests/support/temp_directory.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <stdexcept>

namespace promheal::support {

TempDirectory::TempDirectory() {
  path_ = (std::filesystem::temp_directory_path() / "promheal-test-XXXXXX").string();
  if (mkdtemp(path_.data()) == nullptr) throw std::runtime_error("mkdtemp failed for " + path_);
}

TempDirectory::~TempDirectory() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

std::string TempDirectory::PathOf(std::string_view name) const {
  return path_ + "/" + std::string(name);
}

std::string TempDirectory::Write(std::string_view name, std::string_view content) const {
  const std::string path = PathOf(name);
  std::ofstream file(path, std::ios::binary);
  file << content;
  if (!file.flush()) throw std::runtime_error("cannot write " + path);
  return path;
}

}  // namespace promheal::support
