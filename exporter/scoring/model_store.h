#pragma once

#include <string>
#include <vector>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "common/io/log.h"
#include "exporter/scoring/fleet.h"

namespace promheal::anomaly {

// Keeps each target's model and training window in a file of its own, so that a restart scores at
// once. A file is the old state or the new one, whatever happens; one that is damaged or was learnt
// under another configuration is refused with a log line and learnt anew. Some hundred kilobytes
// a target. Thread safety: none; the worker owns it.
class ModelStore {
 public:
  // An empty `directory` keeps nothing. It is made where it does not exist.
  ModelStore(std::string directory, Logger& logger);

  struct Restored {
    int targets = 0;
    int refused = 0;  // Files that could not be used.
  };
  // Puts all that is stored into the fleet. kUnavailable or kPermissionDenied where the directory
  // cannot be used at all.
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
