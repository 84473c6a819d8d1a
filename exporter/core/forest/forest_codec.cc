#include "exporter/core/forest/forest_codec.h"

#include <fmt/core.h>

#include <cmath>
#include <optional>

#include "exporter/core/byte_codec.h"

namespace promheal::anomaly {
namespace {

constexpr std::string_view kMagic = "PHIF";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kNodeBytes = 20;

// What breaks the invariants of tree.h, if anything does.
std::optional<std::string> Fault(const Tree& tree, std::size_t features, std::uint32_t subsample) {
  if (tree.empty() || tree[0].samples != subsample) return "a tree without its samples";
  std::vector<bool> reached(tree.size());
  reached[0] = true;
  for (std::size_t i = 0; i < tree.size(); ++i) {
    const TreeNode& node = tree[i];
    if (!reached[i] || node.samples == 0) return "a node outside its tree";
    if (node.IsLeaf()) continue;
    if (node.feature >= features || !std::isfinite(node.cut)) return "a cut that is none";
    for (const std::size_t child : {node.left, node.right}) {
      if (child <= i || child >= tree.size() || reached[child]) return "children out of order";
      reached[child] = true;
    }
    if (std::uint64_t{tree[node.left].samples} + tree[node.right].samples != node.samples) {
      return "children that are not their parent";
    }
  }
  return std::nullopt;
}

Tree TakeTree(ByteReader& in) {
  const auto nodes = in.Take<std::uint32_t>();
  if (nodes > in.left() / kNodeBytes) return {};
  Tree tree(nodes);
  for (TreeNode& node : tree) {
    node.feature = in.Take<std::uint32_t>();
    node.cut = in.TakeFloat();
    node.left = in.Take<std::uint32_t>();
    node.right = in.Take<std::uint32_t>();
    node.samples = in.Take<std::uint32_t>();
  }
  return tree;
}

}  // namespace

std::string EncodeForest(const ForestData& forest) {
  std::string out(kMagic);
  Append(out, kVersion);
  Append(out, forest.subsample);
  Append(out, static_cast<std::uint32_t>(forest.scales.size()));
  Append(out, static_cast<std::uint32_t>(forest.trees.size()));
  for (const FeatureScale& scale : forest.scales) {
    Append(out, scale.centre);
    Append(out, scale.scale);
  }
  for (const Tree& tree : forest.trees) {
    Append(out, static_cast<std::uint32_t>(tree.size()));
    for (const TreeNode& node : tree) {
      Append(out, node.feature);
      Append(out, node.cut);
      Append(out, node.left);
      Append(out, node.right);
      Append(out, node.samples);
    }
  }
  Append(out, Crc32(out));
  return out;
}

Result<ForestData> DecodeForest(std::string_view bytes) {
  const auto refuse = [](std::string message) {
    return Fail(ErrorCode::kDataLoss, std::move(message));
  };
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic)) return refuse("no forest");
  const std::size_t body = bytes.size() - 4;
  ByteReader in(bytes.substr(kMagic.size(), body - kMagic.size()));
  if (const auto version = in.Take<std::uint32_t>(); version != kVersion) {
    return refuse(fmt::format("version {} is not {}", version, kVersion));
  }
  if (ByteReader(bytes.substr(body)).Take<std::uint32_t>() != Crc32(bytes.substr(0, body))) {
    return refuse("the checksum does not match: damaged or cut short");
  }
  ForestData forest;
  forest.subsample = in.Take<std::uint32_t>();
  const auto features = in.Take<std::uint32_t>();
  const auto trees = in.Take<std::uint32_t>();
  if (forest.subsample == 0 || features == 0 || features > in.left() / 16 || trees == 0 ||
      trees > in.left() / kNodeBytes) {
    return refuse("sizes that cannot be");
  }
  for (std::uint32_t i = 0; i < features; ++i) {
    const double centre = in.TakeDouble();
    const double scale = in.TakeDouble();
    if (!std::isfinite(centre) || !std::isfinite(scale) || !(scale > 0)) return refuse("no scale");
    forest.scales.push_back({centre, scale});
  }
  for (std::uint32_t i = 0; i < trees; ++i) {
    forest.trees.push_back(TakeTree(in));
    if (const auto fault = Fault(forest.trees.back(), features, forest.subsample)) {
      return refuse(fmt::format("tree {}: {}", i, *fault));
    }
  }
  if (in.ended() || in.left() > 0) return refuse("more or less than its trees");
  return forest;
}

}  // namespace promheal::anomaly
