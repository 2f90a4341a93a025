// Joins lambdas into one visitor for std::visit.
#pragma once

namespace cambist {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};

}  // namespace cambist
