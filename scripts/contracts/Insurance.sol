// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

interface IReading {
    function latestAnswer() external view returns (int256);
}

/// Insurance that pays by a measured value (rain, delay): premiums come in, claims below the threshold are paid from the pool.
contract Insurance {
    using SafeERC20 for IERC20;

    struct Policy {
        address holder;
        uint64 until;
        bool claimed;
        uint256 cover;
        int256 threshold;
    }

    error NotYours();
    error NotDue();

    event Insured(uint256 indexed id, address indexed holder, uint256 cover, uint256 premium);
    event Paid(uint256 indexed id, uint256 cover);

    IERC20 public immutable currency;
    IReading public immutable reading;
    uint256 public covered;
    mapping(uint256 => Policy) public policies;

    constructor(IERC20 currency_, IReading reading_) {
        currency = currency_;
        reading = reading_;
    }

    function insure(uint256 id, uint256 cover, int256 threshold) external {
        require(policies[id].holder == address(0), "id in use");
        policies[id] = Policy(msg.sender, uint64(block.timestamp + 30 days), false, cover, threshold);
        covered += cover;
        uint256 premium = cover / 20;
        currency.safeTransferFrom(msg.sender, address(this), premium);
        emit Insured(id, msg.sender, cover, premium);
    }

    function claim(uint256 id) external {
        Policy storage it = policies[id];
        if (it.holder != msg.sender) revert NotYours();
        if (it.claimed || block.timestamp > it.until || reading.latestAnswer() >= it.threshold) revert NotDue();
        it.claimed = true;
        covered -= it.cover;
        currency.safeTransfer(msg.sender, it.cover);
        emit Paid(id, it.cover);
    }
}
