#include "exporter/core/forest/forest_codec.h"

#include <fmt/core.h>

#include <bit>
#include <cmath>

#include "common/base/byte_codec.h"

namespace promheal::anomaly {
namespace {

constexpr std::string_view kMagic = "PHIF";
constexpr std::uint32_t kVersion = 1;

std::size_t CountInner(const Tree& tree) {
  std::size_t count = 0;
  for (const std::uint32_t word : tree.inner)
    count += static_cast<std::size_t>(std::popcount(word));
  return count;
}

void AppendTree(std::string& out, const Tree& tree) {
  for (const std::uint32_t word : tree.inner) AppendNumber(out, word);
  for (std::size_t node = 0; node < tree.cuts.size(); ++node) {
    AppendNumber(out, tree.cuts[node]);
    AppendNumber(out, static_cast<std::uint16_t>(tree.features[node]));
  }
  for (const std::uint32_t samples : tree.leaf_samples) {
    AppendNumber(out, static_cast<std::uint16_t>(samples - 1));
  }
}

Tree ReadTree(ByteReader& in, std::uint32_t height) {
  Tree tree(height);
  for (std::uint32_t& word : tree.inner) word = in.Read<std::uint32_t>();
  const std::size_t nodes = CountInner(tree);
  tree.cuts.resize(nodes);
  tree.features.resize(nodes);
  tree.leaf_samples.resize(nodes + 1);
  for (std::size_t node = 0; node < nodes; ++node) {
    tree.cuts[node] = in.ReadFloat();
    tree.features[node] = in.Read<std::uint16_t>();
  }
  for (std::uint32_t& samples : tree.leaf_samples) samples = in.Read<std::uint16_t>() + 1u;
  return tree;
}

}  // namespace

std::string EncodeForest(const CompactForest& forest, std::span<const FeatureScale> scales) {
  std::string out(kMagic);
  AppendNumber(out, kVersion);
  AppendNumber(out, forest.subsample());
  AppendNumber(out, static_cast<std::uint32_t>(forest.formula()));
  AppendNumber(out, forest.features());
  AppendNumber(out, forest.trees());
  for (const FeatureScale& scale : scales) {
    AppendNumber(out, scale.centre);
    AppendNumber(out, scale.scale);
  }
  for (std::uint32_t tree = 0; tree < forest.trees(); ++tree) AppendTree(out, forest.At(tree));
  AppendNumber(out, Crc32(out));
  return out;
}

Result<StoredForest> DecodeForest(std::string_view bytes) {
  const auto refuse = [](std::string message) {
    return Fail(ErrorCode::kDataLoss, std::move(message));
  };
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic))
    return refuse("this is not a stored forest");
  const std::size_t body = bytes.size() - 4;
  ByteReader in(bytes.substr(kMagic.size(), body - kMagic.size()));
  if (const auto version = in.Read<std::uint32_t>(); version != kVersion) {
    return refuse(fmt::format("version {} is not {}", version, kVersion));
  }
  if (ByteReader(bytes.substr(body)).Read<std::uint32_t>() != Crc32(bytes.substr(0, body))) {
    return refuse("the checksum does not match: damaged or cut short");
  }
  StoredForest forest;
  forest.subsample = in.Read<std::uint32_t>();
  const auto formula = in.Read<std::uint32_t>();
  const auto features = in.Read<std::uint32_t>();
  const auto trees = in.Read<std::uint32_t>();
  if (forest.subsample < 1 || forest.subsample > kMaxSubsample || formula > 1 ||
      features > in.left() / 16 || trees > in.left() / 10) {
    return refuse("sizes out of range");
  }
  forest.formula = static_cast<PathLengthFormula>(formula);
  for (std::uint32_t i = 0; i < features; ++i) {
    const double centre = in.ReadDouble();
    const double scale = in.ReadDouble();
    if (!std::isfinite(centre) || !std::isfinite(scale) || !(scale > 0))
      return refuse("a scale out of range");
    forest.scales.push_back({centre, scale});
  }
  for (std::uint32_t i = 0; i < trees; ++i) {
    forest.trees.push_back(ReadTree(in, HeightLimit(forest.subsample)));
    if (in.ended()) return refuse("cut short within its trees");
  }
  if (in.left() > 0) return refuse("more bytes than its trees need");
  return forest;
}

}  // namespace promheal::anomaly
