// The ledger's XML Schema as it stands in outputs/schema/ledger-1.xsd, so that the program needs no
// file to check a ledger.

#ifndef QZ_PUBLISH_LEDGER_SCHEMA_H_
#define QZ_PUBLISH_LEDGER_SCHEMA_H_

#include <string_view>

namespace qz::publish {

std::string_view ledger_schema();

}  // namespace qz::publish

#endif  // QZ_PUBLISH_LEDGER_SCHEMA_H_
