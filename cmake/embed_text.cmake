# Writes a C++ source with one function that returns the text of a file.
#   cmake -DIN=file -DOUT=file.cpp -DHEADER=header.hpp -DFUNCTION=name -P embed_text.cmake
file(READ ${IN} text)
file(WRITE ${OUT}.new "#include \"${HEADER}\"

namespace cambist::gateway {

std::string_view ${FUNCTION}() noexcept {
  return R\"embedded(${text})embedded\";
}

}  // namespace cambist::gateway
")
file(COPY_FILE ${OUT}.new ${OUT} ONLY_IF_DIFFERENT)
