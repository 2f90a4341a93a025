#include "tests/support/postgres_cluster.hpp"

#include <fcntl.h>
#include <grp.h>
#include <pwd.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <future>
#include <optional>
#include <random>
#include <sstream>
#include <stdexcept>
#include <thread>

#include "tests/support/service.hpp"

namespace cambist::test {
namespace {

using namespace std::chrono_literals;
namespace fs = std::filesystem;

constexpr const char* superuser = "cambist";

/// PostgreSQL does not run as root: then it is the user that Debian's package makes for it.
struct User {
  uid_t uid = 0;
  gid_t gid = 0;
};
std::optional<User> other_user() {
  if (geteuid() != 0) return std::nullopt;
  const passwd* entry = getpwnam("postgres");
  if (entry == nullptr) throw std::runtime_error("there is no user postgres to run the server");
  return User{entry->pw_uid, entry->pw_gid};
}

/// From the newest of Debian's versions, else from PATH.
std::string program(const std::string& name) {
  int newest = 0;
  std::error_code none;
  for (const auto& entry : fs::directory_iterator{"/usr/lib/postgresql", none}) {
    const int version = std::atoi(entry.path().filename().c_str());
    if (version > newest && fs::exists(entry.path() / "bin" / name)) newest = version;
  }
  if (newest == 0) return name;
  return "/usr/lib/postgresql/" + std::to_string(newest) + "/bin/" + name;
}

/// Both outputs go to `log_file`. `death`: the signal that it gets when the calling thread ends.
pid_t spawn(std::vector<std::string> arguments, const std::map<std::string, std::string>& more,
            const std::string& log_file, int death) {
  std::vector<std::string> variables{"LC_ALL=C.UTF-8", "TZ=UTC"};
  if (const char* path = std::getenv("PATH")) variables.push_back(std::string{"PATH="} + path);
  for (const auto& [name, value] : more) variables.push_back(name + "=" + value);
  std::vector<char*> argv;
  std::vector<char*> envp;
  for (auto& argument : arguments) argv.push_back(argument.data());
  for (auto& variable : variables) envp.push_back(variable.data());
  argv.push_back(nullptr);
  envp.push_back(nullptr);
  const auto user = other_user();
  const pid_t parent = getpid();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child > 0) return child;
  // A session of its own: what a terminal sends to the test is not meant for the server.
  setsid();
  const int log = open(log_file.c_str(), O_WRONLY | O_CREAT | O_APPEND, 0600);
  const int nothing = open("/dev/null", O_RDONLY);
  if (log < 0 || nothing < 0) _exit(126);
  dup2(nothing, STDIN_FILENO);
  dup2(log, STDOUT_FILENO);
  dup2(log, STDERR_FILENO);
  for (int i = 3; i < 1024; ++i) close(i);
  if (user && (setgroups(1, &user->gid) != 0 || setgid(user->gid) != 0 || setuid(user->uid) != 0))
    _exit(126);
  prctl(PR_SET_PDEATHSIG, death);  // behind setuid, which takes it away
  if (getppid() != parent) _exit(126);
  execvpe(argv[0], argv.data(), envp.data());
  _exit(127);
}

std::string text_of(const std::string& file) {
  std::ifstream in{file};
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

/// The state letter and the parent of a process, as /proc/PID/stat shows them.
struct Standing {
  char state = 'X';
  pid_t parent = 0;
};
std::optional<Standing> standing(pid_t pid) {
  const auto text = text_of("/proc/" + std::to_string(pid) + "/stat");
  const auto end = text.rfind(')');  // the name before it may hold anything
  if (end == std::string::npos) return std::nullopt;
  std::istringstream rest{text.substr(end + 1)};
  Standing found;
  rest >> found.state >> found.parent;
  return found;
}

bool has_ended(pid_t pid) {
  const auto found = standing(pid);
  return !found || found->state == 'Z' || found->state == 'X';
}

std::string fresh_name() {
  static std::atomic<int> count{0};
  std::random_device random;
  return "cambist_" + std::to_string(getpid()) + "_" + std::to_string(++count) + "_" +
         std::to_string(random() % 1'000'000);
}

/// A cluster ends with the thread that started it, and whoever asks first may be a short one.
class SharedCluster {
 public:
  SharedCluster() {
    std::promise<std::string> started;
    auto url = started.get_future();
    keeper_ = std::thread{[this, started = std::move(started)]() mutable { keep(started); }};
    try {
      url_ = url.get();
    } catch (...) {
      keeper_.join();
      throw;
    }
  }
  SharedCluster(const SharedCluster&) = delete;
  SharedCluster& operator=(const SharedCluster&) = delete;
  ~SharedCluster() {
    end_.set_value();
    keeper_.join();
  }
  [[nodiscard]] const std::string& url() const noexcept { return url_; }

 private:
  void keep(std::promise<std::string>& started) {
    try {
      const PostgresCluster cluster;
      started.set_value(cluster.url());
      end_.get_future().wait();
    } catch (...) {
      started.set_exception(std::current_exception());
    }
  }

  std::promise<void> end_{};
  std::thread keeper_{};
  std::string url_{};
};

}  // namespace

PostgresCluster::PostgresCluster(ClusterOptions options) : options_(std::move(options)) {
  make_folder();
  try {
    init();
    // Somebody may take the port between our look and the server's.
    for (int tries = 0;; ++tries) {
      port_ = free_port();
      write_settings();
      if (try_start()) return;
      if (tries == 4) throw std::runtime_error("PostgreSQL does not start: " + log());
    }
  } catch (...) {
    if (options_.folder.empty()) fs::remove_all(folder_);
    throw;
  }
}

PostgresCluster::~PostgresCluster() {
  try {
    if (paused_) proceed();
    if (running()) stop(Stop::immediate);
  } catch (const std::exception&) {
    for (const pid_t pid : processes()) ::kill(pid, SIGKILL);
    reap();
  }
  std::error_code ignored;
  if (options_.folder.empty()) fs::remove_all(folder_, ignored);
}

void PostgresCluster::make_folder() {
  folder_ = options_.folder;
  if (folder_.empty()) {
    folder_ = (fs::temp_directory_path() / "cambist-postgres-XXXXXX").string();
    if (mkdtemp(folder_.data()) == nullptr) throw std::runtime_error("no temporary folder");
  }
  data_ = folder_ + "/data";
  log_file_ = folder_ + "/log";
  if (const auto user = other_user(); user && chown(folder_.c_str(), user->uid, user->gid) != 0)
    throw std::runtime_error("the folder cannot be given away");
}

void PostgresCluster::init() {
  // Files are not synced here: nothing has been promised yet.
  const pid_t child =
      spawn({program("initdb"), "--pgdata", data_, "--username", superuser, "--auth", "trust",
             "--encoding", "UTF8", "--locale", "C.UTF-8", "--no-sync"},
            {}, log_file_, SIGKILL);
  int status = 0;
  if (waitpid(child, &status, 0) != child || status != 0)
    throw std::runtime_error("initdb failed: " + log());
}

void PostgresCluster::write_settings() {
  std::map<std::string, std::string> settings{
      {"listen_addresses", "127.0.0.1"},
      {"port", std::to_string(port_)},
      {"unix_socket_directories", folder_},
      {"max_connections", "200"},
      {"shared_buffers", "64MB"},
      {"max_wal_size", "256MB"},
      {"fsync", "on"},
      {"log_min_messages", "warning"},
  };
  for (const auto& [name, value] : options_.settings) settings[name] = value;
  std::ofstream out{data_ + "/cambist.conf", std::ios::trunc};
  for (const auto& [name, value] : settings) out << name << " = '" << value << "'\n";
  // Before what ALTER SYSTEM writes, behind what initdb wrote.
  std::ofstream main{data_ + "/postgresql.conf", std::ios::trunc};
  main << "include 'cambist.conf'\n";
  if (!out || !main) throw std::runtime_error("the settings cannot be written");
  fs::permissions(data_ + "/cambist.conf", fs::perms::others_read, fs::perm_options::add);
}

bool PostgresCluster::try_start() {
  // SIGQUIT is its order to end at once with all of its processes.
  postmaster_ = spawn({program("postgres"), "-D", data_}, options_.environment, log_file_, SIGQUIT);
  // Its own word, and not a connection: another server may stand at the port.
  const auto lock = data_ + "/postmaster.pid";
  const bool up = eventually(60s, [&] {
    const auto words = text_of(lock);
    return has_ended(postmaster_) || (words.starts_with(std::to_string(postmaster_) + "\n") &&
                                      words.find("\nready") != std::string::npos);
  });
  if (has_ended(postmaster_)) {
    reap();
    return false;
  }
  if (!up) throw std::runtime_error("PostgreSQL takes no connections: " + log());
  return true;
}

void PostgresCluster::start() {
  if (running()) return;
  if (!try_start()) throw std::runtime_error("PostgreSQL does not start: " + log());
}

bool PostgresCluster::running() {
  if (postmaster_ > 0 && has_ended(postmaster_)) reap();
  return postmaster_ > 0;
}

void PostgresCluster::stop(Stop how) {
  if (!running()) return;
  const auto all = processes();
  if (how == Stop::kill) {
    for (const pid_t pid : all) ::kill(pid, SIGKILL);
  } else {
    ::kill(postmaster_, how == Stop::fast ? SIGINT : SIGQUIT);
  }
  const bool ended = eventually(60s, [&] {
    for (const pid_t pid : all)
      if (!has_ended(pid)) return false;
    return true;
  });
  if (!ended) throw std::runtime_error("PostgreSQL does not end: " + log());
  reap();
}

void PostgresCluster::reap() {
  if (postmaster_ > 0) waitpid(postmaster_, nullptr, 0);
  postmaster_ = -1;
}

std::vector<pid_t> PostgresCluster::processes() const {
  std::vector<pid_t> found;
  if (postmaster_ < 0) return found;
  found.push_back(postmaster_);  // first: whoever stops it stops new ones
  for (const auto& entry : fs::directory_iterator{"/proc"}) {
    const pid_t pid = std::atoi(entry.path().filename().c_str());
    if (pid <= 0) continue;
    if (const auto now = standing(pid); now && now->parent == postmaster_) found.push_back(pid);
  }
  return found;
}

void PostgresCluster::pause() {
  paused_ = true;
  ::kill(postmaster_, SIGSTOP);
  for (const pid_t pid : processes()) ::kill(pid, SIGSTOP);
}

void PostgresCluster::proceed() {
  for (const pid_t pid : processes()) ::kill(pid, SIGCONT);
  paused_ = false;
}

void PostgresCluster::set(const std::string& setting, const std::string& value) {
  auto admin = session();
  admin.run("ALTER SYSTEM SET " + setting + " = '" + value + "'");
  admin.run("SELECT pg_reload_conf()");
}

void PostgresCluster::reset(const std::string& setting) {
  auto admin = session();
  admin.run("ALTER SYSTEM RESET " + setting);
  admin.run("SELECT pg_reload_conf()");
}

std::string PostgresCluster::url(const std::string& database) const {
  return std::string{"postgresql://"} + superuser + "@127.0.0.1:" + std::to_string(port_) + "/" +
         database;
}

std::string PostgresCluster::create_database() {
  auto name = fresh_name();
  session().run("CREATE DATABASE " + name);
  return name;
}

PostgresSession PostgresCluster::session(const std::string& database) const {
  return PostgresSession{url(database)};
}

std::string PostgresCluster::log() const {
  return text_of(log_file_);
}

std::string postgres_url() {
  if (const char* given = std::getenv("CAMBIST_TEST_DATABASE"); given != nullptr && *given != '\0')
    return given;
  static SharedCluster own;
  return own.url();
}

TestDatabase::TestDatabase() : name_(fresh_name()), url_(with_database(postgres_url(), name_)) {
  PostgresSession{postgres_url()}.run("CREATE DATABASE " + name_);
}

TestDatabase::~TestDatabase() {
  try {
    PostgresSession{postgres_url()}.run("DROP DATABASE IF EXISTS " + name_ + " WITH (FORCE)");
  } catch (const std::exception&) {
    // The server is gone, and the database with it.
  }
}

std::string with_database(const std::string& url, const std::string& database) {
  const auto host = url.find("://");
  if (host == std::string::npos) throw std::runtime_error("not an URL: " + url);
  const auto path = url.find('/', host + 3);
  const auto query = url.find('?', host + 3);
  const auto authority = url.substr(0, std::min(path, query));
  return authority + "/" + database + (query == std::string::npos ? "" : url.substr(query));
}

}  // namespace cambist::test
