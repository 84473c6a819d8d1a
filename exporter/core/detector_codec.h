#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "exporter/core/model.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// What a restart needs to go on where it stopped: a target's model and its training window.
struct StoredDetector {
  // Of the configuration that it was learnt under; another one makes it useless.
  std::string fingerprint;
  Labels target;
  std::shared_ptr<const Model> model;
  TrainingWindow window;
};

// Little-endian, versioned, with a checksum.
std::string EncodeDetector(const StoredDetector& stored);

// `features` and `window_rows` are those of the present configuration. kDataLoss for what is
// damaged, cut short or of another version; kFailedPrecondition for another fingerprint.
Result<StoredDetector> DecodeDetector(std::string_view bytes, std::string_view fingerprint,
                                      const FeatureSet& features, int window_rows);

}  // namespace promheal::anomaly
