// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";

/// A plain OpenZeppelin ERC-20: balances at slot 0, allowances at slot 1.
contract WorkloadToken is ERC20 {
    constructor(uint256 supply) ERC20("Workload Token", "WORK") {
        _mint(msg.sender, supply);
    }
}
