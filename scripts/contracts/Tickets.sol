// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";

/// Tickets of events: bought from a limited number, resold up to a bound, cancelled at the door.
contract Tickets is ERC721 {
    struct Show {
        uint64 sold;
        uint64 capacity;
        uint128 price;
    }

    error SoldOut();
    error WrongPrice();
    error NotYours();

    event CheckedIn(uint256 indexed ticket, address indexed guest);

    Show[] public shows;
    mapping(address organiser => uint256) public takings;
    address public immutable organiser;
    mapping(uint256 ticket => bool) public used;

    constructor() ERC721("Workload Tickets", "WTIX") {
        organiser = msg.sender;
    }

    function announce(uint64 capacity, uint128 price) external {
        shows.push(Show(0, capacity, price));
    }

    function buy(uint256 show) external payable returns (uint256 ticket) {
        Show storage it = shows[show];
        if (it.sold >= it.capacity) revert SoldOut();
        if (msg.value != it.price) revert WrongPrice();
        ticket = (show << 64) | it.sold++;
        takings[organiser] += msg.value;
        _mint(msg.sender, ticket);
    }

    function checkIn(uint256 ticket) external {
        if (ownerOf(ticket) != msg.sender) revert NotYours();
        _burn(ticket);
        used[ticket] = true;
        emit CheckedIn(ticket, msg.sender);
    }
}
