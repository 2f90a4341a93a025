#include "benchmarks/load/text_template.hpp"

#include <algorithm>

namespace cambist::load {

TextTemplate::TextTemplate(std::string_view text) {
  while (!text.empty()) {
    const auto id = text.find("{id}");
    const auto rid = text.find("{rid}");
    const auto at = std::min({id, rid, text.size()});
    if (at > 0) pieces_.push_back({Kind::text, std::string{text.substr(0, at)}});
    if (at == text.size()) return;
    const bool own = at == id;
    pieces_.push_back({own ? Kind::id : Kind::rid, {}});
    text.remove_prefix(at + (own ? 4 : 5));
  }
}

void TextTemplate::append_to(std::string& out, std::string_view id, std::string_view rid) const {
  for (const Piece& piece : pieces_) {
    switch (piece.kind) {
      case Kind::text:
        out += piece.text;
        break;
      case Kind::id:
        out += id;
        break;
      case Kind::rid:
        out += rid;
        break;
    }
  }
}

std::string TextTemplate::filled(std::string_view id, std::string_view rid) const {
  std::string out;
  append_to(out, id, rid);
  return out;
}

std::string_view answered_id(std::string_view json) {
  constexpr std::string_view name = R"("id":")";
  const auto at = json.find(name);
  if (at == std::string_view::npos) return {};
  const auto from = at + name.size();
  const auto to = json.find('"', from);
  return to == std::string_view::npos ? std::string_view{} : json.substr(from, to - from);
}

}  // namespace cambist::load
