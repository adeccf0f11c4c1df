// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";
import {SafeERC20} from "@openzeppelin/contracts/token/ERC20/utils/SafeERC20.sol";

/// Payments by the second: a stream holds its whole deposit, the recipient takes what has flowed.
contract Streams {
    using SafeERC20 for IERC20;

    struct Stream {
        address sender;
        address recipient;
        IERC20 token;
        uint64 start;
        uint64 stop;
        uint256 deposit;
        uint256 withdrawn;
    }

    error NotYours();
    error NotYet(uint256 available);

    event Created(uint256 indexed id, address indexed sender, address indexed recipient, uint256 deposit);
    event Withdrawn(uint256 indexed id, uint256 amount);

    mapping(uint256 => Stream) public streams;

    /// Ids are the sender's own: no counter is shared.
    function idOf(address sender, uint256 number) public pure returns (uint256) {
        return uint256(keccak256(abi.encode(sender, number)));
    }

    function create(uint256 number, address recipient, IERC20 token, uint256 deposit, uint64 start, uint64 stop) external {
        uint256 id = idOf(msg.sender, number);
        require(streams[id].sender == address(0) && stop > start, "no new stream");
        streams[id] = Stream(msg.sender, recipient, token, start, stop, deposit, 0);
        token.safeTransferFrom(msg.sender, address(this), deposit);
        emit Created(id, msg.sender, recipient, deposit);
    }

    function available(uint256 id) public view returns (uint256) {
        Stream storage it = streams[id];
        uint256 until = block.timestamp < it.stop ? block.timestamp : it.stop;
        if (until <= it.start) return 0;
        return (it.deposit * (until - it.start)) / (it.stop - it.start) - it.withdrawn;
    }

    function withdraw(uint256 id, uint256 amount) external {
        Stream storage it = streams[id];
        if (it.recipient != msg.sender) revert NotYours();
        uint256 flowed = available(id);
        if (amount > flowed) revert NotYet(flowed);
        it.withdrawn += amount;
        it.token.safeTransfer(msg.sender, amount);
        emit Withdrawn(id, amount);
    }
}
