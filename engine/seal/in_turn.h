// In turn: work cut into chunks, prepared by any number of threads, handed over in the order in
// which it was cut. So the outcome is the same for every number of threads, and each thread holds
// one chunk at a time.

#ifndef QZ_SEAL_IN_TURN_H_
#define QZ_SEAL_IN_TURN_H_

#include <algorithm>
#include <condition_variable>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

namespace qz::seal {

// Whose chunk may be handed over now.
class Turns {
 public:
  // Waits until all chunks before `number` are handed over. False where the work was given up.
  bool wait(std::uint64_t number) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return next_ == number || failure_ != nullptr; });
    return failure_ == nullptr;
  }
  void next() {
    {
      const std::lock_guard lock(mutex_);
      ++next_;
    }
    changed_.notify_all();
  }
  // The first failure ends the work of all.
  void fail(std::exception_ptr failure) {
    {
      const std::lock_guard lock(mutex_);
      if (failure_ == nullptr) failure_ = failure;
    }
    changed_.notify_all();
  }
  std::exception_ptr failure() const { return failure_; }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t next_ = 0;
  std::exception_ptr failure_;
};

// Runs `Worker`s made by `make_worker()`, each on its own thread. A worker has
//   bool cut()                the next chunk, false where there is none; one worker at a time
//   void prepare(wait)        on its own; wait() is false where all is given up, and may be called
//                             early where a part must be handed over to free memory
//   void hand_over()          one worker at a time, in the order of the cuts
//   void finish()             on its own, what nobody needs to wait for
template <class MakeWorker>
void run_in_turn(int threads, const MakeWorker& make_worker) {
  std::mutex cutting;
  std::uint64_t cut_so_far = 0;
  Turns turns;
  const auto work = [&] {
    try {
      auto worker = make_worker();
      for (;;) {
        std::uint64_t number = 0;
        {
          const std::lock_guard lock(cutting);
          if (!worker.cut()) return;
          number = cut_so_far++;
        }
        const auto wait = [&] { return turns.wait(number); };
        worker.prepare(wait);
        if (!wait()) return;
        worker.hand_over();
        turns.next();
        worker.finish();
      }
    } catch (...) {
      turns.fail(std::current_exception());
    }
  };
  std::vector<std::thread> pool;
  for (int t = 1; t < std::clamp(threads, 1, 256); ++t) pool.emplace_back(work);
  work();
  for (std::thread& one : pool) one.join();
  if (turns.failure() != nullptr) std::rethrow_exception(turns.failure());
}

}  // namespace qz::seal

#endif  // QZ_SEAL_IN_TURN_H_
