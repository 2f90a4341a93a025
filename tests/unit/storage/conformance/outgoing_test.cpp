// What every store owes our events for merchants: the outbox in order, endpoints with their
// cursors, deliveries, and nothing forgotten that an endpoint has not had.
#include "tests/unit/storage/stores.hpp"

namespace cambist::storage::testing {
namespace {

class StoreOutgoing : public StoreTest {
 protected:
  void announce(std::initializer_list<std::uint64_t> numbers, const std::string& owner = "acme") {
    for (const auto number : numbers) {
      ASSERT_TRUE(is_appended(record({announced(number, tenant(owner))}), 0));
    }
  }
  void put(std::vector<Record> rows) { ASSERT_TRUE(is_appended(record(std::move(rows)), 0)); }
  std::vector<std::uint64_t> outbox(std::uint64_t after = 0, std::size_t limit = 100,
                                    const std::string& owner = "acme") {
    std::vector<std::uint64_t> positions;
    for (const auto& stored : reader_->outbox(tenant(owner), after, limit).value()) {
      positions.push_back(stored.position);
    }
    return positions;
  }
  std::vector<std::uint64_t> deliveries(const DeliveryQuery& query) {
    std::vector<std::uint64_t> positions;
    for (const auto& row : reader_->deliveries(query).value()) positions.push_back(row.position);
    return positions;
  }
  std::vector<std::uint64_t> after(std::uint64_t endpoint, std::uint64_t cursor) {
    std::vector<std::uint64_t> positions;
    for (const auto& row : reader_->deliveries_after(endpoint_id(endpoint), cursor).value()) {
      positions.push_back(row.position);
    }
    return positions;
  }
  std::uint64_t cursor(std::uint64_t number) {
    for (const auto& row : reader_->endpoints(std::nullopt).value()) {
      if (row.id == endpoint_id(number)) return row.cursor;
    }
    ADD_FAILURE() << "no endpoint " << number;
    return 0;
  }
};
CAMBIST_EACH_STORE(StoreOutgoing);

using Positions = std::vector<std::uint64_t>;

TEST_P(StoreOutgoing, AnEventComesBackAsItWasAnnounced) {
  auto made = announced(7);
  made.row.payment = payment_id(3);
  put({made});
  const auto stored = reader_->outbox_event(tenant(), event_id(7)).value();
  ASSERT_TRUE(stored);
  EXPECT_EQ(stored->position, 1U);
  EXPECT_EQ(stored->row.id, event_id(7));
  EXPECT_EQ(stored->row.type, "payment.captured");
  EXPECT_EQ(stored->row.payment, payment_id(3));
  EXPECT_EQ(stored->row.sequence, 7U);
  EXPECT_EQ(stored->row.at, at(7));
  EXPECT_EQ(stored->row.json, "{\"id\":7}");
}

TEST_P(StoreOutgoing, TheOutboxIsOneOrderForStepsAndAnnouncementsAndEachTenantSeesItsOwn) {
  auto made = step(payment_id(1), 0);
  made.outbox = {outgoing(11), outgoing(12)};
  write({Records{{announced(10)}}, made, Records{{announced(13, tenant("rival"))}}});
  announce({14});
  EXPECT_EQ(outbox(), (Positions{1, 2, 3, 5}));
  EXPECT_EQ(outbox(2), (Positions{3, 5}));
  EXPECT_EQ(outbox(1, 2), (Positions{2, 3}));
  EXPECT_EQ(outbox(5), (Positions{}));
  EXPECT_EQ(outbox(~std::uint64_t{0}), (Positions{}));
  EXPECT_EQ(outbox(0, 9, "rival"), (Positions{4}));
  EXPECT_FALSE(reader_->outbox_event(tenant(), event_id(13)).value());
  EXPECT_TRUE(reader_->outbox_event(tenant("rival"), event_id(13)).value());
}

TEST_P(StoreOutgoing, AnAnnouncementTwiceIsAMistakeAndTakesAllRowsBack) {
  announce({1});
  EXPECT_TRUE(is_error(record({announced(2), announced(1)}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({announced(2), announced(2)}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({Announced{tenant(), OutboxRow{}}}), ErrorCode::internal));
  EXPECT_EQ(outbox(), (Positions{1}));
  announce({2});
  EXPECT_EQ(outbox(), (Positions{1, 2}));
}

TEST_P(StoreOutgoing, AnEndpointComesBackAsItWasPut) {
  auto made = endpoint(1);
  made.row.description = "shop";
  made.row.types = {"payment.*", "task.opened"};
  made.row.enabled = false;
  made.row.disabled_reason = "three days of silence";
  made.row.previous_secret = "whsec_old";
  made.row.previous_secret_until = at(99);
  made.row.updated_at = at(2);
  put({made});
  const auto rows = reader_->endpoints(tenant()).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].id, endpoint_id(1));
  EXPECT_EQ(rows[0].tenant, tenant());
  EXPECT_EQ(rows[0].url, "https://merchant.example/1");
  EXPECT_EQ(rows[0].description, "shop");
  EXPECT_EQ(rows[0].types, made.row.types);
  EXPECT_FALSE(rows[0].enabled);
  EXPECT_EQ(rows[0].disabled_reason, "three days of silence");
  EXPECT_EQ(rows[0].secret, "whsec_1");
  EXPECT_EQ(rows[0].previous_secret, "whsec_old");
  EXPECT_EQ(rows[0].previous_secret_until, at(99));
  EXPECT_EQ(rows[0].created_at, at(1));
  EXPECT_EQ(rows[0].updated_at, at(2));
}

TEST_P(StoreOutgoing, ANewEndpointStandsAtTheEndAndAnUpdateLeavesItWhereItIs) {
  put({endpoint(1)});
  EXPECT_EQ(cursor(1), 0U);
  announce({1, 2});
  auto late = endpoint(2);
  late.row.cursor = 1;  // not the caller's to say
  put({late});
  EXPECT_EQ(cursor(2), 2U);
  announce({3});
  auto update = endpoint(1);
  update.row.url = "https://merchant.example/new";
  update.row.cursor = 3;
  put({update});
  EXPECT_EQ(cursor(1), 0U);
  EXPECT_EQ(reader_->endpoints(tenant()).value()[0].url, "https://merchant.example/new");
  put({announced(4), endpoint(3)});  // later rows see the earlier ones
  EXPECT_EQ(cursor(3), 4U);
}

TEST_P(StoreOutgoing, EndpointsAreListedInTheOrderOfTheirMaking) {
  put({endpoint(3)});
  put({endpoint(1, tenant("rival"))});
  put({endpoint(2)});
  put({endpoint(3)});
  const auto own = reader_->endpoints(tenant()).value();
  ASSERT_EQ(own.size(), 2U);
  EXPECT_EQ(own[0].id, endpoint_id(3));
  EXPECT_EQ(own[1].id, endpoint_id(2));
  const auto all = reader_->endpoints(std::nullopt).value();
  ASSERT_EQ(all.size(), 3U);
  EXPECT_EQ(all[1].id, endpoint_id(1));
}

TEST_P(StoreOutgoing, AnotherTenantsEndpointIsNotThere) {
  put({endpoint(1)});
  auto stolen = endpoint(1, tenant("rival"));
  stolen.row.url = "https://rival.example";
  EXPECT_TRUE(is_error(record({stolen, audit(1)}), ErrorCode::not_found));
  EXPECT_TRUE(
      is_error(record({EndpointGone{tenant("rival"), endpoint_id(1)}}), ErrorCode::not_found));
  EXPECT_EQ(reader_->endpoints(tenant()).value()[0].url, "https://merchant.example/1");
  EXPECT_TRUE(reader_->audit(tenant(), std::nullopt, 5).value().empty());
}

TEST_P(StoreOutgoing, WhatNamesNoEndpointIsNotFoundAndNothingIsWritten) {
  EXPECT_TRUE(is_error(record({EndpointGone{tenant(), endpoint_id(1)}}), ErrorCode::not_found));
  EXPECT_TRUE(is_error(record({CursorMoved{endpoint_id(1), 5}}), ErrorCode::not_found));
  EXPECT_TRUE(is_error(record({announced(1), delivery(1, 1)}), ErrorCode::not_found));
  EXPECT_EQ(outbox(), (Positions{}));
  EXPECT_EQ(after(1, 0), (Positions{}));
}

TEST_P(StoreOutgoing, AnEndpointTakesItsDeliveriesAlong) {
  put({endpoint(1), endpoint(2), delivery(1, 1), delivery(1, 2), delivery(2, 1)});
  put({EndpointGone{tenant(), endpoint_id(1)}});
  EXPECT_EQ(after(1, 0), (Positions{}));
  EXPECT_EQ(after(2, 0), (Positions{1}));
  EXPECT_TRUE(is_error(record({delivery(1, 3)}), ErrorCode::not_found));
  // Within one entry too: gone, and made again at the end of the outbox.
  announce({1});
  put({EndpointGone{tenant(), endpoint_id(2)}, endpoint(2, tenant("rival"))});
  EXPECT_EQ(after(2, 0), (Positions{}));
  EXPECT_EQ(cursor(2), 1U);
  EXPECT_TRUE(is_error(record({EndpointGone{tenant("rival"), endpoint_id(2)}, delivery(2, 1)}),
                       ErrorCode::not_found));
  EXPECT_EQ(cursor(2), 1U);
}

TEST_P(StoreOutgoing, ADeliveryKeepsItsLatestShape) {
  put({endpoint(1), delivery(1, 4)});
  auto made = delivery(1, 4, "failed");
  made.row.attempts = 9;
  made.row.response_status = 503;
  made.row.error = "not today";
  made.row.duration = std::chrono::milliseconds{12};
  made.row.next_attempt_at = at(70);
  made.row.updated_at = at(60);
  put({made});
  const auto rows = reader_->deliveries({.endpoint = endpoint_id(1)}).value();
  ASSERT_EQ(rows.size(), 1U);
  EXPECT_EQ(rows[0].endpoint, endpoint_id(1));
  EXPECT_EQ(rows[0].position, 4U);
  EXPECT_EQ(rows[0].event, event_id(4));
  EXPECT_EQ(rows[0].type, "payment.captured");
  EXPECT_EQ(rows[0].payment, payment_id(1));
  EXPECT_EQ(rows[0].status, "failed");
  EXPECT_EQ(rows[0].attempts, 9);
  EXPECT_EQ(rows[0].response_status, 503);
  EXPECT_EQ(rows[0].error, "not today");
  EXPECT_EQ(rows[0].duration, std::chrono::milliseconds{12});
  EXPECT_EQ(rows[0].next_attempt_at, at(70));
  EXPECT_EQ(rows[0].updated_at, at(60));
}

TEST_P(StoreOutgoing, DeliveriesAreListedNewestFirstAndByStatus) {
  put({endpoint(1), endpoint(2), delivery(1, 1, "failed"), delivery(1, 2), delivery(1, 3, "failed"),
       delivery(1, 4, "delivered"), delivery(2, 9, "failed")});
  const auto id = endpoint_id(1);
  EXPECT_EQ(deliveries({.endpoint = id}), (Positions{4, 3, 2, 1}));
  EXPECT_EQ(deliveries({.endpoint = id, .limit = 2}), (Positions{4, 3}));
  EXPECT_EQ(deliveries({.endpoint = id, .before = 3}), (Positions{2, 1}));
  EXPECT_EQ(deliveries({.endpoint = id, .status = "failed"}), (Positions{3, 1}));
  EXPECT_EQ(deliveries({.endpoint = id, .status = "failed", .before = 3}), (Positions{1}));
  EXPECT_EQ(deliveries({.endpoint = endpoint_id(3)}), (Positions{}));
  EXPECT_EQ(after(1, 2), (Positions{3, 4}));
}

TEST_P(StoreOutgoing, ACursorMovesForwardWithDeliveriesAndNeverBack) {
  put({endpoint(1)});
  auto made = delivery(1, 3, "delivered");
  made.cursor = 3;
  put({made});
  EXPECT_EQ(cursor(1), 3U);
  made.cursor = 2;
  put({made});
  EXPECT_EQ(cursor(1), 3U);
  put({delivery(1, 9)});
  EXPECT_EQ(cursor(1), 3U);
}

TEST_P(StoreOutgoing, AMovedCursorForgetsTheDeliveriesAfterIt) {
  put({endpoint(1), endpoint(2), delivery(1, 1), delivery(1, 2), delivery(1, 3), delivery(2, 3)});
  put({CursorMoved{endpoint_id(1), 5}});
  EXPECT_EQ(cursor(1), 5U);
  EXPECT_EQ(after(1, 0), (Positions{1, 2, 3}));
  put({CursorMoved{endpoint_id(1), 1}});
  EXPECT_EQ(cursor(1), 1U);
  EXPECT_EQ(after(1, 0), (Positions{1}));
  EXPECT_EQ(after(2, 0), (Positions{3}));
}

TEST_P(StoreOutgoing, WhatIsMalformedIsAMistake) {
  auto lines = endpoint(1);
  lines.row.types = {"payment.*\nrefund.*"};
  EXPECT_TRUE(is_error(record({lines}), ErrorCode::internal));
  lines.row.types = {""};
  EXPECT_TRUE(is_error(record({lines}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({EndpointPut{}}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({EndpointGone{}}), ErrorCode::internal));
  put({endpoint(1)});
  EXPECT_TRUE(is_error(record({delivery(1, 0)}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({delivery(1, 1, "lost")}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({CursorMoved{{}, 1}}), ErrorCode::internal));
  EXPECT_TRUE(
      is_error(record({CursorMoved{endpoint_id(1), ~std::uint64_t{0}}}), ErrorCode::internal));
  EXPECT_TRUE(is_error(record({audit(1), AuditRow{}}), ErrorCode::internal));
  EXPECT_EQ(cursor(1), 0U);
}

TEST_P(StoreOutgoing, EventsStayUntilEveryEndpointOfTheirTenantHasThemBehindIt) {
  put({endpoint(1), endpoint(2), endpoint(3, tenant("rival"))});
  announce({1, 2, 3});
  put({CursorMoved{endpoint_id(1), 3}, CursorMoved{endpoint_id(2), 1}});
  EXPECT_EQ(journal_->forget(at(1000), 10).value(), 1U);
  EXPECT_EQ(outbox(), (Positions{2, 3}));
  put({CursorMoved{endpoint_id(2), 3}});
  EXPECT_EQ(journal_->forget(at(3), 10).value(), 1U);
  EXPECT_EQ(outbox(), (Positions{3}));
  announce({4}, "rival");
  EXPECT_EQ(journal_->forget(at(1000), 10).value(), 1U);
  EXPECT_EQ(outbox(), (Positions{}));
  EXPECT_EQ(outbox(0, 10, "rival"), (Positions{4}));
  EXPECT_FALSE(reader_->outbox_event(tenant(), event_id(3)).value());
  announce({5});
  EXPECT_EQ(outbox(), (Positions{5}));  // no position is used twice
}

TEST_P(StoreOutgoing, WithoutEndpointsEventsGoByAgeAloneFromTheStartAndUpToTheLimit) {
  announce({1, 2, 9, 3});
  EXPECT_EQ(journal_->forget(at(5), 1).value(), 1U);
  EXPECT_EQ(outbox(), (Positions{2, 3, 4}));
  EXPECT_EQ(journal_->forget(at(5), 10).value(), 1U);
  EXPECT_EQ(outbox(), (Positions{3, 4}));  // the last waits behind a younger one
  announce({20}, "rival");
  EXPECT_EQ(journal_->forget(at(100), 2).value(), 2U);
  EXPECT_EQ(journal_->forget(at(100), 2).value(), 1U);
}

TEST_P(StoreOutgoing, OldSettledDeliveriesBehindTheCursorAreForgotten) {
  put({endpoint(1), delivery(1, 1, "delivered"), delivery(1, 2, "failed"), delivery(1, 3),
       delivery(1, 4, "delivered"), delivery(1, 5, "delivered")});
  put({CursorMoved{endpoint_id(1), 10}});
  auto lagging = endpoint(2);
  put({lagging, delivery(2, 1, "delivered")});
  EXPECT_EQ(journal_->forget(at(5), 2).value(), 2U);
  EXPECT_EQ(after(1, 0), (Positions{3, 4, 5}));
  EXPECT_EQ(journal_->forget(at(5), 2).value(), 1U);
  EXPECT_EQ(after(1, 0), (Positions{3, 5}));
  EXPECT_EQ(after(2, 0), (Positions{1}));  // a restart must know that it was delivered
}

}  // namespace
}  // namespace cambist::storage::testing
