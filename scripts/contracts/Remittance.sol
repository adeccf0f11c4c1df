// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {IERC20Permit} from "@openzeppelin/contracts/token/ERC20/extensions/IERC20Permit.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// Payments across a border: the payer signs a permit, a relayer sends it and converts at its rate, less a fee.
contract Remittance {
    using SafeERC20 for IERC20;

    event Paid(bytes32 indexed reference_, address indexed from, address indexed to, uint256 sent, uint256 received);

    uint256 public constant FEE = 30;
    IERC20 public immutable source;
    IERC20 public immutable target;
    /// Units of `target` for 10^6 of `source`.
    uint256 public immutable rate;
    mapping(address relayer => uint256) public earned;

    constructor(IERC20 source_, IERC20 target_, uint256 rate_) {
        source = source_;
        target = target_;
        rate = rate_;
    }

    function pay(
        address from,
        address to,
        uint256 amount,
        bytes32 reference_,
        uint256 deadline,
        uint8 v,
        bytes32 r,
        bytes32 s
    ) external {
        IERC20Permit(address(source)).permit(from, address(this), amount, deadline, v, r, s);
        source.safeTransferFrom(from, address(this), amount);
        uint256 fee = (amount * FEE) / 10_000;
        earned[msg.sender] += fee;
        uint256 received = ((amount - fee) * rate) / 1e6;
        target.safeTransfer(to, received);
        emit Paid(reference_, from, to, amount, received);
    }
}
