// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

/// A contract whose end is the interesting part.
contract Child {
    uint256 public value;

    constructor(uint256 initial) payable {
        value = initial;
    }

    function set(uint256 next) external {
        value = next;
    }

    function destroy(address payable beneficiary) external {
        selfdestruct(beneficiary);
    }

    receive() external payable {}
}

/// What mainnet blocks contain besides transfers and swaps, one function each.
contract Lab {
    event Noted(address indexed who, uint256 indexed key, bytes payload);

    mapping(address => uint256) public counters;
    mapping(uint256 => uint256) public notes;
    uint256 public total;
    address public last;

    function spawn(uint256 initial) external payable {
        last = address(new Child{value: msg.value}(initial));
    }

    function spawnAt(bytes32 salt) external payable returns (address at) {
        at = address(new Child{value: msg.value, salt: salt}(1));
        counters[at] = 1;
    }

    /// EIP-6780: created and destroyed in one transaction, so the account really disappears. The same salt works again.
    function flash(bytes32 salt) external payable {
        Child child = new Child{value: msg.value, salt: salt}(2);
        child.set(3);
        child.destroy(payable(msg.sender));
    }

    /// The address is destroyed at the end of the transaction only: value sent to it afterwards is burnt.
    function flashAndBurn(bytes32 salt) external payable {
        Child child = new Child{salt: salt}(4);
        child.destroy(payable(address(child)));
        payable(address(child)).transfer(msg.value);
    }

    function count() external {
        counters[msg.sender] += 1;
    }

    function countAll() external {
        total += 1;
    }

    function fill(uint256 from, uint256 n) external {
        for (uint256 i = from; i < from + n; i++) notes[i] = i + 1;
    }

    function clear(uint256 from, uint256 n) external {
        for (uint256 i = from; i < from + n; i++) notes[i] = 0;
    }

    function fail(uint256 key) external {
        notes[key] = 1;
        emit Noted(msg.sender, key, "");
        revert("on purpose");
    }

    /// The inner call fails after writing; the outer one goes on.
    function failInside(uint256 key) external {
        try this.fail(key) {} catch {
            counters[msg.sender] += 1;
        }
    }

    function spin() external view {
        uint256 i;
        while (gasleft() > 0) i++;
    }

    function log(uint256 n) external {
        for (uint256 i; i < n; i++) emit Noted(msg.sender, i, abi.encodePacked(i, msg.sender));
    }

    /// Reads what depends on the block and on all transactions before: the fee recipient's balance.
    function surroundings() external {
        notes[uint256(uint160(msg.sender))] = uint256(
            keccak256(abi.encode(blockhash(block.number - 1), block.prevrandao, block.coinbase.balance, block.basefee, block.blobbasefee))
        );
    }

    function precompiles(bytes calldata data) external {
        bytes32 digest = sha256(data);
        address signer = ecrecover(digest, 27, digest, bytes32(uint256(digest) >> 1));
        bytes20 short = ripemd160(data);
        counters[address(uint160(uint256(digest)) ^ uint160(signer) ^ uint160(short))] += 1;
    }

    function transient(uint256 n) external {
        uint256 seen;
        assembly {
            for { let i := 0 } lt(i, n) { i := add(i, 1) } {
                tstore(i, add(tload(i), caller()))
                seen := add(seen, tload(i))
            }
        }
        counters[msg.sender] = seen;
    }

    /// Target of EIP-7702 delegations: runs with the storage of the delegating account.
    function ping() external payable {
        total += 1;
        emit Noted(address(this), total, "");
    }

    receive() external payable {}
}
