#include "exporter/core/detector_codec.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "common/base/byte_codec.h"

namespace promheal::anomaly {
namespace {

constexpr std::string_view kMagic = "PHAD";
constexpr uint32_t kVersion = 2;

void Append(std::string& out, std::string_view text) {
  AppendNumber(out, static_cast<uint32_t>(text.size()));
  out += text;
}

std::string ReadText(ByteReader& in) { return std::string(in.ReadBytes(in.Read<uint32_t>())); }

void Append(std::string& out, Time time) {
  AppendNumber(out, static_cast<uint64_t>(time.time_since_epoch().count()));
}

Time ReadTime(ByteReader& in) { return Time(Duration(static_cast<int64_t>(in.Read<uint64_t>()))); }

void Append(std::string& out, const TailModel& tail) {
  for (const double quantile : tail.body) AppendNumber(out, quantile);
  for (const double value : {tail.share, tail.tail_probability, tail.scale, tail.exponent}) {
    AppendNumber(out, value);
  }
}

TailModel ReadTail(ByteReader& in) {
  TailModel tail;
  for (double& quantile : tail.body) quantile = in.ReadDouble();
  tail.share = in.ReadDouble();
  tail.tail_probability = in.ReadDouble();
  tail.scale = in.ReadDouble();
  tail.exponent = in.ReadDouble();
  return tail;
}

void Append(std::string& out, const TailEvidence& evidence) {
  AppendNumber(out, evidence.episodes);
  AppendNumber(out, static_cast<uint32_t>(evidence.excesses.size()));
  for (const double excess : evidence.excesses) AppendNumber(out, excess);
}

TailEvidence ReadTailEvidence(ByteReader& in) {
  TailEvidence evidence{.episodes = in.ReadDouble()};
  const auto count = in.Read<uint32_t>();
  for (uint32_t i = 0; i < count && !in.ended(); ++i) evidence.excesses.push_back(in.ReadDouble());
  return evidence;
}

bool IsUsable(const TailModel& tail) {
  return tail.share > 0.0 && tail.share < 1.0 && tail.tail_probability > 0.0 && tail.scale > 0.0 &&
         tail.exponent > 0.0;
}

void Append(std::string& out, const Calendar& calendar) {
  AppendNumber(out, static_cast<uint32_t>(calendar.offsets.size()));
  for (const UtcOffset& offset : calendar.offsets) {
    Append(out, offset.from);
    AppendNumber(out, static_cast<uint64_t>(offset.offset.count()));
  }
}

Calendar ReadCalendar(ByteReader& in) {
  Calendar calendar;
  const auto offsets = in.Read<uint32_t>();
  for (uint32_t i = 0; i < offsets && !in.ended(); ++i) {
    const Time from = ReadTime(in);
    calendar.offsets.push_back({from, Duration(static_cast<int64_t>(in.Read<uint64_t>()))});
  }
  return calendar;
}

void Append(std::string& out, const std::vector<SeasonalProfile>& seasons) {
  AppendNumber(out, static_cast<uint32_t>(seasons.size()));
  for (const SeasonalProfile& season : seasons) {
    AppendNumber(out, static_cast<uint64_t>(season.cycle.count()));
    AppendNumber(out, static_cast<uint32_t>(season.bins.size()));
    for (const double bin : season.bins) AppendNumber(out, bin);
  }
}

std::vector<SeasonalProfile> ReadSeasons(ByteReader& in) {
  std::vector<SeasonalProfile> seasons;
  const auto count = in.Read<uint32_t>();
  for (uint32_t i = 0; i < count && !in.ended(); ++i) {
    SeasonalProfile& season = seasons.emplace_back();
    season.cycle = Duration(static_cast<int64_t>(in.Read<uint64_t>()));
    const auto bins = in.Read<uint32_t>();
    for (uint32_t b = 0; b < bins && !in.ended(); ++b) season.bins.push_back(in.ReadDouble());
  }
  return seasons;
}

void Append(std::string& out, const FeatureModel& feature) {
  out += static_cast<char>(feature.usable);
  out += static_cast<char>(feature.never_negative);
  for (const double value : {feature.unit, feature.centre, feature.deviation_scale,
                             feature.lower_residual, feature.upper_residual}) {
    AppendNumber(out, value);
  }
  Append(out, feature.above);
  Append(out, feature.below);
  Append(out, feature.seasons);
}

FeatureModel ReadFeatureModel(ByteReader& in) {
  FeatureModel feature;
  feature.usable = in.Read<uint8_t>() != 0;
  feature.never_negative = in.Read<uint8_t>() != 0;
  for (double* value : {&feature.unit, &feature.centre, &feature.deviation_scale,
                        &feature.lower_residual, &feature.upper_residual}) {
    *value = in.ReadDouble();
  }
  feature.above = ReadTail(in);
  feature.below = ReadTail(in);
  feature.seasons = ReadSeasons(in);
  return feature;
}

bool AreUsable(const std::vector<SeasonalProfile>& seasons) {
  return std::all_of(seasons.begin(), seasons.end(), [](const SeasonalProfile& season) {
    return season.cycle > Duration(0) && !season.bins.empty();
  });
}

bool IsUsable(const FeatureModel& feature) {
  return std::isfinite(feature.unit) && feature.unit > 0.0 &&
         (!feature.usable || (feature.deviation_scale > 0.0 && AreUsable(feature.seasons) &&
                              IsUsable(feature.above) && IsUsable(feature.below)));
}

void Append(std::string& out, const Eigen::RowVectorXd& row) {
  for (const double value : row) AppendNumber(out, value);
}

Eigen::RowVectorXd ReadRow(ByteReader& in, Eigen::Index size) {
  Eigen::RowVectorXd row(size);
  for (double& value : row) value = in.ReadDouble();
  return row;
}

void Append(std::string& out, const Model& model) {
  Append(out, model.calendar);
  Append(out, model.trained_at);
  AppendNumber(out, static_cast<uint32_t>(model.rows));
  for (const FeatureModel& feature : model.feature_models) Append(out, feature);
  out += static_cast<char>(model.bounds.form);
  Append(out, model.bounds.lower);
  Append(out, model.bounds.upper);
  Append(out, model.bounds.width);
  Append(out, model.isolation_tail);
  Append(out, model.evidence_tail);
  Append(out, model.tail_evidence);
  Append(out, model.forest.Serialize());
}

// Columns are not stored: they follow from the features and which of them are usable.
Result<Model> ReadModel(ByteReader& in, const FeatureSet& features) {
  Calendar calendar = ReadCalendar(in);
  const Time trained_at = ReadTime(in);
  const auto rows = static_cast<int>(in.Read<uint32_t>());
  std::vector<FeatureModel> models;
  for (int j = 0; j < features.size(); ++j) {
    models.push_back(ReadFeatureModel(in));
    if (!IsUsable(models.back()))
      return Fail(ErrorCode::kDataLoss, "a feature's values are out of range");
  }
  const std::vector<ContextColumn> columns = ContextColumns(features, models);
  const auto width = static_cast<Eigen::Index>(columns.size());
  RangeBounds bounds;
  bounds.form = in.Read<uint8_t>() == 0 ? RangeForm::kMin : RangeForm::kMean;
  bounds.lower = ReadRow(in, width);
  bounds.upper = ReadRow(in, width);
  bounds.width = ReadRow(in, width);
  const TailModel isolation_tail = ReadTail(in);
  const TailModel evidence_tail = ReadTail(in);
  TailEvidence tail_evidence = ReadTailEvidence(in);
  Result<IsolationForest> forest = IsolationForest::Deserialize(in.ReadBytes(in.Read<uint32_t>()));
  if (!forest) return Prefixed("forest", forest.error());
  if (forest->features() != columns.size() || !IsUsable(isolation_tail) ||
      !IsUsable(evidence_tail)) {
    return Fail(ErrorCode::kDataLoss, "the parts of the model do not fit together");
  }
  return Model{.features = features,
               .calendar = std::move(calendar),
               .feature_models = std::move(models),
               .columns = columns,
               .bounds = std::move(bounds),
               .forest = *std::move(forest),
               .isolation_tail = isolation_tail,
               .evidence_tail = evidence_tail,
               .tail_evidence = std::move(tail_evidence),
               .parts = {},
               .trained_at = trained_at,
               .rows = rows};
}

void Append(std::string& out, const TrainingWindow& window) {
  AppendNumber(out, static_cast<uint32_t>(window.size()));
  for (int i = 0; i < window.size(); ++i) {
    Append(out, window.row(i).time);
    out += static_cast<char>(window.row(i).state);
    AppendNumber(out, static_cast<uint32_t>(window.row(i).regime));
    Append(out, window.values(i));
  }
}

Result<TrainingWindow> ReadWindow(ByteReader& in, int features, int window_rows) {
  TrainingWindow window(features, window_rows);
  const auto rows = in.Read<uint32_t>();
  for (uint32_t i = 0; i < rows && !in.ended(); ++i) {
    WindowRow row;
    row.time = ReadTime(in);
    row.state = static_cast<RowState>(in.Read<uint8_t>());
    row.regime = static_cast<int32_t>(in.Read<uint32_t>());
    const Eigen::RowVectorXd values = ReadRow(in, features);
    if (row.state > RowState::kExcluded || !window.Restore(row, values)) {
      return Fail(ErrorCode::kDataLoss, "the training window's rows are invalid or out of order");
    }
  }
  return window;
}

}  // namespace

std::string EncodeDetector(const StoredDetector& stored) {
  std::string out(kMagic);
  AppendNumber(out, kVersion);
  Append(out, stored.fingerprint);
  AppendNumber(out, static_cast<uint32_t>(stored.target.size()));
  for (const auto& [name, value] : stored.target) {
    Append(out, name);
    Append(out, value);
  }
  Append(out, *stored.model);
  Append(out, stored.window);
  AppendNumber(out, Crc32(out));
  return out;
}

Result<StoredDetector> DecodeDetector(std::string_view bytes, std::string_view fingerprint,
                                      const FeatureSet& features, int window_rows) {
  const auto refuse = [](std::string message) {
    return Fail(ErrorCode::kDataLoss, std::move(message));
  };
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic))
    return refuse("this is not a stored model");
  const size_t body = bytes.size() - 4;
  ByteReader in(bytes.substr(kMagic.size(), body - kMagic.size()));
  if (const auto version = in.Read<uint32_t>(); version != kVersion) {
    return refuse(fmt::format("version {} is not {}", version, kVersion));
  }
  if (ByteReader(bytes.substr(body)).Read<uint32_t>() != Crc32(bytes.substr(0, body))) {
    return refuse("the checksum does not match: damaged or cut short");
  }
  if (ReadText(in) != fingerprint) {
    return Fail(ErrorCode::kFailedPrecondition, "learnt under another configuration");
  }
  std::vector<Labels::Pair> labels(in.Read<uint32_t>() % 1024);
  for (auto& [name, value] : labels) {
    name = ReadText(in);
    value = ReadText(in);
  }
  Result<Model> model = ReadModel(in, features);
  if (!model) return tl::make_unexpected(model.error());
  Result<TrainingWindow> window = ReadWindow(in, features.size(), window_rows);
  if (!window) return tl::make_unexpected(window.error());
  if (in.ended() || in.left() > 0) return refuse("the length does not fit the model");
  return StoredDetector{std::string(fingerprint), Labels(std::move(labels)),
                        std::make_shared<const Model>(*std::move(model)), *std::move(window)};
}

}  // namespace promheal::anomaly
