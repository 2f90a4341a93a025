// Named places at which a test may end the process, as a crash would. In the program they do
// nothing: the tests link their own definition in front of this one
// (tests/support/failpoint_kill.cpp).
#pragma once

namespace cambist {

/// `name` says what has just become true, for example "journal.committed". Any thread.
void failpoint(const char* name) noexcept;

}  // namespace cambist
