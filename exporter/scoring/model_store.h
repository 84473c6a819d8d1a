#pragma once

#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/io/log.h"
#include "exporter/scoring/fleet.h"

namespace promheal::anomaly {

// Keeps each target's model and training window in a file of its own, so that a restart scores at
// once. A crash leaves either the old file or the new file. Files that are damaged or were learnt
// under another configuration are refused with a log line, and the target learns again. A file has
// some hundred kilobytes. Thread safety: none; the worker owns it.
class ModelStore {
 public:
  // Creates `directory` if it does not exist. "" = keeps nothing.
  ModelStore(std::string directory, Logger& logger);

  struct Restored {
    int targets = 0;
    int refused = 0;  // Files that could not be used.
  };
  // Puts all stored targets into the fleet. kUnavailable or kPermissionDenied if the directory
  // cannot be used.
  Result<Restored> RestoreAll(const std::string& fingerprint, Fleet& fleet);

  // Precondition: the detector has a model.
  Status Save(const std::string& fingerprint, const Labels& target, const Detector& detector);
  void Forget(const Labels& target);

 private:
  void LogRefusal(const std::string& path, const Error& error);
  std::string PathOf(const Labels& target) const;

  std::string directory_;
  Logger& logger_;
};

}  // namespace promheal::anomaly
