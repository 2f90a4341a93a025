// A typed face on the untyped Read message.
#pragma once

#include <memory>
#include <utility>

#include "actors/messages.hpp"

namespace cambist::actors {

/// `query` is called with the reader, on the reader's thread; what it returns is the answer.
template <class Query>
[[nodiscard]] Read make_read(Query query) {
  return Read{[query = std::move(query)](storage::Reader& reader) -> std::shared_ptr<void> {
    using Value = decltype(query(reader));
    return std::make_shared<Value>(query(reader));
  }};
}

/// What the query of `make_read` returned; `Value` is its type.
template <class Value>
[[nodiscard]] Value& value_of(const ReadDone& done) {
  return *static_cast<Value*>(done.value.get());
}

}  // namespace cambist::actors
