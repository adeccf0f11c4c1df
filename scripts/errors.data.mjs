// What docs/errors.md says of each error code, written once: scripts/build-errors.mjs makes the page of it and a test holds it
// to the codes that src/ throws.
//
//   code, cause, mend

/** @typedef {[code: string, cause: string, mend: string]} Row */
/** @typedef {{ title: string, about: string, rows: Row[] }} Group */

const REPORT = 'A defect: report it with the block and the stack (`error.cause`).'

/** @type {Group[]} */
export const ERRORS = [
  {
    title: 'The block breaks a rule',
    about:
      'Refuse the block, and whoever sent it. The state is as it was before; the next block can be given. Where a transaction breaks ' +
      'the rule, `error.transaction` is its index. When you know that the block is good, something given with it is wrong: the last ' +
      'column says what to look at.',
    rows: [
      [
        'MALFORMED_BLOCK',
        'The bytes are not the RLP of [header, transactions, uncles, withdrawals?], or a list in it is not of its format.',
        "Check that the bytes are the block's own RLP, not those of a message or of JSON around it.",
      ],
      [
        'INVALID_HEADER',
        'A field of the header has the wrong length or form for its hardfork, is missing, or there is one too many.',
        'Check the rules: a field too many or too few often means another hardfork (`chain`, `common`, `hardfork`).',
      ],
      [
        'UNKNOWN_HARDFORK',
        'The chain has no hardfork for a block with this number and timestamp. As EngineError: the Common has no usable rules for a hardfork.',
        'Give the Common of the chain, or name a hardfork with the option `hardfork`.',
      ],
      [
        'INVALID_NUMBER',
        "The number is not the parent's plus one, or it is block 0.",
        'Compare with `parentHeaders[0]`. Block 0 is not executed: make its state the first one.',
      ],
      ['INVALID_TIMESTAMP', "The timestamp is not after the parent's.", 'Compare with `parentHeaders[0]`.'],
      [
        'INVALID_GAS_LIMIT',
        "The gas limit is too far from the parent's, below 5,000, or above 2^63 - 1.",
        'Compare with `parentHeaders[0]`: less than a 1,024th of its limit either way (of twice its limit in the first block of London).',
      ],
      [
        'INVALID_EXTRA_DATA',
        'More than 32 bytes of extra data.',
        'Proof of authority has longer ones: give the Common of that chain.',
      ],
      [
        'INVALID_DIFFICULTY',
        'The difficulty is not the one that follows from the parent; after the merge it must be 0.',
        'Check whether the rules are those before or after the merge (`chain`, `common`, `hardfork`).',
      ],
      ['INVALID_NONCE', 'The nonce of a header after the merge is not zero.', 'As INVALID_DIFFICULTY.'],
      [
        'INVALID_BASE_FEE',
        'The base fee is not the one that follows from the parent (EIP-1559).',
        'Compare with `parentHeaders[0]`, and check that London begins where the rules say.',
      ],
      [
        'INVALID_EXCESS_BLOB_GAS',
        'The excess blob gas is not the one that follows from the parent (EIP-4844), or its price exceeds 2^256 - 1.',
        'Compare with `parentHeaders[0]`, and the blob schedule of the Common (EIP-7892).',
      ],
      [
        'INVALID_BLOB_GAS_USED',
        "Blob gas used is above the limit, no multiple of a blob's, or not what the blobs use.",
        'Check the blob schedule of the Common (EIP-7892).',
      ],
      [
        'INVALID_ANCESTOR',
        "A header in `parentHeaders` is the block's ancestor by its hash, but not of the format of its hardfork.",
        "Check the rules at that ancestor's number and timestamp: the hash is right, so the bytes are.",
      ],
      [
        'INVALID_UNCLES',
        'Too many uncles, one twice, one that is an ancestor or too old, or one whose own header is wrong.',
        'Uncles need six generations of `parentHeaders`: give as many.',
      ],
      [
        'INVALID_UNCLES_HASH',
        'The uncles are not those that the header names.',
        'Check that the list of uncles is complete and in order.',
      ],
      [
        'INVALID_TRANSACTIONS_ROOT',
        'The transactions are not those that the header names.',
        'Check that the list is complete and in order; blob transactions are without their blobs.',
      ],
      [
        'INVALID_WITHDRAWALS_ROOT',
        'The withdrawals are not those that the header names, or the list is there before Shanghai or missing since.',
        'Check that the list is complete and in order, and the rules.',
      ],
      [
        'INVALID_BLOCK_SIZE',
        'The RLP of the block is longer than allowed (EIP-7934).',
        '8 MiB are allowed, from Osaka on: check the rules.',
      ],
      [
        'INVALID_TRANSACTION',
        'A transaction breaks a rule. The message has the rule: the table below.',
        "See the rule, and `error.transaction`. NONCE_MISMATCH and INSUFFICIENT_FUNDS of a good block: another state than its parent's.",
      ],
      [
        'SYSTEM_CALL_FAILED',
        'A system contract of EIP-7002, EIP-7251 or EIP-8282 has no code, or its call failed.',
        'On a chain of your own: deploy the system contracts in the genesis.',
      ],
      [
        'INVALID_DEPOSIT_LOG',
        'A log of the deposit contract is not of the layout of EIP-6110.',
        'On a chain of your own: check `depositContractAddress`.',
      ],
      [
        'INVALID_GAS_USED',
        "The header's gas used is not what execution used.",
        'A good block: the state before it is not the right one (give `parentHeaders`), or its rules are not.',
      ],
      ['INVALID_LOGS_BLOOM', "The header's bloom is not that of the logs.", 'As INVALID_GAS_USED.'],
      ['INVALID_RECEIPTS_ROOT', "The header's receipts root is not that of the receipts.", 'As INVALID_GAS_USED.'],
      [
        'INVALID_REQUESTS_HASH',
        "The header's requests hash is not that of the requests (EIP-7685).",
        'On a chain of your own: check the system contracts and `depositContractAddress`.',
      ],
      [
        'INVALID_BLOCK_ACCESS_LIST',
        'The access list that the header names is not what the block touches (EIP-7928), or not the one given as `blockAccessList`.',
        'The message names the first wrong claim where the list was given: it costs nothing to give it. A good block: as INVALID_GAS_USED.',
      ],
      [
        'BLOCK_ACCESS_LIST_TOO_LONG',
        'The block touches more addresses and slots than a 2,000th of its gas limit (EIP-7928).',
        'Nothing: such a block is invalid.',
      ],
      [
        'INVALID_STATE_ROOT',
        "The header's state root is not that of the state after the block.",
        "As INVALID_GAS_USED; `verify: 'ethereumjs'` says whether the engine is wrong.",
      ],
    ],
  },
  {
    title: 'What was given',
    about: 'An argument, an option or an input. The message names the place; `error.field` has it where there is one.',
    rows: [
      [
        'INVALID_INPUT',
        'A value given to a function is not what it takes.',
        'Correct the value at `error.field`; `error.problem` says what was expected.',
      ],
      [
        'INVALID_OPTIONS',
        'An option is unknown, of the wrong form, contradicts another, or asks for what this host cannot do.',
        'Correct the option at `error.field`. For a mistyped name the message says which one may be meant.',
      ],
      [
        'INVALID_STATE',
        'What a state is made of is not what it takes, or the source lacks a method.',
        'Correct the value at `error.field`. A generator gives its items once: give an array to use it twice.',
      ],
      [
        'INVALID_ANCESTORS',
        "`parentHeaders` are no chain of hashes that ends in the block's parent hash, or `blockHashes` contradicts what is proven.",
        'Give the headers before this very block, newest first; leave out `blockHashes` that headers prove.',
      ],
      [
        'BLOCK_HASH_MISSING',
        'BLOCKHASH asked for an ancestor whose hash is not known. Says nothing about the block.',
        'Give it in `blockHashes`, or all headers down to it in `parentHeaders`.',
      ],
      [
        'PRECOMPILE_THREW',
        'A precompiled contract of `workerSetup` threw, or gave no gas or output that is one: the message has its address. Says nothing about the block.',
        'Mend its function: `run` returns undefined where a call fails.',
      ],
      [
        'UNSUPPORTED',
        'This way of executing the block does not exist, as with a state manager before Byzantium, a proof or a witness of a state without tries, or a call of a state manager that makes no sense while a transaction runs.',
        'The message says what to use instead: another source, or `root: false`.',
      ],
    ],
  },
  {
    title: 'The state and where it comes from',
    about: 'Says nothing about the block: with the right state it can be given again.',
    rows: [
      [
        'MISSING_NODE',
        'A trie node that the block needs is not in the witness.',
        'Add the node with the hash `error.hash` to the witness (`witnessState(...).add`), and give the block again. [witnesses.md](witnesses.md) says what a block needs.',
      ],
      [
        'MALFORMED_NODE',
        'A node of the witness has the right hash and is no trie node.',
        'The root is not one of a state: check where it comes from.',
      ],
      [
        'MISSING_STATE',
        'An account, a slot or a code is not known to the source.',
        'Complete the witness or the state: `error.missing` says which value.',
      ],
      ['MISSING_CODE', 'A block file names a code by its hash and does not have it.', 'Add the code to the file.'],
      ['MALFORMED_STATE', 'Bytes of a state or witness are not of their format.', 'Check where they come from.'],
      [
        'WRONG_STATE',
        "The state's root is not the state root in the header of the block's parent.",
        'Give the state after that parent with `setState`, or execute the blocks between first.',
      ],
      [
        'STATE_SOURCE_FAILED',
        'A method of the state source threw, or answered what cannot be. The block failed and changed nothing.',
        'See `error.cause`; when the source is well again give the block once more.',
      ],
      [
        'STATE_CHANGED',
        'Somebody else changed the state that a state manager keeps.',
        'Restore it or take it as it is: either way give it anew with `setState`. Nobody else may write to it meanwhile.',
      ],
      [
        'STATE_UNKNOWN',
        'A state manager could neither keep a block nor take it back.',
        'Check and repair its store, then give it anew with `setState`. Every block throws this until then.',
      ],
      [
        'OUT_OF_SPACE',
        'The shared memory has reached its maximum.',
        'Create the executor with a larger `maxMemory` (at most 4 GiB), or start afresh with `setState`: tables of accounts, slots and codes only grow.',
      ],
    ],
  },
  {
    title: 'A node behind JSON-RPC',
    about:
      'Of `rpcState`, `parallevm run` and `parallevm fetch`: `RpcError`, whose message begins with the node, without what may be secret in ' +
      'its URL. What passes by itself was tried again, with longer pauses each time, as often as `retries` says.',
    rows: [
      [
        'RPC_UNREACHABLE',
        'No connection, one that was cut, no answer in time, or an HTTP status from 500 on.',
        'Check the URL and that the node runs; raise `timeout` or `retries` for a slow one.',
      ],
      ['RPC_REFUSED', 'HTTP status 401, 402 or 403.', 'Check the key in the URL or in `headers`.'],
      [
        'RPC_RATE_LIMITED',
        'HTTP status 429, or error -32005: the node wants fewer requests.',
        'Lower `concurrency` and `batch`, or use a node with a higher limit. `cache` keeps what was answered.',
      ],
      ['RPC_NOT_JSON', 'The answer is no JSON: a web page, say.', "Check that the URL is that of a node's JSON-RPC."],
      [
        'RPC_BAD_ANSWER',
        'The answer is JSON, and not what the method gives; or a header has not the hash that the node says.',
        'Use another node. A chain whose headers have fields of its own cannot be read.',
      ],
      [
        'RPC_METHOD_MISSING',
        'The node does not have the method.',
        'Enable its namespace, or use a node that has it. Without `eth_getProof`: `proofs: false`, or `--no-proofs`.',
      ],
      [
        'RPC_STATE_PRUNED',
        'The node has the block, but its state no more.',
        'Use an archive node, or a later block; for proofs some have a window of their own.',
      ],
      [
        'RPC_BLOCK_NOT_FOUND',
        'The node does not have the block.',
        'Check the number, and that the node is synchronised.',
      ],
      [
        'RPC_WRONG_CHAIN',
        "The node's chain id is not that of the executor's rules.",
        'Use a node of that chain, or give the rules of this one.',
      ],
      [
        'RPC_WRONG_PROOF',
        'A value does not follow from the state root by the proof that came with it: the node lies, or is broken.',
        'Do not trust this node.',
      ],
      [
        'RPC_WITNESS_INCOMPLETE',
        'The state root takes a trie node beside a deletion that eth_getProof cannot be made to give.',
        'Use a node with debug_executionWitness.',
      ],
      [
        'RPC_FAILED',
        'The node answers with another error.',
        'See its message, and what the node logs. For a whole batch: lower `batch`.',
      ],
    ],
  },
  {
    title: 'A state on disk',
    about:
      'Of `lmdbState` and `storeState`. What the store held is still there. While a block is executed these come as the `cause` of a ' +
      'STATE_SOURCE_FAILED; the block can then be given again.',
    rows: [
      [
        'STORE_ENGINE_MISSING',
        'The package `lmdb` is not installed: it is optional.',
        '`npm install lmdb`. It brings a binary for Linux, macOS and Windows, x64 and arm64; elsewhere it is compiled.',
      ],
      [
        'STORE_LOCKED',
        'Another process, or another executor of this one, has the folder, or wrote into it since it was opened.',
        'Close it there, or use another folder. The lock of a process that is gone is taken over.',
      ],
      ['STORE_EMPTY', 'The folder holds no state yet, and none was given.', 'Give a `genesis`.'],
      [
        'STORE_OTHER_CHAIN',
        'The store began with another state, or under another chain id, than the `genesis` that was given.',
        'Use another folder, or leave `genesis` out.',
      ],
      [
        'STORE_VERSION',
        'The store was made by a version of this package whose rows mean something else.',
        'Use that version, or import the chain anew.',
      ],
      [
        'STORE_CORRUPT',
        'The file is no database, is shorter than it says, or a row is not what it must be.',
        'Put a copy in its place, or import the chain anew.',
      ],
      ['STORE_FULL', 'The disk is full, or the file may not grow.', 'Make room, and give the block again.'],
      ['STORE_FAILED', 'The storage engine failed; the message has what it says.', 'See the message.'],
      [
        'CANNOT_REVERT',
        'The store has no undo records for so many blocks, or the state is no store.',
        'Keep more with the option `undo`, or import the chain anew up to the block.',
      ],
    ],
  },
  {
    title: 'The executor, its threads and its host',
    about: 'The state is as it was before the block.',
    rows: [
      ['EXECUTOR_CLOSED', '`close` was called before or while the block was executed.', 'Create a new executor.'],
      [
        'ENGINE_UNAVAILABLE',
        'With `fallback: false`: the engine does not know the rules of the block. The message has the reason.',
        "Allow the fallback, or `engine: 'ethereumjs'`.",
      ],
      [
        'RESULT_DIFFERS',
        "The second run of `verify: 'sequential'` or `'ethereumjs'` came to another result.",
        'A defect of one of the two: report the block. `error.location` and `error.transaction` say where.',
      ],
      [
        'WORKER_FAILED',
        'A worker thread ended or threw in the middle of a block.',
        'The workers are started anew: give the block again. If it happens twice report it. Out of memory: fewer threads.',
      ],
      [
        'TRACE_ABORTED',
        'A worker stopped tracing because nobody wants the trace any more: the loop was left, or its signal aborted.',
        'Nothing: it is not told to whoever ended the tracing.',
      ],
      [
        'CALL_REFUSED',
        'A call that was to be traced is not executed: the message has the rule.',
        'Correct the call, or leave `validation` off.',
      ],
      [
        'WORKER_SETUP_FAILED',
        'The module given as `workerSetup` cannot be imported, or does not export what it should.',
        'See the message and `error.cause`.',
      ],
      ['UNSUPPORTED_HOST', 'WebAssembly threads, SIMD or SharedArrayBuffer are missing.', 'Node 20 or later.'],
      ['INVALID_MEMORY_SIZE', 'A memory of this size is not possible.', 'Give 1 MiB to 4 GiB.'],
      [
        'MEMORY_REFUSED',
        'The system does not let a shared memory of this size be reserved.',
        'Give a smaller `maxMemory`, or allow the process more address space (`ulimit -v`, `vm.overcommit_memory`). Memory that is not used is not taken.',
      ],
      [
        'UNSUPPORTED_EIP',
        'The engine `ethereumjs` was asked for an EIP that would need other locations (7864, 7928, 8037).',
        'Use a hardfork up to Osaka and its BPO forks.',
      ],
      [
        'MCL_UNUSABLE',
        'The library mcl-wasm cannot be loaded. It is not thrown at you: the engine `ethereumjs` computes on BLS12-381 with a slower library, and the process warns with PARALLEVM_SLOW_CURVES.',
        'Install the version that package.json names.',
      ],
    ],
  },
  {
    title: 'The command, block files and tests',
    about: 'Thrown by `loadCase` and `listCases` too.',
    rows: [
      [
        'BAD_USAGE',
        'The command line, or a file named on it, cannot be used.',
        'See the message, and `parallevm help COMMAND`.',
      ],
      [
        'FIXTURE_NOT_FOUND',
        'There is no such file or folder, or it cannot be read.',
        'Check the path, and PARALLEVM_FIXTURES.',
      ],
      [
        'MALFORMED_FIXTURE',
        'A field of a block file is missing or of the wrong form; the message has its place.',
        'Download the file again, or compare it with [the format](../fixtures/README.md).',
      ],
      ['NO_BLOCK_CASE', 'A JSON file of another kind.', 'Name a block file. In folders such files are passed over.'],
      [
        'WRONG_CHAIN',
        'A block of a chain file does not follow from the last one of the state.',
        'Give files of the same chain, without a gap; those that the state has already may be among them.',
      ],
      ['INVALID_WORKLOAD', 'A generated block cannot be made of these parameters.', 'See the message.'],
      ['WORKLOAD_SETUP', 'Deploying the contracts of a generated block failed.', REPORT],
      [
        'ORACLE_MISSING',
        'An oracle of the fuzzer was asked for and is not installed.',
        'Install it or name where it is: [oracles.md](oracles.md).',
      ],
      [
        'ORACLE_FAILED',
        'An oracle of the fuzzer ended, or answered what cannot be read.',
        'See the message; with `--oracle ethereumjs` it is not asked. Its version may be another one than [oracles.md](oracles.md) names.',
      ],
      [
        'UNUSABLE_TEST',
        'An official test is not of its format, of another kind, or of a fork that does not exist here.',
        'Name other files; the rest is run.',
      ],
    ],
  },
  {
    title: 'Inside',
    about: 'A caller of the public API sees these only where a part of the package has a defect.',
    rows: [
      ['ENGINE_FAILED', "An engine stopped for a reason that is none of the EVM's.", REPORT],
      ['NO_TRANSACTION', 'State was read or written while no transaction ran.', REPORT],
      ['NO_SUCH_TRANSACTION', 'A transaction was asked for that the block does not have.', REPORT],
      ['NO_CHECKPOINT', 'Commit or revert without a checkpoint.', REPORT],
      [
        'UNSUPPORTED_ACCOUNT',
        'An account was put with a code hash or storage root, which only code and storage can change.',
        REPORT,
      ],
      [
        'MALFORMED_OUTCOME',
        'An outcome in shared memory does not decode: it was overwritten, or two versions are mixed.',
        `${REPORT} Install the package anew first.`,
      ],
      ['MALFORMED_RLP', 'Bytes are not of their format. Callers make the code of what they are out of it.', REPORT],
      ['SUSPENDED', 'A transaction waits for a value. The scheduler runs it again; nobody else sees it.', REPORT],
    ],
  },
]

/** Rules that a transaction can break, as the message of INVALID_TRANSACTION names them. @type {[rule: string, meaning: string][]} */
export const RULES = [
  ['INVALID_TRANSACTION', 'One that has no name of its own; the message says what.'],
  ['MALFORMED_TRANSACTION', "It does not decode, or its signature is nobody's."],
  [
    'INTRINSIC_GAS_TOO_LOW',
    'Its gas limit is below what it costs before execution, or below the floor for its calldata (EIP-7623).',
  ],
  ['FEE_CAP_BELOW_BASE_FEE', 'It offers less than the base fee (EIP-1559).'],
  ['SENDER_HAS_CODE', 'Its sender is a contract (EIP-3607).'],
  ['INSUFFICIENT_FUNDS', 'Its sender cannot pay for gas, value and blobs.'],
  ['NONCE_MISMATCH', "Its nonce is not the account's."],
  ['BLOB_FEE_CAP_TOO_LOW', 'It offers less than the price of blob gas (EIP-4844).'],
  ['TRANSACTION_TYPE_NOT_ACTIVE', 'The hardfork does not have its type.'],
  ['TRANSACTION_GAS_LIMIT_TOO_HIGH', 'Its gas limit is above 2^24 (EIP-7825).'],
  ['INIT_CODE_TOO_LARGE', 'Its init code is too long (EIP-3860).'],
  ['SYSTEM_CALL_FAILED', 'Not of a transaction: thrown as a code of its own.'],
  ['BLOCK_HASH_MISSING', 'Not of a transaction: thrown as a code of its own.'],
  [
    'NO_ROOM_LEFT',
    'A simulated block, or one that is being built, has not as much gas, blobs or bytes left. No block is refused for it.',
  ],
  [
    'PRECOMPILE_THREW',
    'Not of a transaction: thrown as a code of its own. A call is refused for it, and a block that is built leaves the transaction out.',
  ],
]

/** Words in capitals in src/ that are no codes of errors: signals, errors of Node, warnings, the fuzzer's own. */
export const NO_CODES = [
  'POST',
  'SIGINT',
  'SIGTERM',
  'EPIPE',
  'ENOSPC',
  'ENOENT',
  'EEXIST',
  'EPERM',
  'GAS_LEFT',
  'DIFFERENCE',
  'PARALLEVM_SLOW_CURVES',
]
