// SPDX-License-Identifier: MIT
pragma solidity ^0.8.26;

/// A turn of a game: move over a map, gather what lies there, fight who stands there or the boss that all fight.
contract Game {
    struct Player {
        int32 x;
        int32 y;
        uint32 level;
        uint64 gold;
        uint64 turns;
    }

    error TooFar();
    error NobodyThere();

    event Moved(address indexed player, int32 x, int32 y, uint64 found);
    event Hit(address indexed player, uint256 indexed boss, uint256 damage, uint256 left);
    event Slain(address indexed player, uint256 indexed boss);

    mapping(address => Player) public players;
    mapping(int32 => mapping(int32 => uint64)) public gathered;
    mapping(uint256 => uint256) public health;
    mapping(uint256 => mapping(address => uint256)) public damageOf;

    function summon(uint256 boss, uint256 life) external {
        health[boss] = life;
    }

    function move(int32 dx, int32 dy) external {
        if (dx > 3 || dx < -3 || dy > 3 || dy < -3) revert TooFar();
        Player storage me = players[msg.sender];
        me.x += dx;
        me.y += dy;
        me.turns++;
        uint64 found = uint64(uint256(keccak256(abi.encode(me.x, me.y, block.prevrandao))) % 10);
        gathered[me.x][me.y] += found;
        me.gold += found;
        if (me.gold > 100 * (uint64(me.level) + 1)) me.level++;
        emit Moved(msg.sender, me.x, me.y, found);
    }

    function hit(uint256 boss) external {
        uint256 left = health[boss];
        if (left == 0) revert NobodyThere();
        Player storage me = players[msg.sender];
        uint256 damage = 1 + me.level + (uint256(keccak256(abi.encode(msg.sender, me.turns++, block.prevrandao))) % 6);
        if (damage >= left) {
            damage = left;
            me.level++;
            emit Slain(msg.sender, boss);
        }
        health[boss] = left - damage;
        damageOf[boss][msg.sender] += damage;
        emit Hit(msg.sender, boss, damage, left - damage);
    }
}
