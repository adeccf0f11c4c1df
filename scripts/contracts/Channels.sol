// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";

/// Payment channels: one side locks ether, both sign balances outside the chain, the last ones are settled here.
contract Channels is EIP712 {
    struct Channel {
        address payer;
        address payee;
        uint256 deposit;
    }

    error Taken();
    error NoChannel();
    error WrongSignature();

    event Opened(bytes32 indexed id, address indexed payer, address indexed payee, uint256 deposit);
    event Settled(bytes32 indexed id, uint256 paid);

    bytes32 private constant BALANCE = keccak256("Balance(bytes32 channel,uint256 paid)");
    mapping(bytes32 => Channel) public channels;
    uint256 public locked;

    constructor() EIP712("Channels", "1") {}

    function open(bytes32 id, address payee) external payable {
        if (channels[id].payer != address(0)) revert Taken();
        channels[id] = Channel(msg.sender, payee, msg.value);
        locked += msg.value;
        emit Opened(id, msg.sender, payee, msg.value);
    }

    function settle(bytes32 id, uint256 paid, bytes calldata byPayer, bytes calldata byPayee) external {
        Channel memory it = channels[id];
        if (it.payer == address(0)) revert NoChannel();
        bytes32 hash = _hashTypedDataV4(keccak256(abi.encode(BALANCE, id, paid)));
        if (ECDSA.recover(hash, byPayer) != it.payer || ECDSA.recover(hash, byPayee) != it.payee) revert WrongSignature();
        delete channels[id];
        locked -= it.deposit;
        Address.sendValue(payable(it.payee), paid);
        Address.sendValue(payable(it.payer), it.deposit - paid);
        emit Settled(id, paid);
    }
}
