// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {IERC1155} from "@openzeppelin/contracts/token/ERC1155/IERC1155.sol";
import {IERC2981} from "@openzeppelin/contracts/interfaces/IERC2981.sol";
import {IERC721} from "@openzeppelin/contracts/token/ERC721/IERC721.sol";
import {Address} from "@openzeppelin/contracts/utils/Address.sol";
import {ECDSA} from "@openzeppelin/contracts/utils/cryptography/ECDSA.sol";
import {EIP712} from "@openzeppelin/contracts/utils/cryptography/EIP712.sol";
import {ReentrancyGuard} from "@openzeppelin/contracts/utils/ReentrancyGuard.sol";

/// Sales of orders that sellers signed (EIP-712): ether to the seller, less the royalty and the market's fee.
contract Market is EIP712, ReentrancyGuard {
    struct Order {
        address seller;
        address token;
        uint256 id;
        /// 0 for ERC-721.
        uint256 amount;
        uint256 price;
        uint256 salt;
    }

    error WrongPrice();
    error WrongSignature();
    error Filled();

    event Sold(bytes32 indexed order, address indexed buyer, uint256 price);

    bytes32 private constant ORDER =
        keccak256("Order(address seller,address token,uint256 id,uint256 amount,uint256 price,uint256 salt)");
    uint256 public constant FEE = 250;
    mapping(bytes32 => bool) public filled;
    uint256 public fees;

    constructor() EIP712("Market", "1") {}

    function buy(Order calldata order, bytes calldata signature) external payable nonReentrant {
        if (msg.value != order.price) revert WrongPrice();
        bytes32 hash = _hashTypedDataV4(keccak256(abi.encode(ORDER, order)));
        if (ECDSA.recover(hash, signature) != order.seller) revert WrongSignature();
        if (filled[hash]) revert Filled();
        filled[hash] = true;
        uint256 rest = msg.value;
        uint256 fee = (rest * FEE) / 10_000;
        fees += fee;
        rest -= fee;
        if (order.amount == 0) {
            (address artist, uint256 royalty) = IERC2981(order.token).royaltyInfo(order.id, msg.value);
            rest -= royalty;
            Address.sendValue(payable(artist), royalty);
            IERC721(order.token).safeTransferFrom(order.seller, msg.sender, order.id);
        } else {
            IERC1155(order.token).safeTransferFrom(order.seller, msg.sender, order.id, order.amount, "");
        }
        Address.sendValue(payable(order.seller), rest);
        emit Sold(hash, msg.sender, msg.value);
    }
}
