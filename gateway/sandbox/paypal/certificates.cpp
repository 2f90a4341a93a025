#include "gateway/sandbox/paypal/certificates.hpp"

#include "protocols/providers/paypal/sandbox_root.hpp"

namespace cambist::gateway::sandbox::paypal {
namespace {

// CN messageverificationcerts.sandbox.paypal.com, RSA 2048, signed with SHA-256, valid until 2046;
// its issuer is `paypal::sandbox_root`, which the adapter trusts in the sandbox.
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

constexpr std::string_view other_key =
    "-----BEGIN PRIVATE KEY-----\n"
    "MIIEvAIBADANBgkqhkiG9w0BAQEFAASCBKYwggSiAgEAAoIBAQDTL1XvYhLclr4P\n"
    "z6U/QkPFn/Wzim/6yHta180JLf1pxTabFNE8keyWTpe409DCd+HmhjumKoopQU8h\n"
    "EAbSJBs8FK1W25rJU1/YOr59j3aWo3sAj3WCS545pNfl1QpKM0dRH7kBybGpNj9+\n"
    "d5hqmCJ+rUab2pw7kW0awcbLArG16EvaThmaEDzWHreHF2d9QH81ONfQr4cB9pwG\n"
    "tFR8bcdAHv23h4KQ/r9xpN02CH2DZbp8/qdLTb6QS4QrAmOKmMpxgWY6OSOv3zjQ\n"
    "1FRCf9RTqOtaqhl2MFT5LkSbC5y7AscqJI8WcKt6tgwwRbfnwG+vQZTzWofXVqcy\n"
    "XatEdGQtAgMBAAECggEAAN+xbtVMjQNwqOHBO3Lw6INCFyqWTlwq/9QPF0p3QctH\n"
    "mmT/0qIrRO9GpcShQ1S5/Llcdie3PPbLYYXOnsBN0+ClW6ElUaTvK2wJeBKHuUAs\n"
    "P53YV3WBo5fA2ZoZOfe0BAFqGLhMFw5QPUaNvQ8rwV4X1zLp3OiRTNWKwYdIKJ+v\n"
    "V2bIOjApKMEcBIBkTr9Dapm+KuWjhpMQTaT86qkBYCTnySDHuGU1FoxbR8XTXcbM\n"
    "vlB9buN59TSOBE66OHP1wQ7Weu/gC9FKumQTxIo2rcgBXxK21fL21hJQTDIfL7yb\n"
    "yIkj3M/ozjUtH8/48CiVHzQD8TS8ilNeBrqrToO/jwKBgQD1DKmc3pooIVZMZdLx\n"
    "d5jUs3aaPZxpoaa3SSUrSRCUUrBY9LYW220Xf0najYsxYJRP968jBlR4CESw781x\n"
    "QY+fhnGNQEXhpcIHr6C24124YTe1k1cluh+hcGReBNSs0Yf0WsdjdP3i2RrQNOfM\n"
    "YSUC4YPf4VMM6xW6lEHELKi59wKBgQDcn0Q6XF+RPv4hi4+Jjxt5izTZXwTejTpz\n"
    "4pMxtvpaR6PkdD2o6HWqEMZ7ODPX60aefntW6VO8hplCwuwRvcXJMK3JI8h530/Q\n"
    "WO2alhBv+VlOkKUDyXiYH2ItOcWaSumTQ46D8jlmLiHsOAK8/EgVDN0yQ+VrITVr\n"
    "qUDYSU6p+wKBgFH7yItJFj4y2RJ6Rpausp0G5bk4v6m/gW10tVDEAx38hC9ev8Tp\n"
    "6Jeh6G2MSXNdooEWlqubJIt8CK9Bq3QmwQxYCIl/ZWHW+RFlOtm1O9fB/sdq4g8n\n"
    "NAno9ktWRmkDOP8Rl/+4VnCcvhHGgX6pSZ6rIFm4ovaBeCWSEGa3okOFAoGAcCFu\n"
    "ju72D59hkHEbQgH/J9ZNxREbK3XCOLX2s/TY51uz+9/smtWTQB2Ik4XsK5jD6rhE\n"
    "PdcXHSGX8auaSiYWyXu5SBqswOxz52PbV49fyVmFP34asIMMjNyejHfpa9MZRiS2\n"
    "4W8SJ1HZIfMRyTW7+R7xqaOCjeFyAkci0wrnNVMCgYBnuCrm7dZmNIlnRJOgCifs\n"
    "xZTT/uXD+oSZoRgK96P+pEqrybzsHekD9M9fwpED2R50Xj36Qcd79zpft1Tw1qDh\n"
    "OEi/t8GWhEykS3pNwVpdnTlc1hdCtgfNKOCH4eQqvP1zhvMaX9I2jTiTQCMuIjJD\n"
    "A9l8a//4WoMMRxNm0FpHQA==\n"
    "-----END PRIVATE KEY-----\n";

}  // namespace

std::string certificate_chain() {
  return std::string{leaf} + std::string{cambist::paypal::sandbox_root};
}

std::string_view signing_key() noexcept {
  return leaf_key;
}

std::string_view forgers_key() noexcept {
  return other_key;
}

}  // namespace cambist::gateway::sandbox::paypal
