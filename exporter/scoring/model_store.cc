#include "exporter/scoring/model_store.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <system_error>
#include <utility>

#include "common/base/byte_codec.h"
#include "common/base/text.h"
#include "common/io/file.h"
#include "exporter/core/detector_codec.h"

namespace promheal::anomaly {
namespace {

namespace fs = std::filesystem;

constexpr char kExtension[] = ".model";

Result<std::vector<std::string>> ListModels(const std::string& directory) {
  std::error_code error;
  fs::create_directories(directory, error);
  std::vector<std::string> paths;
  fs::directory_iterator it(directory, error);
  if (error) {
    return Fail(error == std::errc::permission_denied ? ErrorCode::kPermissionDenied
                                                      : ErrorCode::kUnavailable,
                fmt::format("{}: {}", directory, error.message()));
  }
  for (; it != fs::directory_iterator(); it.increment(error)) {
    if (it->path().extension() == kExtension) paths.push_back(it->path().string());
    if (error) break;
  }
  std::sort(paths.begin(), paths.end());
  return paths;
}

}  // namespace

ModelStore::ModelStore(std::string directory, Logger& logger)
    : directory_(std::move(directory)), logger_(logger) {}

Result<ModelStore::Restored> ModelStore::RestoreAll(const std::string& fingerprint, Fleet& fleet) {
  Restored restored;
  if (directory_.empty()) return restored;
  const auto paths = ListModels(directory_);
  if (!paths) return Prefixed("opening the model store", paths.error());
  for (const std::string& path : *paths) {
    const Result<std::string> bytes = ReadFile(path);
    Result<StoredDetector> stored =
        bytes ? DecodeDetector(*bytes, fingerprint, fleet.features(), fleet.options().window_rows)
              : Result<StoredDetector>(tl::make_unexpected(bytes.error()));
    if (!stored) {
      ++restored.refused;
      LogRefusal(path, stored.error());
      continue;
    }
    ++restored.targets;
    fleet.Restore(stored->target, std::move(stored->model), std::move(stored->window));
  }
  return restored;
}

void ModelStore::LogRefusal(const std::string& path, const Error& error) {
  if (error.code == ErrorCode::kFailedPrecondition) {
    logger_.Info("stored model not used, the target learns again",
                 {{"file", path}, {"reason", error.message}});
  } else {
    logger_.Warn("stored model refused, the target learns again",
                 {{"file", path}, {"error", error.message}});
  }
}

Status ModelStore::Save(const std::string& fingerprint, const Labels& target,
                        const Detector& detector) {
  if (directory_.empty()) return {};
  const StoredDetector stored{fingerprint, target, detector.shared_model(), detector.window()};
  const Status written = WriteFileAtomically(PathOf(target), EncodeDetector(stored));
  if (!written) return Prefixed("storing a model", written.error());
  return {};
}

void ModelStore::Forget(const Labels& target) {
  std::error_code ignored;  // The file may not exist.
  if (!directory_.empty()) fs::remove(PathOf(target), ignored);
}

std::string ModelStore::PathOf(const Labels& target) const {
  return fmt::format("{}/{:016x}{}", directory_, Fnv1a(target.ToString()), kExtension);
}

}  // namespace promheal::anomaly
