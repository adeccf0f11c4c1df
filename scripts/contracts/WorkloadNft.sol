// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC721} from "@openzeppelin/contracts/token/ERC721/ERC721.sol";
import {ERC721Royalty} from "@openzeppelin/contracts/token/ERC721/extensions/ERC721Royalty.sol";

/// A collection with a royalty of 5 % (ERC-2981).
contract WorkloadNft is ERC721Royalty {
    uint256 public minted;

    constructor(address artist) ERC721("Workload Art", "WART") {
        _setDefaultRoyalty(artist, 500);
    }

    function mint(uint256 id) external payable {
        minted += 1;
        _safeMint(msg.sender, id);
    }
}
