# Runs chains of blocks with the Python specification: one JSON object a line in, one a line out (scripts/build-lives.ts).
#   pip install 'ethereum-execution[optimized]==2.20.0'   (Python 3.11 or newer)
import importlib
import inspect
import json
import sys
from dataclasses import fields
from types import SimpleNamespace

from ethereum.crypto.hash import keccak256
from ethereum_rlp import rlp
from ethereum_types.bytes import Bytes, Bytes8, Bytes20, Bytes32
from ethereum_types.numeric import U64, U256, Uint

NAMES = {"chainstart": "frontier", "tangerineWhistle": "tangerine_whistle", "spuriousDragon": "spurious_dragon",
         "petersburg": "constantinople"}


def raw(text):
    return bytes.fromhex(text.removeprefix("0x"))


def run(chain):
    name = NAMES.get(chain["fork"], chain["fork"])
    room = lambda part: importlib.import_module(f"ethereum.forks.{name}.{part}")
    fork, vm, states, types, transactions = (room(p) for p in ("fork", "vm", "state", "fork_types", "transactions"))
    state = states.State()
    for address, account in chain["alloc"].items():
        at = types.Address(raw(address))
        account_fields = dict(nonce=Uint(int(account["nonce"], 16)), balance=U256(int(account["balance"], 16)))
        if "code" in {f.name for f in fields(types.Account)}:
            made = types.Account(**account_fields, code=Bytes(raw(account["code"])))
        else:
            raise SystemExit("this version of the specification keeps code elsewhere")
        states.set_account(state, at, made)
        for key, value in account["storage"].items():
            states.set_storage(state, at, Bytes32(raw(key)), U256(int(value, 16)))
    legacy = getattr(transactions, "LegacyTransaction", None) or transactions.Transaction
    return [block(chain, each, state, fork, vm, states, types, legacy, room) for each in chain["blocks"]]


def block(chain, each, state, fork, vm, states, types, legacy, room):
    known = dict(chain_id=U64(1), state=state, block_gas_limit=Uint(each["gasLimit"]), coinbase=types.Address(raw(each["coinbase"])),
                 block_hashes=[Bytes32(32)] * min(each["number"], 256), number=Uint(each["number"]), time=U256(each["timestamp"]),
                 difficulty=Uint(131072), base_fee_per_gas=Uint(each["baseFee"]), prev_randao=Bytes32(32), excess_blob_gas=U64(0),
                 parent_beacon_block_root=Bytes32(32))
    environment = vm.BlockEnvironment(**{f.name: known[f.name] for f in fields(vm.BlockEnvironment)})
    bodies = tuple(Bytes(raw(t[1:])) if t[0] == "t" else rlp.decode_to(legacy, raw(t[1:])) for t in each["transactions"])
    lists = dict(transactions=bodies,
                 ommers=tuple(SimpleNamespace(number=Uint(each["number"] - 1), coinbase=types.Address(raw(u))) for u in each["uncles"]))
    if each["withdrawals"] or "withdrawals" in inspect.signature(fork.apply_body).parameters:
        withdrawal = room("blocks").Withdrawal
        lists["withdrawals"] = tuple(
            withdrawal(index=U64(i), validator_index=U64(1), address=types.Address(raw(a)), amount=U256(int(g)))
            for i, (a, g) in enumerate(each["withdrawals"]))
    wanted = inspect.signature(fork.apply_body).parameters
    gas = []
    process = fork.process_transaction

    def counted(env, output, *rest):
        process(env, output, *rest)
        gas.append(int(output.block_gas_used))

    fork.process_transaction = counted
    try:
        output = fork.apply_body(environment, **{k: v for k, v in lists.items() if k in wanted})
    finally:
        fork.process_transaction = process
    logs = [[log.address, list(log.topics), log.data] for log in output.block_logs]
    return dict(stateRoot=states.state_root(state).hex(), logsHash=keccak256(rlp.encode(logs)).hex(), gas=gas)


for line in sys.stdin:
    print(json.dumps(run(json.loads(line))), flush=True)
