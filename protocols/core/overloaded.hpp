// Joins lambdas into one visitor for std::visit.
#pragma once

namespace cambist {

template <class... F>
struct Overloaded : F... {
  using F::operator()...;
};
// GCC deduces it by itself; Clang 14, which builds the fuzz targets, does not yet.
template <class... F>
Overloaded(F...) -> Overloaded<F...>;

}  // namespace cambist
