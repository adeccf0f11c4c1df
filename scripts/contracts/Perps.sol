// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IFeed {
    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80);
}

/// Perpetual positions at the price of a feed: every transaction reads it.
contract Perps {
    using SafeERC20 for IERC20;

    struct Position {
        uint128 margin;
        uint128 size;
        uint256 entry;
        bool long;
    }

    error Stale();
    error Slipped(uint256 price);
    error NoPosition();

    event Opened(address indexed trader, bool long, uint256 size, uint256 price);
    event Closed(address indexed trader, int256 gain, uint256 price);

    IFeed public immutable feed;
    IERC20 public immutable collateral;
    mapping(address => Position) public positions;

    constructor(IFeed feed_, IERC20 collateral_) {
        feed = feed_;
        collateral = collateral_;
    }

    function price() public view returns (uint256) {
        (, int256 answer,, uint256 at,) = feed.latestRoundData();
        if (block.timestamp - at > 30 days) revert Stale();
        return uint256(answer);
    }

    function open(bool long, uint128 margin, uint128 size, uint256 limit) external {
        uint256 at = price();
        if (long ? at > limit : at < limit) revert Slipped(at);
        positions[msg.sender] = Position(margin, size, at, long);
        collateral.safeTransferFrom(msg.sender, address(this), margin);
        emit Opened(msg.sender, long, size, at);
    }

    function close() external {
        Position memory it = positions[msg.sender];
        if (it.margin == 0) revert NoPosition();
        uint256 at = price();
        delete positions[msg.sender];
        int256 change = (int256(at) - int256(it.entry)) * int256(uint256(it.size)) / int256(it.entry);
        int256 gain = it.long ? change : -change;
        int256 left = int256(uint256(it.margin)) + gain;
        if (left > 0) collateral.safeTransfer(msg.sender, uint256(left));
        emit Closed(msg.sender, gain, at);
    }
}
