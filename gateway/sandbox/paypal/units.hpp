// What is bought: one purchase unit of an order, and PayPal's arithmetic on its parts.
#pragma once

#include "gateway/sandbox/paypal/model.hpp"
#include "gateway/sandbox/paypal/reader.hpp"

namespace cambist::gateway::sandbox::paypal {

/// Reads a unit into `order`; what is wrong with it is the reader's to tell.
void read_unit(Reader& reader, const Reader::Place& unit, Order& order);
/// Reads an amount with its breakdown, which must add up to it.
[[nodiscard]] std::optional<Money> read_total(Reader& reader, const Reader::Place& unit);

// Source: facts/paypal.md section 2, "Limits".
constexpr std::size_t reference_id_max = 256;
constexpr std::size_t description_max = 127;
constexpr std::size_t custom_id_max = 127;
constexpr std::size_t invoice_id_max = 127;
constexpr std::size_t soft_descriptor_max = 22;

}  // namespace cambist::gateway::sandbox::paypal
