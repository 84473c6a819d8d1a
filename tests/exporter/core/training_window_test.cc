#include "exporter/core/training_window.h"

#include <gtest/gtest.h>

namespace promheal::anomaly {
namespace {

Time At(int seconds) { return Time(std::chrono::seconds(seconds)); }

// A window of a feature with the values 1, 2, ..., `rows` at seconds 1, 2, ...
TrainingWindow Counting(int rows, int capacity) {
  TrainingWindow window(1, capacity);
  for (int i = 1; i <= rows; ++i) {
    window.Add(At(i), Eigen::RowVectorXd::Constant(1, i), RowState::kNormal);
  }
  return window;
}

std::vector<double> Column(const Eigen::MatrixXd& rows) {
  return {rows.data(), rows.data() + rows.size()};
}

TEST(TrainingWindowTest, ForgetsTheOldestRowWhenFull) {
  const TrainingWindow window = Counting(7, 3);
  EXPECT_EQ(window.size(), 3);
  EXPECT_EQ(Column(window.Normal().values), (std::vector<double>{5, 6, 7}));
  EXPECT_EQ(window.row(0).time, At(5));
  EXPECT_EQ(window.values(2)(0), 7);
}

TEST(TrainingWindowTest, RefusesARowThatIsNotLaterThanTheLast) {
  TrainingWindow window = Counting(3, 10);
  EXPECT_FALSE(window.Add(At(3), Eigen::RowVectorXd::Zero(1), RowState::kNormal));
  EXPECT_FALSE(window.Add(At(2), Eigen::RowVectorXd::Zero(1), RowState::kNormal));
  EXPECT_EQ(window.size(), 3);
}

TEST(TrainingWindowTest, KeepsAnomalousAndExcludedRowsOutOfTheNormalRows) {
  TrainingWindow window = Counting(2, 10);
  window.Add(At(3), Eigen::RowVectorXd::Constant(1, 99), RowState::kAnomalous);
  window.Add(At(4), Eigen::RowVectorXd::Constant(1, 98), RowState::kExcluded);
  window.Add(At(5), Eigen::RowVectorXd::Constant(1, 5), RowState::kNormal);
  EXPECT_EQ(window.size(), 5);
  EXPECT_EQ(window.normal_size(), 3);
  EXPECT_EQ(Column(window.Normal().values), (std::vector<double>{1, 2, 5}));
  EXPECT_EQ(Column(window.LatestNormal(2).values), (std::vector<double>{2, 5}));
}

TEST(TrainingWindowTest, AcceptsALastingChangeAsARegimeOfItsOwn) {
  TrainingWindow window = Counting(2, 10);
  window.Add(At(3), Eigen::RowVectorXd::Constant(1, 93), RowState::kAnomalous);
  window.Add(At(4), Eigen::RowVectorXd::Constant(1, 94), RowState::kExcluded);
  window.Add(At(5), Eigen::RowVectorXd::Constant(1, 95), RowState::kAnomalous);
  window.AcceptSince(At(3));
  const WindowRows normal = window.Normal();
  EXPECT_EQ(Column(normal.values), (std::vector<double>{1, 2, 93, 95}));
  EXPECT_EQ(normal.regimes, (std::vector<int32_t>{0, 0, 1, 1}));
  EXPECT_EQ(Column(window.LatestNormal(10).values), (std::vector<double>{93, 95}))
      << "rows of the old level do not count for the baseline";
  window.Add(At(6), Eigen::RowVectorXd::Constant(1, 96), RowState::kNormal);
  EXPECT_EQ(Column(window.LatestNormal(10).values), (std::vector<double>{93, 95, 96}));
}

}  // namespace
}  // namespace promheal::anomaly
