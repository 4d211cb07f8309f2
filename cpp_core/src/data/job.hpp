#pragma once

#include <exception>
#include <memory>
#include <utility>

#include "apiwright/data/database.hpp"
#include "apiwright/tasks/executor.hpp"

namespace apiwright::data {

/// The job that hands `work` to `perform`, or tells it that it was refused.
template <typename Perform>
tasks::Job job_of(Work work, Perform perform) {
  const auto shared = std::make_shared<const Work>(std::move(work));
  return {.run = [shared, perform] { perform(*shared); },
          .refuse = [shared](const std::exception_ptr& reason) { shared->done(reason); }};
}

}  // namespace apiwright::data
