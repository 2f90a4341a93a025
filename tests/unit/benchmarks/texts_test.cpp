// What the generator writes and reads: templates, answers, the texts of /proc and Prometheus.
#include <gtest/gtest.h>

#include "benchmarks/load/answer.hpp"
#include "benchmarks/load/counters.hpp"
#include "benchmarks/load/options.hpp"
#include "benchmarks/load/processes.hpp"
#include "benchmarks/load/text_template.hpp"

namespace cambist::load {
namespace {

TEST(LoadTemplate, IdsAreFilledInAndEveryOtherBraceIsText) {
  const TextTemplate body{R"({"reference":"{id}","of":{"x":"{rid}"},"again":"{id}{"})"};
  EXPECT_EQ(body.filled("p-1", "pay_9"),
            R"({"reference":"p-1","of":{"x":"pay_9"},"again":"p-1{"})");
  EXPECT_EQ(TextTemplate{""}.filled("a", "b"), "");
  EXPECT_EQ(TextTemplate{"{id"}.filled("a", "b"), "{id");
  EXPECT_EQ(TextTemplate{"{rid}{id}"}.filled("a", "b"), "ba");
}

TEST(LoadTemplate, TheAnsweredIdIsTheFirstAndMayBeMissing) {
  EXPECT_EQ(answered_id(R"({"id":"pay_1","operations":[{"id":"op_2"}]})"), "pay_1");
  EXPECT_EQ(answered_id(R"({"idempotency":"x"})"), "");
  EXPECT_EQ(answered_id(R"({"id":"cut)"), "");
}

TEST(LoadAnswer, AnswersAreReadWhenTheyAreWholeAndNotBefore) {
  const std::string_view bytes =
      "HTTP/1.1 201 Created\r\ncontent-LENGTH: 4\r\nConnection: close\r\n\r\nbodyHTTP/1.1 200";
  for (std::size_t cut = 0; cut < bytes.size() - 12; ++cut) {
    EXPECT_TRUE(std::holds_alternative<Incomplete>(read_answer(bytes.substr(0, cut)))) << cut;
  }
  const auto answer = std::get<Answer>(read_answer(bytes));
  EXPECT_EQ(answer.status, 201);
  EXPECT_EQ(answer.body, "body");
  EXPECT_TRUE(answer.closing);
  EXPECT_EQ(answer.bytes, bytes.size() - 12);
}

TEST(LoadAnswer, ChunksAreJoined) {
  const std::string_view bytes =
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n4\r\nbody\r\na;x=1\r\n0123456789\r\n"
      "0\r\n\r\n";
  for (std::size_t cut = 0; cut < bytes.size(); ++cut) {
    EXPECT_TRUE(std::holds_alternative<Incomplete>(read_answer(bytes.substr(0, cut)))) << cut;
  }
  EXPECT_EQ(std::get<Answer>(read_answer(bytes)).body, "body0123456789");
}

TEST(LoadAnswer, WhatIsNoAnswerIsBroken) {
  for (const std::string_view bytes :
       {"SSH-2.0-x\r\n\r\n", "HTTP/1.1 abc OK\r\n\r\n", "HTTP/1.1 200\r\nContent-Length: x\r\n\r\n",
        "HTTP/1.1 200\r\nContent-Length: 99999999999\r\n\r\n",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
        "HTTP/1.1 200\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc\r\n"}) {
    EXPECT_TRUE(std::holds_alternative<Broken>(read_answer(bytes))) << bytes;
  }
}

TEST(LoadProcesses, TheCpuOfAProcessIsReadBehindAnyName) {
  const auto stat =
      read_stat("77 (odd) name (x) S 12 77 77 0 -1 4194560 1 2 3 4 100 20 3 4 20 0 9 0 5 6 7");
  ASSERT_TRUE(stat);
  EXPECT_EQ(stat->parent, 12);
  EXPECT_EQ(stat->own_ticks, 120U);
  EXPECT_EQ(stat->reaped_ticks, 7U);
  EXPECT_FALSE(read_stat("77 (short) S 12"));
  EXPECT_FALSE(read_stat(""));
}

TEST(LoadProcesses, MemoryIsReadByTheWholeName) {
  const std::string_view status = "Name:\tx\nXVmHWM:\t 1 kB\nVmHWM:\t  5120 kB\nVmRSS:\t 4 kB\n";
  EXPECT_EQ(read_kib(status, "VmHWM"), 5120U);
  EXPECT_EQ(read_kib(status, "VmRSS"), 4U);
  EXPECT_EQ(read_kib(status, "Vm"), std::nullopt);
  EXPECT_EQ(read_kib("", "Pss"), std::nullopt);
}

TEST(LoadProcesses, TheMachineIsBusyWithAllButIdlingAndWaiting) {
  EXPECT_EQ(read_busy("cpu  100 5 20 9999 777 3 4 50 0 0\ncpu0 1 1 1 1\n"), 132U);
  EXPECT_EQ(read_busy("cpu0 100 5 20 9999 777 3 4\n"), std::nullopt);
  EXPECT_EQ(read_busy("cpu 100 5\n"), std::nullopt);
  EXPECT_GT(machine_busy_s(), 0);
}

TEST(LoadProcesses, OurOwnTreeHasMemoryAndSomeCpu) {
  const auto own = measure_tree(::getpid());
  EXPECT_GT(own.rss_peak_kib, 0U);
  EXPECT_GE(own.rss_peak_kib, own.rss_kib);
}

TEST(LoadCounters, CommitsAndAppendsComeFromTheBatchHistogram) {
  const auto counts = journal_counts(
      "# TYPE cambist_journal_batch_appends histogram\n"
      "cambist_journal_batch_appends_count 10\ncambist_journal_batch_appends_sum 35\n"
      "cambist_journal_commit_duration_seconds_sum 0.5\n");
  ASSERT_TRUE(counts);
  EXPECT_EQ(counts->commits, 10);
  EXPECT_EQ(counts->appends, 35);
  EXPECT_EQ(counts->commit_s, 0.5);
  EXPECT_FALSE(journal_counts("other_metric 1\n"));
}

std::variant<Plan, IdlePlan, Ended> options(std::vector<const char*> words) {
  words.insert(words.begin(), "cambist-load");
  return read_options(static_cast<int>(words.size()), words.data());
}

TEST(LoadOptions, WrongOnesEndWithTwoAndSayWhatIsWanted) {
  for (const auto& words :
       std::vector<std::vector<const char*>>{{"--url", "https://x:1"},
                                             {"--url", "http://127.0.0.1"},
                                             {"--url", "http://127.0.0.1:99999"},
                                             {"--pid", "server"},
                                             {"--pid", "server=x"},
                                             {"--metrics", "nowhere"},
                                             {"--connections", "0"},
                                             {"--nonsense"}}) {
    const auto ended = options(words);
    ASSERT_TRUE(std::holds_alternative<Ended>(ended)) << words.back();
    EXPECT_EQ(std::get<Ended>(ended).status, 2) << words.back();
  }
}

TEST(LoadOptions, ARateMakesTheLoopOpenAndIdleIsAPlanOfItsOwn) {
  const auto open = options({"--url", "http://127.0.0.1:81/x", "--rate", "500", "--pid", "a=1"});
  ASSERT_TRUE(std::holds_alternative<Plan>(open));
  EXPECT_EQ(std::get<Plan>(open).rate, 500);
  EXPECT_EQ(std::get<Plan>(open).watch.processes.at(0).root, 1);
  EXPECT_EQ(std::get<Plan>(options({})).rate, 0);
  const auto idle = options({"--idle", "10000"});
  ASSERT_TRUE(std::holds_alternative<IdlePlan>(idle));
  EXPECT_EQ(std::get<IdlePlan>(idle).connections, 10'000U);
}

}  // namespace
}  // namespace cambist::load
