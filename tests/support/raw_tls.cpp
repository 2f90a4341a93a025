#include "tests/support/raw_tls.hpp"

#include <unistd.h>
#include <array>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

namespace cambist::test {

namespace {

std::shared_ptr<EVP_PKEY> make_key() {
  return {EVP_EC_gen("P-256"), EVP_PKEY_free};
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  X509_EXTENSION* extension = X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str());
  X509_add_ext(certificate, extension, -1);
  X509_EXTENSION_free(extension);
}

bool is_address(const std::string& name) {
  return name.find_first_not_of("0123456789.") == std::string::npos;
}

// Signed by `issuer`, or by itself without one.
Identity make(const Wish& wish, const Identity* issuer, bool authority) {
  static std::atomic<long> serial{1};
  Identity made{{X509_new(), X509_free}, make_key()};
  auto* const certificate = made.certificate.get();
  X509_set_version(certificate, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate), serial++);
  X509_gmtime_adj(X509_getm_notBefore(certificate), wish.not_before_s);
  X509_gmtime_adj(X509_getm_notAfter(certificate), wish.not_after_s);
  X509_NAME_add_entry_by_txt(X509_get_subject_name(certificate), "CN", MBSTRING_ASC,
                             reinterpret_cast<const unsigned char*>(wish.name.c_str()), -1, -1, 0);
  X509_set_issuer_name(certificate,
                       X509_get_subject_name(issuer ? issuer->certificate.get() : certificate));
  X509_set_pubkey(certificate, made.key.get());
  if (authority) {
    extend(certificate, NID_basic_constraints, "critical,CA:TRUE");
    extend(certificate, NID_key_usage, "critical,keyCertSign,cRLSign");
  } else {
    extend(certificate, NID_subject_alt_name, (is_address(wish.name) ? "IP:" : "DNS:") + wish.name);
  }
  X509_sign(certificate, (issuer ? *issuer : made).key.get(), EVP_sha256());
  return made;
}

}  // namespace

TestCa::TestCa() : root_(make({"Test Root"}, nullptr, true)) {
  std::string path =
      (std::getenv("TMPDIR") ? std::getenv("TMPDIR") : "/tmp") + std::string{"/test-ca-XXXXXX"};
  const int descriptor = ::mkstemp(path.data());
  FILE* const out = ::fdopen(descriptor, "w");
  PEM_write_X509(out, root_.certificate.get());
  std::fclose(out);
  file_ = path;
}

TestCa::~TestCa() {
  ::unlink(file_.c_str());
}

Identity TestCa::issue(const Wish& wish) const {
  return make(wish, &root_, false);
}

Identity self_signed(const Wish& wish) {
  return make(wish, nullptr, false);
}

TlsPeer::TlsPeer(const Identity& identity, int newest_version, bool cut)
    : context_(SSL_CTX_new(TLS_server_method()), SSL_CTX_free),
      cut_(cut),
      peer_([this](RawSocket& socket, int) { talk(socket); }) {
  SSL_CTX_use_certificate(context_.get(), identity.certificate.get());
  SSL_CTX_use_PrivateKey(context_.get(), identity.key.get());
  if (newest_version != 0) {
    SSL_CTX_set_min_proto_version(context_.get(), 0);
    SSL_CTX_set_max_proto_version(context_.get(), newest_version);
    SSL_CTX_set_security_level(context_.get(), 0);
  }
}

std::string TlsPeer::asked_name() const {
  const std::lock_guard lock{mutex_};
  return asked_name_;
}

void TlsPeer::talk(RawSocket& socket) {
  // OpenSSL writes with write(2): a client that has left must not end the test.
  sigset_t pipe;
  sigemptyset(&pipe);
  sigaddset(&pipe, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
  const std::unique_ptr<SSL, decltype(&SSL_free)> tls{SSL_new(context_.get()), SSL_free};
  SSL_set_fd(tls.get(), socket.descriptor());
  if (SSL_accept(tls.get()) != 1) return;
  if (const char* name = SSL_get_servername(tls.get(), TLSEXT_NAMETYPE_host_name)) {
    const std::lock_guard lock{mutex_};
    asked_name_ = name;
  }
  std::string read;
  std::array<char, 4096> buffer;
  while (true) {
    const int n = SSL_read(tls.get(), buffer.data(), static_cast<int>(buffer.size()));
    if (n <= 0) return;
    read.append(buffer.data(), static_cast<std::size_t>(n));
    if (read.find("\r\n\r\n") == std::string::npos) continue;
    ++requests_;
    auto answer = cut_ ? "HTTP/1.1 200 OK\r\n\r\nhalf of it"
                       : answer_bytes(200, read.substr(0, read.find("\r\n")));
    SSL_write(tls.get(), answer.data(), static_cast<int>(answer.size()));
    if (cut_) return;
    read.clear();
  }
}

}  // namespace cambist::test
