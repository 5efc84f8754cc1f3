// Details of a rule that refused a move: which of its cases it was. For posting and its messages.

#ifndef QZ_SETTLE_RULE_DETAILS_H_
#define QZ_SETTLE_RULE_DETAILS_H_

namespace qz::settle {

enum Incomplete : int { kNoId, kNoDate, kNoKind, kNoInstrument, kNoQuantity };
enum WrongAccount : int { kHolderForRole, kNoHolder, kNotSame, kNowhere };
enum WrongAmount : int {
  kNotPositive,
  kNotInSteps,
  kTooLarge,
  kOtherUnit,
  kNoPrice,
  kPriceGiven,
  kPriceNegative,
};
enum UnknownLot : int { kNoLot, kNotListed, kNotBegun };
enum WrongReversal : int {
  kNoMoveNamed,
  kNoSuchMove,
  kNotPosted,
  kOfReversal,
  kOtherMembers,
  kMoreThanLeft,
  kNothingLeft,
};
enum WrongPurchase : int { kNoPurchase, kNotThePurchase, kPurchaseTooSmall };

}  // namespace qz::settle

#endif  // QZ_SETTLE_RULE_DETAILS_H_
