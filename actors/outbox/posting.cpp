#include "actors/outbox/posting.hpp"

namespace cambist::actors::outbound {
// Filled in with protocols/webhook.
}
