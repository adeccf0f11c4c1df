// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

import {ERC20} from "@openzeppelin/contracts/token/ERC20/ERC20.sol";
import {ERC4626} from "@openzeppelin/contracts/token/ERC20/extensions/ERC4626.sol";
import {IERC20} from "@openzeppelin/contracts/token/ERC20/IERC20.sol";

/// A yield vault (ERC-4626): yield comes as a plain transfer of the asset.
contract WorkloadVault is ERC4626 {
    constructor(IERC20 asset_) ERC4626(asset_) ERC20("Workload Vault", "vWORK") {}
}
