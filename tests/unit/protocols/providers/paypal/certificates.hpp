// Certificates for tests of webhooks: the sandbox's, and what an attacker might bring instead. All
// leaves but two have the key of the sandbox's, so that one signature fits them all.
#pragma once

#include <string_view>

namespace cambist::test::pem {

/// The key that the sandbox's emulator signs with.
constexpr std::string_view leaf_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDLpkSgMWSU7lqc\n"
    "+hUM6UrrACpH+f17Rzcfp+edh1ZZatC5YhCHnP2rXsvHwmmz2AplNzLzsQ4ohLFs\n"
    "ijf1364+yfjPu7OmkUoqsv8EsNbh/hicoujQe2cY6uElxe0r25iyfvX9StMiccNc\n"
    "LGHF4Xtm0WhibYketD9yCuxt1/MZwau9oPht/k4HpJfpGFouZt6sWpRH3Dhb0jS6\n"
    "C5J1Dfg+lmT51oyIUWEWFOvzLq3vFNKHCyOIh7gEzOSWo3CbEiQqhvPLWRgEXnUC\n"
    "hDYUCKKMulGFhId3yR70Nnu/5hz/Uy+MSM5uX4jd01c3/fcyOI7CfQvZlbEyHiYq\n"
    "FPOjaCttAgMBAAECggEACek6Hse4muzsuQYMvzedX0l/RUh71yOUobREt+xtveVO\n"
    "ai9FGayAxfXTmhGynj+N5fYlQynjRAKNNfiWF5++tayTsNx0Nk+M2f4jHiHTG2WH\n"
    "4hulk/vlfRd1RKbYz5Ec4db+9shM9TivJs28Jmq+XDclyuCE01s3WUAB2KixWpf1\n"
    "nGUboMwPywxfT1dmvhs7EOwbCoKCk3SDWXrtXjS0bnWi70yZPOCAG2PGWg/PoXHM\n"
    "RPuyHY0wxDnaySlDfEtIgN/rtr0vJeIWcjbZDXJ/WADRblgW6do7zlFbMEpniWe3\n"
    "RsSG+ryBrmiB8qTv7bIq8rcRf4Iza+e5ZF9b+KI94QKBgQDsT4ImV/h4a3DzR23N\n"
    "rZWk2kHFFpjYrC8LGxEeuGn2+tW5ZqCIpn7uniovnogZz0uXFRCIl6zYnWYsqOwD\n"
    "3/W3gsmXVaUeG3tOhcXHG9A6chGa6w2uQNN6jK8/qt7SLYF5VMTjxEjtRU2DVxvd\n"
    "UBhMuP4HKRv8fC0phFVFtZK7MQKBgQDcnhmuk714QUpJ6rBcdwb9DI4TumOXtnPc\n"
    "7g4/y7lsmo1PZdHDZHjBDhljsWHHB9+RgU/gjKlnqF1d6XVldmJPWK+1lFTpz773\n"
    "G4+9KZ5RWXO+qCXDBsoquJTMdtJpnar4Wu1c5ez/c0PxZzaSjG/oZG7ojQXufefk\n"
    "rltc3RTs/QKBgAdyJeaxZOnecMupl4MgkhOEsQfVw3EoU78k1jBCnUwj8TILUsmb\n"
    "fWplX2zqsN0nU/lpt4CmTtLwerSzieRBXUuv+kwjbbV6JjN+MZIphTEiQP3BpEe2\n"
    "UTOOVUNLTgQPXQIGssF+gNHBGkUmLIGXsXxRY+ez2ubkvsONIOa2Zu4xAoGAF1au\n"
    "VtaQQ6l8h2dJcu6wkZKDcTjVklYd2bBhV4RgwEl1S4H099uoHpw0OWSpeFmv3/+z\n"
    "CIk43ptkDSxGXA5zBfvW0rm3ZeixRgjnYtaFRgvVf8TgAcq1FmHic+LaDYw9avqL\n"
    "g7lbIgb6mA4YKtaqfAYr6XQJvZoaLwn25lMJBK0CgYBIKhr08LeTkC4Qdnh0v4dy\n"
    "j/teTYoaKceEYLnUpLlo85z9vCiGBCdgJC6xJUADpyDMgxtVidRtk2QQWDKeW0mc\n"
    "pZKCA67ap2eEj+JUoUOQDhsVWmjvG95Ok4K3TM1MWnpYdOSH71KKECeBGJj2lIXk\n"
    "O0fCUYKWXCZyQI/iRGmsjw==\n"
    "-----END PRIVATE KEY-----\n";

/// Signed by `paypal::sandbox_root`, as is what follows unless it is said.
constexpr std::string_view leaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDwjCCAqqgAwIBAgIURA+eMGVcJXHvo3t9IQta3me90qQwDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowUDEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MTQwMgYD\n"
    "VQQDDCttZXNzYWdldmVyaWZpY2F0aW9uY2VydHMuc2FuZGJveC5wYXlwYWwuY29t\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy6ZEoDFklO5anPoVDOlK\n"
    "6wAqR/n9e0c3H6fnnYdWWWrQuWIQh5z9q17Lx8Jps9gKZTcy87EOKISxbIo39d+u\n"
    "Psn4z7uzppFKKrL/BLDW4f4YnKLo0HtnGOrhJcXtK9uYsn71/UrTInHDXCxhxeF7\n"
    "ZtFoYm2JHrQ/cgrsbdfzGcGrvaD4bf5OB6SX6RhaLmberFqUR9w4W9I0uguSdQ34\n"
    "PpZk+daMiFFhFhTr8y6t7xTShwsjiIe4BMzklqNwmxIkKobzy1kYBF51AoQ2FAii\n"
    "jLpRhYSHd8ke9DZ7v+Yc/1MvjEjObl+I3dNXN/33MjiOwn0L2ZWxMh4mKhTzo2gr\n"
    "bQIDAQABo4GZMIGWMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMDYGA1Ud\n"
    "EQQvMC2CK21lc3NhZ2V2ZXJpZmljYXRpb25jZXJ0cy5zYW5kYm94LnBheXBhbC5j\n"
    "b20wHwYDVR0jBBgwFoAUIGKUDHVdzLoa9/1Oa0i4LBVKYn8wHQYDVR0OBBYEFDsk\n"
    "Rekq0fin+i+JAvgeXcIHMf2lMA0GCSqGSIb3DQEBCwUAA4IBAQAFvLqrc7l+ppJF\n"
    "rvcF+Nd4ZL/qqi1QMErTQQlP/1xghxuafGuLlr/f5iOInCxJPQRbklk3SSVWjln5\n"
    "IImVlJWdXJ6EVcW9BzEV3n45ozANCSseSGqhwmBKR2DH9GcDPgMQCihTIRZt8F8q\n"
    "xPCjQJk26tq47YhR6S7a4YuR/1DSjOwvv9oDRYPoMtzkxA9G+B80U3M5BowFLhNv\n"
    "suun0TxaA6w4SyFxKbjyKSCGL1lWuB5hhBFy48iA7jRKjksaey+FGldkuuGnjUDO\n"
    "5MFYa9wY6dYlQ22vdNy4st3/sJ5X3zfunwogc+vkYNSHwaZI8t/DYNlAmXJiXTCc\n"
    "xPK/I8jm\n"
    "-----END CERTIFICATE-----\n";

/// Until 2021.
constexpr std::string_view expired =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDbjCCAlagAwIBAgIUWoyPFFKSUJIX6AtI1ANLBTYegu8wDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTIxMDEwMTAwMDAwMFowNjE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNhdGlvbmNl\n"
    "cnRzLnNhbmRib3gucGF5cGFsLmNvbTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC\n"
    "AQoCggEBAMumRKAxZJTuWpz6FQzpSusAKkf5/XtHNx+n552HVllq0LliEIec/ate\n"
    "y8fCabPYCmU3MvOxDiiEsWyKN/Xfrj7J+M+7s6aRSiqy/wSw1uH+GJyi6NB7Zxjq\n"
    "4SXF7SvbmLJ+9f1K0yJxw1wsYcXhe2bRaGJtiR60P3IK7G3X8xnBq72g+G3+Tgek\n"
    "l+kYWi5m3qxalEfcOFvSNLoLknUN+D6WZPnWjIhRYRYU6/Mure8U0ocLI4iHuATM\n"
    "5JajcJsSJCqG88tZGARedQKENhQIooy6UYWEh3fJHvQ2e7/mHP9TL4xIzm5fiN3T\n"
    "Vzf99zI4jsJ9C9mVsTIeJioU86NoK20CAwEAAaNgMF4wDAYDVR0TAQH/BAIwADAO\n"
    "BgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFDskRekq0fin+i+JAvgeXcIHMf2lMB8G\n"
    "A1UdIwQYMBaAFCBilAx1Xcy6Gvf9TmtIuCwVSmJ/MA0GCSqGSIb3DQEBCwUAA4IB\n"
    "AQARKf7Co7Pm0xE/pBklFVAF526mRXKTT2FRjvdTZkrfHvouZBuPCmV/FF3BseJw\n"
    "bPwCZeovKi72yfoUIjlAQt2m/+eudaaj/6/I2aRsLWo0bC72UDq+NADMgkDM+Axp\n"
    "8CvvEBi4DXexf2bS7ZkNVn8uRAd8PwjPlAptSp3oMduRs85500dfUeGPPp+wNE8r\n"
    "MzvsTlNkFDg3CiyqiRtjZ4duYuYUWGg4wofWq//vzzGo+3Py6HMkECNNvXMGMxjI\n"
    "GYs6fElVcGc3QpY9X0uvrTcVAsDOT6mjTuVGOdy1EzIm7cSq13xaqwO3pSt5l9Qc\n"
    "jYN4vS4jL0c8XeiZrZFJ/RB8\n"
    "-----END CERTIFICATE-----\n";

/// From 2030 on.
constexpr std::string_view not_yet_valid =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDbjCCAlagAwIBAgIURgbWJ6eltGxn/p5noWpCoI0strIwDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTMwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowNjE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNhdGlvbmNl\n"
    "cnRzLnNhbmRib3gucGF5cGFsLmNvbTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC\n"
    "AQoCggEBAMumRKAxZJTuWpz6FQzpSusAKkf5/XtHNx+n552HVllq0LliEIec/ate\n"
    "y8fCabPYCmU3MvOxDiiEsWyKN/Xfrj7J+M+7s6aRSiqy/wSw1uH+GJyi6NB7Zxjq\n"
    "4SXF7SvbmLJ+9f1K0yJxw1wsYcXhe2bRaGJtiR60P3IK7G3X8xnBq72g+G3+Tgek\n"
    "l+kYWi5m3qxalEfcOFvSNLoLknUN+D6WZPnWjIhRYRYU6/Mure8U0ocLI4iHuATM\n"
    "5JajcJsSJCqG88tZGARedQKENhQIooy6UYWEh3fJHvQ2e7/mHP9TL4xIzm5fiN3T\n"
    "Vzf99zI4jsJ9C9mVsTIeJioU86NoK20CAwEAAaNgMF4wDAYDVR0TAQH/BAIwADAO\n"
    "BgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFDskRekq0fin+i+JAvgeXcIHMf2lMB8G\n"
    "A1UdIwQYMBaAFCBilAx1Xcy6Gvf9TmtIuCwVSmJ/MA0GCSqGSIb3DQEBCwUAA4IB\n"
    "AQCU9TTZ8EoGGyRbZ3z+IMJtSyqEJRdVe9Rh5txaeiFG4HeoBFp4NsKHt4Hsm2wK\n"
    "IsSox2ILbakm0B9WcFw7bJeN0tjLmEaj9VK4hEw+98k4yihyjnKJ7ekmwYYY6GXX\n"
    "US6xavGbMW2XN+4o9wjUYNTWkK2yL9oZgr2N0TPWsYA/AjTEldtQcUIAtSbJWr9a\n"
    "bQYr0PCh1S4ifGluo48memRN4gpTkrs2A6cu2dr8FS4djipzBrx0UARmEGVEKZSw\n"
    "rNGV7pwmWdV4ZzVjiPJLxJrId3Ri6zDLJuPtNcWmTBs/A6oVGcwqB5jaIun1wcyn\n"
    "jC5Eb3AwsD7dbKDHbxx5Lehr\n"
    "-----END CERTIFICATE-----\n";

/// Of messageverificationcerts.paypal.com.evil.example.
constexpr std::string_view another_domain =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDczCCAlugAwIBAgIUOuSKd3YrAO34/n88K0EHv6hCBvQwDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowOzE5MDcGA1UEAwwwbWVzc2FnZXZlcmlmaWNhdGlvbmNl\n"
    "cnRzLnBheXBhbC5jb20uZXZpbC5leGFtcGxlMIIBIjANBgkqhkiG9w0BAQEFAAOC\n"
    "AQ8AMIIBCgKCAQEAy6ZEoDFklO5anPoVDOlK6wAqR/n9e0c3H6fnnYdWWWrQuWIQ\n"
    "h5z9q17Lx8Jps9gKZTcy87EOKISxbIo39d+uPsn4z7uzppFKKrL/BLDW4f4YnKLo\n"
    "0HtnGOrhJcXtK9uYsn71/UrTInHDXCxhxeF7ZtFoYm2JHrQ/cgrsbdfzGcGrvaD4\n"
    "bf5OB6SX6RhaLmberFqUR9w4W9I0uguSdQ34PpZk+daMiFFhFhTr8y6t7xTShwsj\n"
    "iIe4BMzklqNwmxIkKobzy1kYBF51AoQ2FAiijLpRhYSHd8ke9DZ7v+Yc/1MvjEjO\n"
    "bl+I3dNXN/33MjiOwn0L2ZWxMh4mKhTzo2grbQIDAQABo2AwXjAMBgNVHRMBAf8E\n"
    "AjAAMA4GA1UdDwEB/wQEAwIHgDAdBgNVHQ4EFgQUOyRF6SrR+Kf6L4kC+B5dwgcx\n"
    "/aUwHwYDVR0jBBgwFoAUIGKUDHVdzLoa9/1Oa0i4LBVKYn8wDQYJKoZIhvcNAQEL\n"
    "BQADggEBABr7rAzFLhEtGPfuvX2QqYCMAY7dU8YC08SMJAGEk4Om6DvCSsOfQyt6\n"
    "Unm2QLhIUqCsrEgTlKbuM2Lw13RAZKy88rpfMKaMyey06RH5R9HRu4a87BNxDW/O\n"
    "N+ZtqZ7pf6k8+BGOXcL6phi+/W4stLBHAk3AAKycVyXul4GF+jazQOUwGgwnVVf4\n"
    "8+ptFdkun/lEfSpoh97M/KXoK9GF0+s74Hmcc00I6tRBTyoB+Z0DX43UWv0oC79w\n"
    "4QNN5fJFOv/yJjWZsoDkYvg9B6MLM2h+84VeeO095shz0lSOKmCfHoIShNbbCxMv\n"
    "KQL8bbmji0NCCEqAABdDKwOx4sUVyvY=\n"
    "-----END CERTIFICATE-----\n";

/// Of www.paypal.com.
constexpr std::string_view another_host =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDUTCCAjmgAwIBAgIUKgzEcNHF/dhH1SfEnXIKBvn2B7cwDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowGTEXMBUGA1UEAwwOd3d3LnBheXBhbC5jb20wggEiMA0G\n"
    "CSqGSIb3DQEBAQUAA4IBDwAwggEKAoIBAQDLpkSgMWSU7lqc+hUM6UrrACpH+f17\n"
    "Rzcfp+edh1ZZatC5YhCHnP2rXsvHwmmz2AplNzLzsQ4ohLFsijf1364+yfjPu7Om\n"
    "kUoqsv8EsNbh/hicoujQe2cY6uElxe0r25iyfvX9StMiccNcLGHF4Xtm0WhibYke\n"
    "tD9yCuxt1/MZwau9oPht/k4HpJfpGFouZt6sWpRH3Dhb0jS6C5J1Dfg+lmT51oyI\n"
    "UWEWFOvzLq3vFNKHCyOIh7gEzOSWo3CbEiQqhvPLWRgEXnUChDYUCKKMulGFhId3\n"
    "yR70Nnu/5hz/Uy+MSM5uX4jd01c3/fcyOI7CfQvZlbEyHiYqFPOjaCttAgMBAAGj\n"
    "YDBeMAwGA1UdEwEB/wQCMAAwDgYDVR0PAQH/BAQDAgeAMB0GA1UdDgQWBBQ7JEXp\n"
    "KtH4p/oviQL4Hl3CBzH9pTAfBgNVHSMEGDAWgBQgYpQMdV3Muhr3/U5rSLgsFUpi\n"
    "fzANBgkqhkiG9w0BAQsFAAOCAQEAOz0NLbAnC0y16i1ylv4fdHHyf+K57xbbuT2o\n"
    "EQiBQNdvmezbunZZWu8mRTZHNHEd+E6y6p43lKD8F4dlci6SkjsWqOPgE4Dmu0El\n"
    "qhwURonu26LyqK1KZyIM3RnYAbMphCQM9oCaNvLGjLMnJQZgCTNfp8+dKVdeQhwK\n"
    "pRRazKmF7B/lvCc0ftMnJz7gqQ+0pDkJNd9MBg9SIDhPgfCjdUYRAdQyrx2qG5P1\n"
    "JLKL64igAhFGt+eOqcD0vv+YBuk42FEla4oS9DO0mUKWaNpTxGHiKzXDo42RgZgM\n"
    "XXNu0qg6p8MYAc7j01qC+lTssm9uztVESHDoKb2PJ0vBZ0wO/g==\n"
    "-----END CERTIFICATE-----\n";

/// Of the right name, and of evil.example too.
constexpr std::string_view two_names =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDhTCCAm2gAwIBAgIUV4E/c1Jou6NuHK0pBx8d20YDeqIwDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTI2MTEyNjExMzQzNloX\n"
    "DTQ2MDEyNTExMzQzNlowTTE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNhdGlvbmNl\n"
    "cnRzLnNhbmRib3gucGF5cGFsLmNvbTEVMBMGA1UEAwwMZXZpbC5leGFtcGxlMIIB\n"
    "IjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy6ZEoDFklO5anPoVDOlK6wAq\n"
    "R/n9e0c3H6fnnYdWWWrQuWIQh5z9q17Lx8Jps9gKZTcy87EOKISxbIo39d+uPsn4\n"
    "z7uzppFKKrL/BLDW4f4YnKLo0HtnGOrhJcXtK9uYsn71/UrTInHDXCxhxeF7ZtFo\n"
    "Ym2JHrQ/cgrsbdfzGcGrvaD4bf5OB6SX6RhaLmberFqUR9w4W9I0uguSdQ34PpZk\n"
    "+daMiFFhFhTr8y6t7xTShwsjiIe4BMzklqNwmxIkKobzy1kYBF51AoQ2FAiijLpR\n"
    "hYSHd8ke9DZ7v+Yc/1MvjEjObl+I3dNXN/33MjiOwn0L2ZWxMh4mKhTzo2grbQID\n"
    "AQABo2AwXjAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAdBgNVHQ4EFgQU\n"
    "OyRF6SrR+Kf6L4kC+B5dwgcx/aUwHwYDVR0jBBgwFoAUIGKUDHVdzLoa9/1Oa0i4\n"
    "LBVKYn8wDQYJKoZIhvcNAQELBQADggEBAAuDYTHKU4l8FpGJM8+3GBhUo9YXm6PN\n"
    "J8qX4NYwS9wunGWBvaNAQRADzf//B3rqB+IDT2x+kRW5qs5SEa/09ynuZBGpuIQN\n"
    "u3Po4Mx2GlQr+dRf7s7jJZpcDpZHOD6FceebqoNkFeWa0epo+dggbo31wBh3Cpgq\n"
    "JywrujIB7yJAxlanPTlx/7i+R8W7JaoxblcCjmMq+YEzhe0a9X4oE7VhUaugGH/X\n"
    "H62BUapLwrkdLyjBV7u2vavzY3tBAc4P7616rKCxKUZjiWUXPwa8zknu3rnUg3n8\n"
    "PgrFtijbmsvRs8i/+VSQMedMiG8l6Lw2Y/RTjO2UgOPyQnBmFtEZ+n8=\n"
    "-----END CERTIFICATE-----\n";

/// With a key that is not RSA's: elliptic_key.
constexpr std::string_view elliptic =
    "-----BEGIN CERTIFICATE-----\n"
    "MIICojCCAYqgAwIBAgITP3TAYcROlbsOjycmRA9sROXwxTANBgkqhkiG9w0BAQsF\n"
    "ADBKMRgwFgYDVQQKDA9DYW1iaXN0IHNhbmRib3gxLjAsBgNVBAMMJUNhbWJpc3Qg\n"
    "c2FuZGJveCBjZXJ0aWZpY2F0ZSBhdXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcN\n"
    "NDYwMTAxMDAwMDAwWjA2MTQwMgYDVQQDDCttZXNzYWdldmVyaWZpY2F0aW9uY2Vy\n"
    "dHMuc2FuZGJveC5wYXlwYWwuY29tMFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE\n"
    "iijp5bsr0xhSABfmHOVvntwYKenHobQOi4IVOzfvtymhAHs5S1xnJobB9RGTHamz\n"
    "stqh5jWmhsPhMo2ToZjol6NgMF4wDAYDVR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMC\n"
    "B4AwHQYDVR0OBBYEFH1iDBMrF9Dz2QIl4WQ7lA87/wlSMB8GA1UdIwQYMBaAFCBi\n"
    "lAx1Xcy6Gvf9TmtIuCwVSmJ/MA0GCSqGSIb3DQEBCwUAA4IBAQCNUKWxqoD80nuF\n"
    "SWX6KwN4pDe5v9Sfc1ii398+pUxHlU/MkpGiYYdQzqsV3QcVO8Lakq9fiX/4f6RV\n"
    "aExpKih2Qibc4GeEyWft6PAH1QosWyfTpyCQ9fNJoTOK3Qx82b2kEmd7ZnCxnsgq\n"
    "kFKgjc47OkhmLPtNVUf7Q3R1266od5e84Tpn2YdxTpH+bFjmVVdnWiBJX7gjvIxz\n"
    "UP6pyXizkbzZqSsm5OkJphCmEuUxust2UleOlj/pwv80VCn8gKQ9A8WEpIjAHeCV\n"
    "s+/uuQFPNTxtRmJrpzPsgds/YONOw45gFPTh0DbKajV96rtuQoKeQxRsTTpx49pk\n"
    "e0W5XvNA\n"
    "-----END CERTIFICATE-----\n";

/// The key of `elliptic`.
constexpr std::string_view elliptic_key =
    "-----BEGIN EC PRIVATE KEY-----\n"
    "MHcCAQEEIFMghHxbFex6w7tLhFExDFU35+7nerUxy0IDxyjz8gcaoAoGCCqGSM49\n"
    "AwEHoUQDQgAEiijp5bsr0xhSABfmHOVvntwYKenHobQOi4IVOzfvtymhAHs5S1xn\n"
    "JobB9RGTHamzstqh5jWmhsPhMo2ToZjolw==\n"
    "-----END EC PRIVATE KEY-----\n";

/// With 1024 bits of another key.
constexpr std::string_view small =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIC6jCCAdKgAwIBAgIUY41FkwEbJm8eBt1ukV3ZjjATyHIwDQYJKoZIhvcNAQEL\n"
    "BQAwSjEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MS4wLAYDVQQDDCVDYW1iaXN0\n"
    "IHNhbmRib3ggY2VydGlmaWNhdGUgYXV0aG9yaXR5MB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowNjE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNhdGlvbmNl\n"
    "cnRzLnNhbmRib3gucGF5cGFsLmNvbTCBnzANBgkqhkiG9w0BAQEFAAOBjQAwgYkC\n"
    "gYEAwabXPsz6DV1+KHM+tWkeAkgBcnr5zYPQCWhH8SDAnp2D4bIbw832wDK5rwl7\n"
    "Efr89HkKimi1LOajnovn8nXP+zKL0c/tyvHNvy4En4G+6gYKmms7qjzxEA+ty7TA\n"
    "uMyaIk/IfcxbFMJirvhdR9pNIpnvaiNlRhUfDwCQm+pSph8CAwEAAaNgMF4wDAYD\n"
    "VR0TAQH/BAIwADAOBgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFBdDyWwsJEKp+HRO\n"
    "iokGQ571XSgyMB8GA1UdIwQYMBaAFCBilAx1Xcy6Gvf9TmtIuCwVSmJ/MA0GCSqG\n"
    "SIb3DQEBCwUAA4IBAQASSbeN6GEIO3RwRG4PROzdhMkL3Bujw41qF37StncNmidc\n"
    "aKoOVcbCAkHR3/nMww33e8M48w1GAJE0/vNJEMKbsOoT7zppdzBdii6rsFxUbFkH\n"
    "ZVDamepJVTfTEc17bf03Wmn8Mps6xMQ98txHv4eGt62R0jFuOvMN39kqq6RVVVaN\n"
    "fHSF3rri/T7Np3ul3rNCsnMLKzXG1F4iKwYperoRtTLX4h6WpX3QBvx+vBU6P9nJ\n"
    "e3Jm5/JtasfcFXRsBXA/2KX+UboX6+5CSQszVrydo1UD5kSb/NZh5zywn/m8DB2K\n"
    "uB67IDQyMma07Jb8n5BCKvra93QnvHyEzVfnGb5g\n"
    "-----END CERTIFICATE-----\n";

/// Of the right name, but signed by `leaf`, which is no authority.
constexpr std::string_view signed_by_leaf =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDUzCCAjugAwIBAgIUaQ3M23uxWzTmghkXoTudUjtxrHswDQYJKoZIhvcNAQEL\n"
    "BQAwUDEYMBYGA1UECgwPQ2FtYmlzdCBzYW5kYm94MTQwMgYDVQQDDCttZXNzYWdl\n"
    "dmVyaWZpY2F0aW9uY2VydHMuc2FuZGJveC5wYXlwYWwuY29tMB4XDTIwMDEwMTAw\n"
    "MDAwMFoXDTQ2MDEwMTAwMDAwMFowNjE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNh\n"
    "dGlvbmNlcnRzLnNhbmRib3gucGF5cGFsLmNvbTCCASIwDQYJKoZIhvcNAQEBBQAD\n"
    "ggEPADCCAQoCggEBAMumRKAxZJTuWpz6FQzpSusAKkf5/XtHNx+n552HVllq0Lli\n"
    "EIec/atey8fCabPYCmU3MvOxDiiEsWyKN/Xfrj7J+M+7s6aRSiqy/wSw1uH+GJyi\n"
    "6NB7Zxjq4SXF7SvbmLJ+9f1K0yJxw1wsYcXhe2bRaGJtiR60P3IK7G3X8xnBq72g\n"
    "+G3+Tgekl+kYWi5m3qxalEfcOFvSNLoLknUN+D6WZPnWjIhRYRYU6/Mure8U0ocL\n"
    "I4iHuATM5JajcJsSJCqG88tZGARedQKENhQIooy6UYWEh3fJHvQ2e7/mHP9TL4xI\n"
    "zm5fiN3TVzf99zI4jsJ9C9mVsTIeJioU86NoK20CAwEAAaM/MD0wDAYDVR0TAQH/\n"
    "BAIwADAOBgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFDskRekq0fin+i+JAvgeXcIH\n"
    "Mf2lMA0GCSqGSIb3DQEBCwUAA4IBAQBNbucThxJWmiK2HZWqKWmwzsq1HFg0U6Hn\n"
    "inZRD6goCTdeK1YvaF22gFbl9TLItmSzo/a7Fy/J226+ItgdNTkec8d5AFvkCcJZ\n"
    "irgy7ul7rBtOeudIm3WFyJ/PF/7B1At/71HV0eU8amtvJUBwOF9nEAsYRzWw1Cql\n"
    "iBS66ZUyxNwdm3QO6GPQkKTuYGe8ouxkD1vGPBkYI0G2ZjD1YQETeFofoF0ZhzpX\n"
    "Q7teLYnPKHLurZkemVhufAWcvftOgd5mTnKXwAPS5hfkRO4NreV+f9O5Rqfda9aL\n"
    "NUxGMZ/+4rZ+RfNswelwm4t7ZnOJeWQ0I4DZgEYJfilfot396wL0\n"
    "-----END CERTIFICATE-----\n";

/// Another authority.
constexpr std::string_view another_root =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDODCCAiCgAwIBAgIUFEVsPbw2YXAOinghE9kd3sIMJSowDQYJKoZIhvcNAQEL\n"
    "BQAwNDEWMBQGA1UECgwNU29tZWJvZHkgZWxzZTEaMBgGA1UEAwwRQW5vdGhlciBh\n"
    "dXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjA0MRYwFAYD\n"
    "VQQKDA1Tb21lYm9keSBlbHNlMRowGAYDVQQDDBFBbm90aGVyIGF1dGhvcml0eTCC\n"
    "ASIwDQYJKoZIhvcNAQEBBQADggEPADCCAQoCggEBAN6TR0t/apyb/U51zZEkGcvv\n"
    "IOvFDEaRAf5Ur847RZfR52zI1egd/PA3XTz+V3HV4q9RUIHdLpBjItTY/RK04uVA\n"
    "reg8F/dd+J2Voc3cRfUmk4MSHBl0BcfoxtI3J4GWPF3jTmKhKaMeB/jtMfLlFnIm\n"
    "H2rqDgAcC78hkEumhB6u50YH5g5ImEgYu1JG+hVBMfAb9Gqcn5213AuXm2X5qi8k\n"
    "I55bfXcL2eY/A4nJTkd+wglUELpeGlAZa0IbnKPBanKROkpw0SmmlIMty91B2WOg\n"
    "XBhMqV3yzM/SzTH8WS0zgEtALI51mgn+f/Y9j/Il0e2dWGF9Nwvpi5Z0Esz/f0UC\n"
    "AwEAAaNCMEAwDwYDVR0TAQH/BAUwAwEB/zAOBgNVHQ8BAf8EBAMCAQYwHQYDVR0O\n"
    "BBYEFFw7PD3KjHJJi8jRJplx/bHpCl3BMA0GCSqGSIb3DQEBCwUAA4IBAQDXbDE3\n"
    "N6Wvb6FNc2D1QY1l5hYO55UJjy7b4cIFoW8v6STGrDo2xDgXDDHJH6C+cG0ZqauU\n"
    "SOTdNJ42bPLRyw7H3lZwC34hAoXCzD6zYw2YiSqSHCiyTscdETBSZT+HwwCarnYM\n"
    "8gV3Ach0bnxwDhG8vmjJCLGuikE7SDFJcWflK34g1fXBxDddVggQLiqOSXah5cTG\n"
    "WskyLd9XVjL5SiHy68/vAJMisnc+1E5v3i1FJZF1y7EIltlpCE4lDf5WDuXkjue2\n"
    "qfSJwaJjBsm07FJ4YYz/jq3mbMU7VUO/D6FFeb82dIi9S9A/v3TMRs/TzePzOWtr\n"
    "Fr5EdRbDkjWesq3T\n"
    "-----END CERTIFICATE-----\n";

/// Of the right name, signed by another authority.
constexpr std::string_view of_another_root =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDWDCCAkCgAwIBAgIUXZ7bGUDfYqUYJt48xke1hWoogPUwDQYJKoZIhvcNAQEL\n"
    "BQAwNDEWMBQGA1UECgwNU29tZWJvZHkgZWxzZTEaMBgGA1UEAwwRQW5vdGhlciBh\n"
    "dXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjA2MTQwMgYD\n"
    "VQQDDCttZXNzYWdldmVyaWZpY2F0aW9uY2VydHMuc2FuZGJveC5wYXlwYWwuY29t\n"
    "MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAy6ZEoDFklO5anPoVDOlK\n"
    "6wAqR/n9e0c3H6fnnYdWWWrQuWIQh5z9q17Lx8Jps9gKZTcy87EOKISxbIo39d+u\n"
    "Psn4z7uzppFKKrL/BLDW4f4YnKLo0HtnGOrhJcXtK9uYsn71/UrTInHDXCxhxeF7\n"
    "ZtFoYm2JHrQ/cgrsbdfzGcGrvaD4bf5OB6SX6RhaLmberFqUR9w4W9I0uguSdQ34\n"
    "PpZk+daMiFFhFhTr8y6t7xTShwsjiIe4BMzklqNwmxIkKobzy1kYBF51AoQ2FAii\n"
    "jLpRhYSHd8ke9DZ7v+Yc/1MvjEjObl+I3dNXN/33MjiOwn0L2ZWxMh4mKhTzo2gr\n"
    "bQIDAQABo2AwXjAMBgNVHRMBAf8EAjAAMA4GA1UdDwEB/wQEAwIHgDAdBgNVHQ4E\n"
    "FgQUOyRF6SrR+Kf6L4kC+B5dwgcx/aUwHwYDVR0jBBgwFoAUXDs8PcqMckmLyNEm\n"
    "mXH9sekKXcEwDQYJKoZIhvcNAQELBQADggEBAAWuqVr13qmgA4Ny0O77WhetrX2m\n"
    "tcwgX7b3UWaJpCMMphNBsEVN3C7X0IxszVg1wqWQICd/QYRmOo7OULgdXEuNLU2W\n"
    "M0WQqedbMd+GIL1iLUwIAHfC14NJz5cHNwBuCNiuYpXxIYg/w7QXmhcxtsmtKZ02\n"
    "EoV5hw9YoDHgUlZpANViaOMQs1aBj/0aYUY9xapCxC+vZGIpi+LaB76dMfgNgz6h\n"
    "OiO8H/Q8VNsPDc5TpElWmo26oVDml3g4BEuAQ1oN2b1sl3Rp0eW8QPonAGbFc5mg\n"
    "nQ0GmWlesMI2rVMuCHjt3nkFrum+lrrea/gatSM9gfAo3ibC6x0nx17hO0I=\n"
    "-----END CERTIFICATE-----\n";

/// Signed by another authority, and an authority itself.
constexpr std::string_view intermediate =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDPzCCAiegAwIBAgIUN3hKzVCCF0jpfIrjJDB+MgJ/kXUwDQYJKoZIhvcNAQEL\n"
    "BQAwNDEWMBQGA1UECgwNU29tZWJvZHkgZWxzZTEaMBgGA1UEAwwRQW5vdGhlciBh\n"
    "dXRob3JpdHkwHhcNMjAwMTAxMDAwMDAwWhcNNDYwMTAxMDAwMDAwWjAaMRgwFgYD\n"
    "VQQDDA9BbiBpbnRlcm1lZGlhdGUwggEiMA0GCSqGSIb3DQEBAQUAA4IBDwAwggEK\n"
    "AoIBAQCmvFPHVvPETUJ52n5EytLRM3F1Gm9oob93WseaI6VPJIB1IwKKT+QZG+Pd\n"
    "nKPUTn11u/mN31QiGvD/yY3j36gD/T/UM3ddDCpS0F6xOito7OxYcCwqJu9LZOob\n"
    "8YnyqbK2wv2Ygpf4suU8Bt6j7a9NzUs1Edm95/H4BJL6HaBFPa5niDIOQMutYmR4\n"
    "eEFYRoLIL2evyc+lYAPi4ciZmVxyAhr4DSChag1SQCqcot5VZxvKzYPQ1HOKiXEx\n"
    "yFHAcSE5Xm0RAwyiEhF0ZtLth/2d/ZWBTbpcpdMrhBwMpEd09brwZWy/1wIPxLgx\n"
    "8hitinWn0M0BPTXCED73fPtLobU5AgMBAAGjYzBhMA8GA1UdEwEB/wQFMAMBAf8w\n"
    "DgYDVR0PAQH/BAQDAgEGMB0GA1UdDgQWBBRySV5pDVbRtqv0r/D9nYsnnQTzdjAf\n"
    "BgNVHSMEGDAWgBRcOzw9yoxySYvI0SaZcf2x6QpdwTANBgkqhkiG9w0BAQsFAAOC\n"
    "AQEAnhpzL+3REO/5X42JlVRmvrZSdgSNIXZG0XqHLGZU0Z0Neq8KdAu9lkfzUD/h\n"
    "715tcM3M8Pab7OlleOgo4rVrBlpupENxS1uv2VY2EDdYjZxeyFn7lBOVeLxgAdke\n"
    "cfLbdEIwkE97zuJnT53dx5DQzdbBbpx8BPHvP+bDXZQ9zBWTee0j9M35vLQskjyB\n"
    "U0Ig6eNbNNiTaqfIxjme+Hj0crzMKHBShEYPHVkGpJIAaYo4ECJgqhvhCHKzETz1\n"
    "eBf69vFphiG3Z/HRqBipZ1LZFqUKaf8Rh0sy4JeHvV+42l2Nozu4gbz4NbgClrWr\n"
    "TG0yaWnH3M+ZZ6UL5VN23cyEcQ==\n"
    "-----END CERTIFICATE-----\n";

/// Of the right name, signed by `intermediate`.
constexpr std::string_view chained =
    "-----BEGIN CERTIFICATE-----\n"
    "MIIDPjCCAiagAwIBAgIUOt3gHI0UayQN0BPjbQDpXVMGhwMwDQYJKoZIhvcNAQEL\n"
    "BQAwGjEYMBYGA1UEAwwPQW4gaW50ZXJtZWRpYXRlMB4XDTIwMDEwMTAwMDAwMFoX\n"
    "DTQ2MDEwMTAwMDAwMFowNjE0MDIGA1UEAwwrbWVzc2FnZXZlcmlmaWNhdGlvbmNl\n"
    "cnRzLnNhbmRib3gucGF5cGFsLmNvbTCCASIwDQYJKoZIhvcNAQEBBQADggEPADCC\n"
    "AQoCggEBAMumRKAxZJTuWpz6FQzpSusAKkf5/XtHNx+n552HVllq0LliEIec/ate\n"
    "y8fCabPYCmU3MvOxDiiEsWyKN/Xfrj7J+M+7s6aRSiqy/wSw1uH+GJyi6NB7Zxjq\n"
    "4SXF7SvbmLJ+9f1K0yJxw1wsYcXhe2bRaGJtiR60P3IK7G3X8xnBq72g+G3+Tgek\n"
    "l+kYWi5m3qxalEfcOFvSNLoLknUN+D6WZPnWjIhRYRYU6/Mure8U0ocLI4iHuATM\n"
    "5JajcJsSJCqG88tZGARedQKENhQIooy6UYWEh3fJHvQ2e7/mHP9TL4xIzm5fiN3T\n"
    "Vzf99zI4jsJ9C9mVsTIeJioU86NoK20CAwEAAaNgMF4wDAYDVR0TAQH/BAIwADAO\n"
    "BgNVHQ8BAf8EBAMCB4AwHQYDVR0OBBYEFDskRekq0fin+i+JAvgeXcIHMf2lMB8G\n"
    "A1UdIwQYMBaAFHJJXmkNVtG2q/Sv8P2diyedBPN2MA0GCSqGSIb3DQEBCwUAA4IB\n"
    "AQAqaOpCR+X27xK+nk1lAdYl+Je8Rwfqyu4TgfN8cqdrjOV1kExk4KuGhl8OONrE\n"
    "QAm07vooDE6VMg77NAjHhJ5742AZ5SBCwymzo10IfTxdDQFavNciZAH53/qvzBmd\n"
    "r0qhjFWEiuARrUF14hR+qEwZb5sEdvme+E21HyIfDMG9KZXxowwaYcA2qjDeEVtO\n"
    "ZaVSe++bhHbpmWgi8k8x3X4s5IN2mknKG5rh5hUMxmWfeIttlW8bzOErWcNnGcPD\n"
    "eUmKoE+8trrpBVlFC6SWNnkTY+GmT8L81/hPbHCMadXDeR+Hh+vI8syIzwgrdikt\n"
    "fnED/t/RTbGmAcawj3++raJr\n"
    "-----END CERTIFICATE-----\n";

}  // namespace cambist::test::pem
