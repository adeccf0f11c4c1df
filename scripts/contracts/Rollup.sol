// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

/// The inbox of a rollup: batches follow one another, as calldata or as blobs.
contract Rollup {
    error NotTheSequencer();
    error NoBlob();
    error WrongNumber(uint256 expected);

    event Posted(uint256 indexed number, bytes32 indexed batch, bytes32 stateRoot);

    address public immutable sequencer;
    uint256 public batches;
    bytes32 public accumulator;
    mapping(uint256 => bytes32) public stateRoots;

    constructor(address sequencer_) {
        sequencer = sequencer_;
    }

    function postCalldata(uint256 number, bytes32 stateRoot, bytes calldata batch) external {
        _append(number, keccak256(batch), stateRoot);
    }

    function postBlobs(uint256 number, bytes32 stateRoot, uint256 count) external {
        bytes32 batch;
        for (uint256 i; i < count; i++) {
            bytes32 blob = blobhash(i);
            if (blob == 0) revert NoBlob();
            batch = keccak256(abi.encode(batch, blob));
        }
        _append(number, batch, stateRoot);
    }

    function _append(uint256 number, bytes32 batch, bytes32 stateRoot) private {
        if (msg.sender != sequencer) revert NotTheSequencer();
        if (number != batches) revert WrongNumber(batches);
        batches = number + 1;
        accumulator = keccak256(abi.encode(accumulator, batch));
        stateRoots[number] = stateRoot;
        emit Posted(number, batch, stateRoot);
    }
}
