// findings.json: the findings of entities and of the job, one a line.

#include "publish/findings_json.h"

#include <gtest/gtest.h>

#include "unit/publish/sample_ledger.h"

namespace qz::publish {
namespace {

TEST(FindingsJson, HoldsEveryFindingWithItsEntity) {
  EXPECT_EQ(written<FindingsJsonWriter>(sample_ledger()),
            "[\n"
            R"({"entity":"A","code":"missing","severity":"warning","table":"t",)"
            R"("key":{"unit":"1","month":"2021-03"},"column":"C","file":"a.csv","line":14,)"
            R"("message":{"en":"no \"x\" <&>","zh":"未实测"},"cite":"§6.2.2"},)"
            "\n"
            R"({"code":"note","severity":"info","message":{"en":"all is well"}})"
            "\n]\n");
}

TEST(FindingsJson, IsAnEmptyArrayWhereThereAreNone) {
  EXPECT_EQ(written<FindingsJsonWriter>(Ledger()), "[]\n");
}

}  // namespace
}  // namespace qz::publish
