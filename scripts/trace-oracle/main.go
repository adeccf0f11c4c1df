// Traces blocks with go-ethereum's tracers, each transaction on the state before it as debug_traceBlock does: `evm t8n` keeps one tracer
// for all transactions, and tells it of no logs. One block a line of standard input, one line of results a block:
// scripts/trace-corpus.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"strings"

	"github.com/ethereum/go-ethereum/common"
	"github.com/ethereum/go-ethereum/common/hexutil"
	"github.com/ethereum/go-ethereum/common/math"
	"github.com/ethereum/go-ethereum/consensus/misc/eip4844"
	"github.com/ethereum/go-ethereum/core"
	"github.com/ethereum/go-ethereum/core/rawdb"
	"github.com/ethereum/go-ethereum/core/state"
	"github.com/ethereum/go-ethereum/core/tracing"
	"github.com/ethereum/go-ethereum/core/types"
	"github.com/ethereum/go-ethereum/core/types/bal"
	"github.com/ethereum/go-ethereum/core/vm"
	"github.com/ethereum/go-ethereum/eth/tracers"
	"github.com/ethereum/go-ethereum/eth/tracers/logger"
	"github.com/ethereum/go-ethereum/eth/tracers/native"
	"github.com/ethereum/go-ethereum/params"
	"github.com/ethereum/go-ethereum/rlp"
	"github.com/ethereum/go-ethereum/tests"
	"github.com/ethereum/go-ethereum/triedb"
	"github.com/holiman/uint256"
)

type env struct {
	Coinbase      common.Address                      `json:"currentCoinbase"`
	GasLimit      math.HexOrDecimal64                 `json:"currentGasLimit"`
	Number        math.HexOrDecimal64                 `json:"currentNumber"`
	Timestamp     math.HexOrDecimal64                 `json:"currentTimestamp"`
	Difficulty    *math.HexOrDecimal256               `json:"currentDifficulty"`
	Random        *common.Hash                        `json:"currentRandom"`
	BaseFee       *math.HexOrDecimal256               `json:"currentBaseFee"`
	ExcessBlobGas *math.HexOrDecimal64                `json:"currentExcessBlobGas"`
	SlotNumber    math.HexOrDecimal64                 `json:"slotNumber"`
	BeaconRoot    *common.Hash                        `json:"parentBeaconBlockRoot"`
	BlockHashes   map[math.HexOrDecimal64]common.Hash `json:"blockHashes"`
}

type request struct {
	Fork    string             `json:"fork"`
	Alloc   types.GenesisAlloc `json:"alloc"`
	Env     env                `json:"env"`
	TxsRlp  hexutil.Bytes      `json:"txsRlp"`
	Tracers []tracer           `json:"tracers"`
}

// A name of native tracers, or structLogger, eip3155, opcodeCount.
type tracer struct {
	Name   string          `json:"name"`
	Config json.RawMessage `json:"config"`
}

func main() {
	in := bufio.NewReaderSize(os.Stdin, 1<<20)
	out := bufio.NewWriter(os.Stdout)
	for {
		line, err := in.ReadBytes('\n')
		if len(line) > 1 {
			var block request
			if err := json.Unmarshal(line, &block); err != nil {
				panic(err)
			}
			json.NewEncoder(out).Encode(run(&block))
			out.Flush()
		}
		if err != nil {
			return
		}
	}
}

func stateOf(alloc types.GenesisAlloc) *state.StateDB {
	db := state.NewDatabase(triedb.NewDatabase(rawdb.NewMemoryDatabase(), &triedb.Config{Preimages: true}), nil)
	statedb, err := state.New(types.EmptyRootHash, db)
	if err != nil {
		panic(err)
	}
	for addr, a := range alloc {
		statedb.SetCode(addr, a.Code, tracing.CodeChangeUnspecified)
		statedb.SetNonce(addr, a.Nonce, tracing.NonceChangeGenesis)
		if a.Balance != nil {
			statedb.SetBalance(addr, uint256.MustFromBig(a.Balance), tracing.BalanceIncreaseGenesisBalance)
		}
		for k, v := range a.Storage {
			statedb.SetState(addr, k, v)
		}
	}
	root, err := statedb.Commit(params.Rules{}, 0)
	if err != nil {
		panic(err)
	}
	statedb, err = state.New(root, db)
	if err != nil {
		panic(err)
	}
	return statedb
}

// Of each transaction the result of each tracer, in their order; null for a transaction that must not be there.
func run(r *request) [][]json.RawMessage {
	config, _, err := tests.GetChainConfig(r.Fork)
	if err != nil {
		panic(err)
	}
	e := r.Env
	number := new(big.Int).SetUint64(uint64(e.Number))
	blockContext := vm.BlockContext{
		CanTransfer: core.CanTransfer,
		Transfer:    core.Transfer,
		Coinbase:    e.Coinbase,
		BlockNumber: number,
		Time:        uint64(e.Timestamp),
		GasLimit:    uint64(e.GasLimit),
		GetHash:     func(n uint64) common.Hash { return e.BlockHashes[math.HexOrDecimal64(n)] },
		Difficulty:  new(big.Int),
		Random:      e.Random,
		SlotNum:     uint64(e.SlotNumber),

		CostPerStateByte: params.CostPerStateByte,
	}
	if e.Difficulty != nil {
		blockContext.Difficulty = (*big.Int)(e.Difficulty)
	}
	if e.BaseFee != nil {
		blockContext.BaseFee = (*big.Int)(e.BaseFee)
	}
	if e.ExcessBlobGas != nil {
		excess := uint64(*e.ExcessBlobGas)
		blockContext.BlobBaseFee = eip4844.CalcBlobFee(config, &types.Header{Time: blockContext.Time, ExcessBlobGas: &excess})
	}
	statedb := stateOf(r.Alloc)
	evm := vm.NewEVM(blockContext, statedb, config, vm.Config{})
	list := bal.NewConstructionBlockAccessList()
	if e.BeaconRoot != nil {
		core.ProcessBeaconBlockRoot(*e.BeaconRoot, evm, list)
	}
	if config.IsPrague(number, blockContext.Time) {
		core.ProcessParentBlockHash(e.BlockHashes[e.Number-1], evm, list)
	}
	var txs types.Transactions
	if err := rlp.DecodeBytes(r.TxsRlp, &txs); err != nil {
		panic(err)
	}
	signer := types.MakeSigner(config, number, blockContext.Time)
	hash := common.Hash{0x13, 0x37}
	results := make([][]json.RawMessage, 0, len(txs))
	for i, tx := range txs {
		msg, err := core.TransactionToMessage(tx, signer, blockContext.BaseFee)
		if err != nil {
			results = append(results, nil)
			continue
		}
		statedb.SetTxContext(tx.Hash(), i, uint32(i+1))
		all := make([]json.RawMessage, 0, len(r.Tracers))
		for _, t := range r.Tracers {
			result, err := trace(t, statedb.Copy(), blockContext, config, msg, tx, i, hash)
			if err != nil {
				all = nil
				fmt.Fprintln(os.Stderr, r.Fork, i, t.Name, err)
				break
			}
			all = append(all, result)
		}
		results = append(results, all)
		snapshot := statedb.Snapshot()
		if _, _, err := core.ApplyTransactionWithEVM(context.Background(), msg, core.NewGasPool(msg.GasLimit), statedb, number, hash, blockContext.Time, tx, evm); err != nil {
			statedb.RevertToSnapshot(snapshot)
		}
	}
	return results
}

func trace(t tracer, statedb *state.StateDB, blockContext vm.BlockContext, config *params.ChainConfig, msg *core.Message, tx *types.Transaction, index int, hash common.Hash) (json.RawMessage, error) {
	var made *tracers.Tracer
	var lines strings.Builder
	switch t.Name {
	case "structLogger":
		var options logger.Config
		if err := json.Unmarshal(t.Config, &options); err != nil {
			return nil, err
		}
		l := logger.NewStructLogger(&options)
		made = &tracers.Tracer{Hooks: l.Hooks(), GetResult: l.GetResult}
	case "eip3155":
		var options logger.Config
		if err := json.Unmarshal(t.Config, &options); err != nil {
			return nil, err
		}
		hooks := logger.NewJSONLogger(&options, &lines)
		made = &tracers.Tracer{Hooks: hooks, GetResult: func() (json.RawMessage, error) { return json.Marshal(lines.String()) }}
	case "opcodeCount":
		made = native.NewOpcodeCounter()
	default:
		var err error
		made, err = tracers.DefaultDirectory.New(t.Name, &tracers.Context{TxIndex: index, TxHash: tx.Hash(), BlockNumber: blockContext.BlockNumber}, t.Config, config)
		if err != nil {
			return nil, err
		}
	}
	evm := vm.NewEVM(blockContext, state.NewHookedState(statedb, made.Hooks), config, vm.Config{Tracer: made.Hooks})
	_, _, err := core.ApplyTransactionWithEVM(context.Background(), msg, core.NewGasPool(msg.GasLimit), statedb, blockContext.BlockNumber, hash, blockContext.Time, tx, evm)
	if err != nil {
		return nil, err
	}
	return made.GetResult()
}
