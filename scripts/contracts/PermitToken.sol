// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/ERC20Permit.sol";

/// A stable coin with permits (EIP-2612): balances at slot 0, allowances at slot 1.
contract PermitToken is ERC20, ERC20Permit {
    constructor(uint256 supply) ERC20("Workload Dollar", "WUSD") ERC20Permit("Workload Dollar") {
        _mint(msg.sender, supply);
    }
}
