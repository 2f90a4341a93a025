// A SQLite file system in which what is appended to the write-ahead log leaves in one piece. SQLite
// writes each page as two pieces; a commit of thirty steps was a hundred and twenty system calls.
#pragma once

namespace cambist::storage::sqlite {

/// The name to open a connection with, for the one that writes. Everything goes to the default file
/// system; only writes that continue one another in the log are kept, and given to it before the
/// log is synced, read, cut, measured or closed, at the latest when a mebibyte waits.
/// What fails on its way fails the sync: nobody has been told of the commit then.
[[nodiscard]] const char* log_vfs();

}  // namespace cambist::storage::sqlite
