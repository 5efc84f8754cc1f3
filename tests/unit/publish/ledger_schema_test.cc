// The schema in the program is the published one.

#include "publish/ledger_schema.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <string>

namespace qz::publish {
namespace {

TEST(LedgerSchema, IsThePublishedFile) {
  std::ifstream in(QZ_SOURCE_DIR "/outputs/schema/ledger-1.xsd", std::ios::binary);
  const std::string published((std::istreambuf_iterator<char>(in)), {});
  EXPECT_EQ(published, ledger_schema());
}

}  // namespace
}  // namespace qz::publish
