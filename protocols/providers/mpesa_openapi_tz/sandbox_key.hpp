// The public half of the sandbox's own key, as a portal would show it: base64 of a DER
// SubjectPublicKeyInfo, RSA with 4096 bits. What stands for the private half is in the emulator.
#pragma once

#include <string_view>

namespace cambist::mpesa_openapi_tz {

constexpr std::string_view sandbox_public_key =
    "MIICIjANBgkqhkiG9w0BAQEFAAOCAg8AMIICCgKCAgEA4rUSBHuwee6tLxX2hCuwbWke3Tqdc1HDMU5lvzbWR7Z0"
    "m0dHWb0NTb/DCh3maJzV7HQm+c0DQd4bOZ66eB9JHEG/dZklSxCAAGg13ltqEdCBr9LvoJgQdSBJXwBEyyrL/5Ju"
    "vulbODZ+7xtNrQBb265hsumCR23rOZxtxPdr4B/q89zJq4/JcH16EIxsZUgCUHyB1FCvAjf+a9LfVCyCAuaGehJP"
    "WwT7tC6ZBlrw9dUxViItcKHfgGjo34wlxR1dbL5CMvU2opJY1IVbhJFf/yGmbDgyy3Mjt1zDV+LT12Pk/yXHykPl"
    "qVN3tn2qUZzHwSZx+yaK2WA92E+bEO5Vf6t+WxSVQD3C/yChqWAZdq249QflVwaNeu4SmhDleWp2Gfqvyx0TUzhs"
    "X/tOrm8ua0lT0YCCaRxev+g2BgkkvfsR4rS2YkqNw40RMEcavx3dy7KO0Kuby25WjgyU+/I9e+i31C/rfrEbLcPr"
    "5yr/dk+czWNqcn1kMD7l9SfVrRS3+AOGUYLrII9HilgPlpBSzBpWM/3jAfIrNPD8wcOI0TNEOdD2Fsq0NtlMYltW"
    "botNQJyPkDr7K4kUb7Zgd5j/FH79Caw+6JR/b2XcXvVmn+s083dOwpGLmNmVe2eZiHAFtkXWtef7D+WVdTA87K4+"
    "AtXVaTqgMkiVtZ6gDChPoO8CAwEAAQ==";

}  // namespace cambist::mpesa_openapi_tz
