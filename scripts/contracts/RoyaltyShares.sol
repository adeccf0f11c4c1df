// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";

/// Shares of the royalties of a work: who streams or prints it pays in, holders take out what their shares earned.
contract RoyaltyShares is ERC20 {
    event Used(address indexed by, uint256 paid);
    event Claimed(address indexed holder, uint256 amount);

    uint256 public perShare;
    uint256 public received;
    mapping(address => uint256) public seen;
    mapping(address => uint256) public owed;

    constructor(uint256 supply) ERC20("Workload Royalties", "WROY") {
        _mint(msg.sender, supply);
    }

    function use() external payable {
        require(msg.value > 0, "nothing paid");
        perShare += (msg.value * 1e36) / totalSupply();
        received += msg.value;
        emit Used(msg.sender, msg.value);
    }

    function claim() external {
        _settle(msg.sender);
        uint256 amount = owed[msg.sender];
        owed[msg.sender] = 0;
        Address.sendValue(payable(msg.sender), amount);
        emit Claimed(msg.sender, amount);
    }

    function _update(address from, address to, uint256 value) internal override {
        if (from != address(0)) _settle(from);
        if (to != address(0)) _settle(to);
        super._update(from, to, value);
    }

    function _settle(address holder) private {
        owed[holder] += (balanceOf(holder) * (perShare - seen[holder])) / 1e36;
        seen[holder] = perShare;
    }
}
