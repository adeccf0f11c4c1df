// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {MerkleProof} from "@openzeppelin/contracts/utils/cryptography/MerkleProof.sol";
import {BitMaps} from "@openzeppelin/contracts/utils/structs/BitMaps.sol";

/// The near end of a bridge: a message of the far end is proven by the root of all of them, and minted here once.
contract Bridge is ERC20 {
    using BitMaps for BitMaps.BitMap;

    error Done();
    error NotProven();

    event Relayed(uint256 indexed index, address indexed to, uint256 amount);

    bytes32 public immutable root;
    BitMaps.BitMap private _done;

    constructor(bytes32 root_) ERC20("Bridged", "brWORK") {
        root = root_;
    }

    function relay(uint256 index, address to, uint256 amount, bytes32[] calldata proof) external {
        if (_done.get(index)) revert Done();
        bytes32 leaf = keccak256(bytes.concat(keccak256(abi.encode(index, to, amount))));
        if (!MerkleProof.verifyCalldata(proof, root, leaf)) revert NotProven();
        _done.set(index);
        _mint(to, amount);
        emit Relayed(index, to, amount);
    }
}
