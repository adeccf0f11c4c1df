// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// Pays many recipients in one transaction.
contract Airdrop {
    using SafeERC20 for IERC20;

    error UnequalLists();

    function drop(IERC20 token, address[] calldata to, uint256[] calldata amounts) external {
        if (to.length != amounts.length) revert UnequalLists();
        for (uint256 i; i < to.length; i++) token.safeTransferFrom(msg.sender, to[i], amounts[i]);
    }
}
