// The certificate authority of the sandbox's emulator, which signs webhooks as PayPal does. Its key
// signed one certificate and is kept by nobody; that one's key is no secret
// (gateway/sandbox/paypal), so this root must never be trusted for a live account.
#pragma once

#include <string_view>

namespace cambist::paypal {

/// PEM; valid from 2020 to 2045.
constexpr std::string_view sandbox_root =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDZzCCAk+gAwIBAgIULZSOsP8SvGImhXdvdoRx2uqkprswDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYD\n"
    "VQQDDCVDYW1iaXN0IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MIIBIjAN\n"
    "BgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAwVdpsRbYtSVMWnxCc2amBIwtNqvA\n"
    "mgiZ/uOM55HcSt5z3tWeFupEql3Q0X//DAG8aJ/S+J8vPTfGkMcdAS19qWT4/3PC\n"
    "CPesP+FM4SWSYDC2yBd+9WjJFIXz1x6VPVNUZ3nOLM8ZgwzIeWtHYtg3LLNRNRbB\n"
    "FZJMVUUMhy8Vi7jobVo4dJYWlITAM63H5TOgQ68Sc7n4BbaRGQgjsD4/IPFzTpl3\n"
    "QVi2m+HQMHlAHjoJOwZU9i7kwH5qdIZ07la5WDMBg0WUpSfmJIPhhwTy4BVF+5JJ\n"
    "M7GvEFaJKnasdgXLXIi6lk3hx6FE9YbSKOS8LtwSzPdNm1CL2dvOVyaTMwIDAQAB\n"
    "o0UwQzASBgNVHRMBAf8ECDAGAQH/AgEAMA4GA1UdDwEB/wQEAwIBBjAdBgNVHQ4E\n"
    "FgQUIGKUDHVdzLoa9/1Oa0i4LBVKYn8wDQYJKoZIhvcNAQELBQADggEBAGf5xVVv\n"
    "FARixgiTBpv2G1NZnZA3I1yd0sfwkwHRp7XZt9g5svPcnuwhjzPVSFOWB2jbM86s\n"
    "HAg1J2ivrAlsrnk0MuAi7OYNK9XveO/erFXaLEtE288o+2WJcSDUpkX/tDsmslyk\n"
    "v3RUPmNhlmMTdzCZZmqKGQWfuKas6KixfgwZ5vDBcDe/dxYZJUHUeDbhA20ZMrkp\n"
    "tBPTcn0RenFkK0ur0OOlQkQIqQ3TySjvRP2+dphC9+FpMb/XAGmLtRip0sBAcpqu\n"
    "Cl5TuGJeqYmHunmZBST1sJVLXdF6+cm4Lkhj3kGZYKV23Z1CsPK8QPKALvQ8SNwv\n"
    "W2AIpMG0BNBgW+s=\n"
    "-----END CERTIFICATE-----\n";

}  // namespace cambist::paypal
