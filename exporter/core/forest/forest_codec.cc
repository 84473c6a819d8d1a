#include "exporter/core/forest/forest_codec.h"

#include <fmt/core.h>

#include <array>
#include <bit>
#include <cmath>
#include <concepts>
#include <optional>

namespace promheal::anomaly {
namespace {

constexpr std::string_view kMagic = "PHIF";
constexpr std::uint32_t kVersion = 1;
constexpr std::size_t kNodeBytes = 20;

// CRC-32 (ISO-HDLC, the one of zlib and gzip).
std::uint32_t Checksum(std::string_view bytes) {
  static constexpr auto kTable = [] {
    std::array<std::uint32_t, 256> table{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit) value = (value >> 1) ^ ((value & 1) ? 0xedb88320u : 0u);
      table[i] = value;
    }
    return table;
  }();
  std::uint32_t crc = ~0u;
  for (const char byte : bytes) {
    crc = (crc >> 8) ^ kTable[(crc ^ static_cast<unsigned char>(byte)) & 0xff];
  }
  return ~crc;
}

template <std::unsigned_integral T>
void Append(std::string& out, T value) {
  for (std::size_t i = 0; i < sizeof(T); ++i) out.push_back(static_cast<char>(value >> (8 * i)));
}
void Append(std::string& out, float value) { Append(out, std::bit_cast<std::uint32_t>(value)); }
void Append(std::string& out, double value) { Append(out, std::bit_cast<std::uint64_t>(value)); }

// Reads past the end give zero and are remembered.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : bytes_(bytes) {}

  template <std::unsigned_integral T>
  T Take() {
    if (bytes_.size() < sizeof(T)) {
      ended_ = true;
      bytes_ = {};
      return 0;
    }
    T value = 0;
    for (std::size_t i = sizeof(T); i-- > 0;) {
      value = static_cast<T>((value << 8) | static_cast<unsigned char>(bytes_[i]));
    }
    bytes_.remove_prefix(sizeof(T));
    return value;
  }
  float TakeFloat() { return std::bit_cast<float>(Take<std::uint32_t>()); }
  double TakeDouble() { return std::bit_cast<double>(Take<std::uint64_t>()); }

  bool ended() const { return ended_; }
  std::size_t left() const { return bytes_.size(); }

 private:
  std::string_view bytes_;
  bool ended_ = false;
};

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

Tree TakeTree(Reader& in) {
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
  Append(out, Checksum(out));
  return out;
}

Result<ForestData> DecodeForest(std::string_view bytes) {
  const auto refuse = [](std::string message) {
    return Fail(ErrorCode::kDataLoss, std::move(message));
  };
  if (bytes.size() < kMagic.size() + 8 || !bytes.starts_with(kMagic)) return refuse("no forest");
  const std::size_t body = bytes.size() - 4;
  Reader in(bytes.substr(kMagic.size(), body - kMagic.size()));
  if (const auto version = in.Take<std::uint32_t>(); version != kVersion) {
    return refuse(fmt::format("version {} is not {}", version, kVersion));
  }
  if (Reader(bytes.substr(body)).Take<std::uint32_t>() != Checksum(bytes.substr(0, body))) {
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
