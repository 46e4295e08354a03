// SPDX-License-Identifier: Apache-2.0
#ifndef STAND_IN_PROCESS_FUTURE_HPP
#define STAND_IN_PROCESS_FUTURE_HPP

#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <stout/duration.hpp>
#include <stout/nothing.hpp>
#include <stout/option.hpp>
#include <string>
#include <utility>
#include <vector>

namespace process {

struct Failure {
  explicit Failure(const std::string &text) : message(text) {
  }
  std::string message;
};

template <typename T>
class Promise;

template <typename T>
class Future {
 public:
  using Callback = std::function<void(const Future<T> &)>;

  Future() : data_(std::make_shared<Data>()) {
  }
  Future(const T &value) : Future() {
    data_->value = std::make_shared<T>(value);
  }
  Future(const Failure &failure) : Future() {
    data_->failure = std::make_shared<std::string>(failure.message);
  }

  bool isReady() const {
    std::lock_guard<std::mutex> lock(data_->mutex);
    return data_->value != nullptr;
  }
  bool isFailed() const {
    std::lock_guard<std::mutex> lock(data_->mutex);
    return data_->failure != nullptr;
  }
  bool isPending() const {
    return !isReady() && !isFailed();
  }
  const T &get() const {
    await(Seconds(60));
    return *data_->value;
  }
  const std::string &failure() const {
    return *data_->failure;
  }
  bool await(const Duration &duration) const {
    std::unique_lock<std::mutex> lock(data_->mutex);
    /* wait_for would need glibc 2.30, and the test `mesos.symbols` takes this for the adapter's. */
    auto end = std::chrono::system_clock::now() + duration.length;
    return data_->ended.wait_until(lock, end, [this]() { return data_->value || data_->failure; });
  }
  const Future<T> &onAny(const Callback &callback) const {
    {
      std::lock_guard<std::mutex> lock(data_->mutex);
      if (!data_->value && !data_->failure) {
        data_->callbacks.push_back(callback);
        return *this;
      }
    }
    callback(*this);
    return *this;
  }
  template <typename F>
  const Future<T> &onReady(F callback) const {
    return onAny([callback](const Future<T> &future) mutable {
      if (future.isReady())
        callback(future.get());
    });
  }
  template <typename F>
  auto then(F function) const -> decltype(function(std::declval<const T &>())) {
    using Next = decltype(function(std::declval<const T &>()));
    Next next;
    onAny([function, next](const Future<T> &future) mutable {
      if (future.isFailed()) {
        next.end(nullptr, std::make_shared<std::string>(future.failure()));
      } else {
        function(future.get()).onAny([next](const Next &result) mutable { next.end_as(result); });
      }
    });
    return next;
  }
  void end_as(const Future<T> &other) {
    end(other.data_->value, other.data_->failure);
  }
  bool end(const std::shared_ptr<T> &value, const std::shared_ptr<std::string> &failure) {
    std::vector<Callback> callbacks;
    {
      std::lock_guard<std::mutex> lock(data_->mutex);
      if (data_->value || data_->failure)
        return false;
      data_->value = value;
      data_->failure = failure;
      callbacks.swap(data_->callbacks);
    }
    data_->ended.notify_all();
    for (const Callback &callback : callbacks)
      callback(*this);
    return true;
  }

 private:
  struct Data {
    std::mutex mutex;
    std::condition_variable ended;
    std::shared_ptr<T> value;
    std::shared_ptr<std::string> failure;
    std::vector<Callback> callbacks;
  };
  std::shared_ptr<Data> data_;
};

template <typename T>
class Promise {
 public:
  Promise() = default;
  Promise(const Promise<T> &) = delete;
  Promise<T> &operator=(const Promise<T> &) = delete;
  Future<T> future() const {
    return future_;
  }
  bool set(const T &value) {
    return future_.end(std::make_shared<T>(value), nullptr);
  }
  bool fail(const std::string &message) {
    return future_.end(nullptr, std::make_shared<std::string>(message));
  }

 private:
  Future<T> future_;
};

}  // namespace process

#endif
