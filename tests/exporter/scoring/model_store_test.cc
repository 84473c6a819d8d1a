#include "exporter/scoring/model_store.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include "common/io/file.h"
#include "tests/exporter/core/simulated_service.h"
#include "tests/support/null_logger.h"
#include "tests/support/temp_directory.h"

namespace promheal::anomaly {
namespace {

const Labels kOrders{{"service", "orders"}};

class ModelStoreTest : public testing::Test {
 protected:
  static Fleet EmptyFleet() {
    DetectorOptions options;
    options.training.minimum_rows = 30;
    options.window_rows = 100;
    return Fleet(SimulatedService::Features(), options, 10);
  }

  static Fleet TrainedFleet() {
    Fleet fleet = EmptyFleet();
    SimulatedService service(1, false);
    Detector& detector = *fleet.Watch(kOrders);
    for (int i = 1; i <= 50; ++i) {
      detector.AddHistory(Time(SimulatedService::kInterval * i), service.Next({}), false);
    }
    EXPECT_TRUE(detector.Train(Time()));
    return fleet;
  }

  std::string OnlyFile() const {
    std::string path;
    for (const auto& entry : std::filesystem::directory_iterator(directory_.path())) {
      path = entry.path().string();
    }
    return path;
  }

  support::TempDirectory directory_;
  std::unique_ptr<Logger> log_ = support::MakeNullLogger();
  ModelStore store_{directory_.path(), *log_};
};

TEST_F(ModelStoreTest, RestoresStoredTargets) {
  const Fleet trained = TrainedFleet();
  ASSERT_TRUE(store_.Save("f", kOrders, trained.detectors().at(kOrders)));
  Fleet fleet = EmptyFleet();
  const auto restored = store_.RestoreAll("f", fleet);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->targets, 1);
  EXPECT_EQ(restored->refused, 0);
  const Detector& detector = fleet.detectors().at(kOrders);
  ASSERT_NE(detector.model(), nullptr);
  EXPECT_EQ(detector.model()->forest.Serialize(),
            trained.detectors().at(kOrders).model()->forest.Serialize());
  EXPECT_EQ(detector.window().size(), 50);
}

TEST_F(ModelStoreTest, RefusesADamagedFileAndGoesOn) {
  const Fleet trained = TrainedFleet();
  ASSERT_TRUE(store_.Save("f", kOrders, trained.detectors().at(kOrders)));
  std::string bytes = *ReadFile(OnlyFile());
  bytes[bytes.size() / 2] = static_cast<char>(bytes[bytes.size() / 2] + 1);
  std::ofstream(OnlyFile(), std::ios::binary) << bytes;
  Fleet fleet = EmptyFleet();
  const auto restored = store_.RestoreAll("f", fleet);
  ASSERT_TRUE(restored);
  EXPECT_EQ(restored->targets, 0);
  EXPECT_EQ(restored->refused, 1);
  EXPECT_TRUE(fleet.detectors().empty());
  ASSERT_TRUE(store_.Save("f", kOrders, trained.detectors().at(kOrders)));
  EXPECT_EQ(store_.RestoreAll("f", fleet)->targets, 1) << "the next Save replaced the damaged file";
}

TEST_F(ModelStoreTest, RefusesModelsOfAnotherConfiguration) {
  const Fleet trained = TrainedFleet();
  ASSERT_TRUE(store_.Save("old", kOrders, trained.detectors().at(kOrders)));
  Fleet fleet = EmptyFleet();
  EXPECT_EQ(store_.RestoreAll("new", fleet)->refused, 1);
}

TEST_F(ModelStoreTest, ForgetsATarget) {
  const Fleet trained = TrainedFleet();
  ASSERT_TRUE(store_.Save("f", kOrders, trained.detectors().at(kOrders)));
  store_.Forget(kOrders);
  store_.Forget(kOrders);
  EXPECT_EQ(OnlyFile(), "");
}

TEST_F(ModelStoreTest, CreatesItsDirectory) {
  ModelStore store(directory_.PathOf("a/b"), *log_);
  Fleet fleet = EmptyFleet();
  ASSERT_TRUE(store.RestoreAll("f", fleet));
  EXPECT_TRUE(std::filesystem::is_directory(directory_.PathOf("a/b")));
}

TEST_F(ModelStoreTest, ADirectoryThatCannotBeCreatedIsAnError) {
  ModelStore store(directory_.Write("file", "") + "/below", *log_);
  Fleet fleet = EmptyFleet();
  const auto restored = store.RestoreAll("f", fleet);
  ASSERT_FALSE(restored);
  EXPECT_EQ(restored.error().message.find("opening the model store: "), 0U);
}

TEST_F(ModelStoreTest, KeepsNothingWithoutADirectory) {
  ModelStore store("", *log_);
  const Fleet trained = TrainedFleet();
  EXPECT_TRUE(store.Save("f", kOrders, trained.detectors().at(kOrders)));
  Fleet fleet = EmptyFleet();
  EXPECT_EQ(store.RestoreAll("f", fleet)->targets, 0);
}

}  // namespace
}  // namespace promheal::anomaly
