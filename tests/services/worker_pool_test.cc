#include "services/shop/worker_pool.h"

#include <gtest/gtest.h>

#include <atomic>
#include <thread>
#include <vector>

#include "tests/support/wait.h"

namespace promheal::shop {
namespace {

using std::chrono::seconds;
using support::WaitUntil;

bool operator==(const WorkerPool::Usage& a, const WorkerPool::Usage& b) {
  return a.limit == b.limit && a.busy == b.busy && a.queued == b.queued;
}

bool Becomes(const WorkerPool& pool, WorkerPool::Usage usage) {
  return WaitUntil([&] { return pool.usage() == usage; }, seconds(10));
}

TEST(WorkerPoolTest, ServesAsManyAtOnceAsThereAreWorkers) {
  WorkerPool pool(2, 0);
  auto first = pool.Acquire();
  {
    const auto second = pool.Acquire();
    ASSERT_TRUE(first && second);
    EXPECT_FALSE(pool.Acquire().has_value());
    EXPECT_TRUE(pool.usage() == (WorkerPool::Usage{2, 2, 0}));
  }
  EXPECT_TRUE(pool.Acquire().has_value());
  first.reset();
  EXPECT_TRUE(pool.usage() == (WorkerPool::Usage{2, 0, 0}));
}

TEST(WorkerPoolTest, TheLineIsServedInOrderAndBounded) {
  WorkerPool pool(1, 3);
  auto busy = pool.Acquire();
  std::vector<int> order;  // Only the holder of the only worker uses it.
  std::vector<std::thread> waiting;
  for (size_t i = 0; i < 3; ++i) {
    waiting.emplace_back([&pool, &order, i] {
      const auto worker = pool.Acquire();
      order.push_back(static_cast<int>(i));
    });
    ASSERT_TRUE(Becomes(pool, {1, 1, i + 1}));
  }
  EXPECT_FALSE(pool.Acquire().has_value());
  busy.reset();
  for (std::thread& thread : waiting) thread.join();
  EXPECT_EQ(order, (std::vector<int>{0, 1, 2}));
}

TEST(WorkerPoolTest, LostWorkersAreBusyUntilTheyAreGivenBack) {
  WorkerPool pool(4, 1);
  pool.LoseWorkers(3);
  EXPECT_TRUE(pool.usage() == (WorkerPool::Usage{4, 3, 0}));
  const auto last = pool.Acquire();
  ASSERT_TRUE(last.has_value());
  std::atomic<bool> served = false;
  std::thread waiting([&] { served = pool.Acquire().has_value(); });
  ASSERT_TRUE(Becomes(pool, {4, 4, 1}));
  EXPECT_FALSE(served);
  pool.LoseWorkers(0);
  waiting.join();
  EXPECT_TRUE(served);
}

TEST(WorkerPoolTest, OneWorkerAlwaysStays) {
  WorkerPool pool(4, 0);
  pool.LoseWorkers(4);
  EXPECT_TRUE(pool.usage() == (WorkerPool::Usage{4, 3, 0}));
  EXPECT_TRUE(pool.Acquire().has_value());
}

TEST(WorkerPoolTest, LosingWorkersThatServeNeverShowsMoreBusyThanThereAre) {
  WorkerPool pool(2, 0);
  const auto first = pool.Acquire();
  const auto second = pool.Acquire();
  pool.LoseWorkers(1);
  EXPECT_TRUE(pool.usage() == (WorkerPool::Usage{2, 2, 0}));
}

TEST(WorkerPoolTest, ClosingRefusesWaitingAndFutureRequests) {
  WorkerPool pool(1, 1);
  const auto busy = pool.Acquire();
  std::atomic<bool> served = true;
  std::thread waiting([&] { served = pool.Acquire().has_value(); });
  ASSERT_TRUE(Becomes(pool, {1, 1, 1}));
  pool.Close();
  waiting.join();
  EXPECT_FALSE(served);
  EXPECT_FALSE(pool.Acquire().has_value());
}

TEST(WorkerPoolTest, ManyThreadsNeverExceedTheLimit) {
  WorkerPool pool(3, 100);
  std::atomic<int> inside = 0;
  std::atomic<int> most = 0;
  std::atomic<int> served = 0;
  std::vector<std::thread> threads;
  for (int t = 0; t < 16; ++t) {
    threads.emplace_back([&] {
      for (int i = 0; i < 200; ++i) {
        const auto worker = pool.Acquire();
        const int now = ++inside;
        int seen = most;
        while (seen < now && !most.compare_exchange_weak(seen, now)) {
        }
        served += worker.has_value() ? 1 : 0;
        --inside;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(served, 16 * 200);
  EXPECT_LE(most, 3);
  EXPECT_TRUE(pool.usage() == (WorkerPool::Usage{3, 0, 0}));
}

}  // namespace
}  // namespace promheal::shop
