// What Daraja tells by itself: one POST to the URL that the request named, unsigned.
#pragma once

#include "gateway/sandbox/mpesa_daraja/model.hpp"

namespace cambist::gateway::sandbox::mpesa_daraja {

/// What became of a prompt. Source: facts/mpesa.md A3.
void tell_prompt(Bench& bench, const Prompt& prompt, TimePoint now);
/// What became of a command. Shape: `fields` are the members of "ResultParameter", ready JSON.
/// Source: facts/mpesa.md A7.
void tell_result(Bench& bench, const Command& command, std::string_view code,
                 std::string_view parameters);
/// The command expired in the queue.
void tell_timeout(Bench& bench, const Command& command);

[[nodiscard]] webhooks::Letter letter_of(const Event& event);
/// {"Key":name,"Value":value}, with `value` ready JSON.
[[nodiscard]] std::string parameter(std::string_view name, std::string_view value);
[[nodiscard]] std::string quoted(std::string_view text);
/// 1500.00
[[nodiscard]] std::string decimal(std::int64_t amount);

}  // namespace cambist::gateway::sandbox::mpesa_daraja
