#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "common/base/labels.h"
#include "common/base/result.h"
#include "exporter/core/model.h"
#include "exporter/core/training_window.h"

namespace promheal::anomaly {

// A target's model and training window, so that a restart continues where it stopped.
struct StoredDetector {
  // Fingerprint of the configuration that the model was learnt under; no other may use it.
  std::string fingerprint;
  Labels target;
  std::shared_ptr<const Model> model;
  TrainingWindow window;
};

// Little-endian, versioned, with a checksum.
std::string EncodeDetector(const StoredDetector& stored);

// `features` and `window_rows` are those of the current configuration. kDataLoss if `bytes` are
// damaged, cut short or of another version; kFailedPrecondition for another fingerprint.
Result<StoredDetector> DecodeDetector(std::string_view bytes, std::string_view fingerprint,
                                      const FeatureSet& features, int window_rows);

}  // namespace promheal::anomaly
