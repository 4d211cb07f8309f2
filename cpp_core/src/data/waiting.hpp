#pragma once

#include <exception>
#include <functional>
#include <future>
#include <memory>

namespace apiwright::data {

/// Calls `submit` with a callback, waits until that is told, and rethrows what it is told.
template <typename Submit>
void wait_for(Submit submit) {
  // Shared: the thread that fulfils it may still be inside when the one that waits is gone.
  const auto promise = std::make_shared<std::promise<void>>();
  auto end = promise->get_future();
  submit(std::function<void(std::exception_ptr)>([promise](const std::exception_ptr& failure) {
    if (failure) {
      promise->set_exception(failure);
    } else {
      promise->set_value();
    }
  }));
  end.get();
}

}  // namespace apiwright::data
