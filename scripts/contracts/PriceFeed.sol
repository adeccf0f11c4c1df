// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

/// A price in the interface of Chainlink's aggregators, written by the oracle that deployed it.
contract PriceFeed {
    event AnswerUpdated(int256 indexed current, uint256 indexed roundId, uint256 updatedAt);

    address public immutable oracle;
    uint256 public constant decimals = 8;
    uint80 public round;
    uint64 public updatedAt;
    int256 public latestAnswer;

    constructor(address oracle_, int256 first) {
        oracle = oracle_;
        latestAnswer = first;
        updatedAt = uint64(block.timestamp);
        round = 1;
    }

    function transmit(int256 answer) external {
        require(msg.sender == oracle, "not the oracle");
        latestAnswer = answer;
        updatedAt = uint64(block.timestamp);
        emit AnswerUpdated(answer, ++round, block.timestamp);
    }

    function latestRoundData() external view returns (uint80, int256, uint256, uint256, uint80) {
        return (round, latestAnswer, updatedAt, updatedAt, round);
    }
}
