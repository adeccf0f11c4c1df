// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {VestingWallet} from "@openzeppelin/contracts/finance/VestingWallet.sol";

/// OpenZeppelin's, as it is.
contract Vesting is VestingWallet {
    constructor(address beneficiary, uint64 start, uint64 duration) payable VestingWallet(beneficiary, start, duration) {}
}
