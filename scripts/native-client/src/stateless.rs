//! A block from its bytes and its witness, on one thread: decoded, signers recovered, executed, receipts and roots compared
//! with the header.
use crate::{
    clock::Stages,
    fork,
    trie::{Nodes, Trie},
};
use alloy_consensus::{
    Block, Header, TxEnvelope, TxReceipt, constants::KECCAK_EMPTY, proofs::calculate_receipt_root,
    transaction::SignerRecoverable,
};
use alloy_evm::{
    EthEvmFactory, EvmEnv, EvmFactory,
    block::{BlockExecutor, BlockExecutorFactory},
    eth::{
        EthBlockExecutionCtx, EthBlockExecutorFactory, receipt_builder::AlloyReceiptBuilder,
        spec::EthSpec,
    },
};
use alloy_primitives::{
    Address, B256, Bloom, Bytes, U256, keccak256,
    map::{AddressMap, B256Map, HashMap},
};
use alloy_rlp::{Decodable, Encodable};
use alloy_trie::{EMPTY_ROOT_HASH, TrieAccount};
use revm::{
    Database,
    bytecode::Bytecode,
    database::{State, states::bundle_state::BundleRetention},
    state::AccountInfo,
};
use serde::Deserialize;
use std::{cell::RefCell, convert::Infallible, rc::Rc};

#[derive(Deserialize)]
pub struct File {
    pub number: u64,
    pub block: Bytes,
    headers: Vec<Bytes>,
    codes: Vec<Bytes>,
    state: Vec<Bytes>,
    #[serde(rename = "preStateRoot")]
    root: B256,
}

/// A witness that is read: not timed.
pub struct Witness {
    nodes: Nodes,
    codes: B256Map<Bytes>,
    ancestors: HashMap<u64, B256>,
}

impl Witness {
    pub fn of(file: &File) -> Self {
        let hashed = |list: &[Bytes]| {
            list.iter()
                .map(|bytes| (keccak256(bytes), bytes.clone()))
                .collect()
        };
        let ancestors = file.headers.iter().map(|rlp| {
            let header = Header::decode(&mut &rlp[..]).expect("an ancestor");
            (header.number, keccak256(rlp))
        });
        Self {
            nodes: hashed(&file.state),
            codes: hashed(&file.codes),
            ancestors: ancestors.collect(),
        }
    }
}

struct Tries<'a> {
    witness: &'a Witness,
    accounts: Trie,
    storages: AddressMap<Trie>,
    hashes: AddressMap<B256>,
}

impl std::fmt::Debug for View<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("tries of a witness")
    }
}

#[derive(Clone)]
struct View<'a>(Rc<RefCell<Tries<'a>>>);

impl Database for View<'_> {
    type Error = Infallible;

    fn basic(&mut self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        let tries = &mut *self.0.borrow_mut();
        let hash = keccak256(address);
        tries.hashes.insert(address, hash);
        let Some(bytes) = tries.accounts.get(hash, &tries.witness.nodes) else {
            return Ok(None);
        };
        let account = TrieAccount::decode(&mut &bytes[..]).expect("an account");
        tries
            .storages
            .insert(address, Trie::new(account.storage_root));
        Ok(Some(AccountInfo {
            balance: account.balance,
            nonce: account.nonce,
            code_hash: account.code_hash,
            code: None,
            ..Default::default()
        }))
    }

    fn code_by_hash(&mut self, hash: B256) -> Result<Bytecode, Infallible> {
        let tries = self.0.borrow();
        let code = tries
            .witness
            .codes
            .get(&hash)
            .unwrap_or_else(|| panic!("the witness lacks code {hash}"));
        Ok(Bytecode::new_raw(code.clone()))
    }

    fn storage(&mut self, address: Address, index: U256) -> Result<U256, Infallible> {
        let tries = &mut *self.0.borrow_mut();
        let Some(storage) = tries.storages.get_mut(&address) else {
            return Ok(U256::ZERO);
        };
        let key = keccak256(B256::from(index));
        Ok(storage
            .get(key, &tries.witness.nodes)
            .map_or(U256::ZERO, |mut bytes| {
                U256::decode(&mut bytes).expect("a value")
            }))
    }

    fn block_hash(&mut self, number: u64) -> Result<B256, Infallible> {
        Ok(self
            .0
            .borrow()
            .witness
            .ancestors
            .get(&number)
            .copied()
            .unwrap_or_default())
    }
}

pub fn run(file: &File, witness: &Witness, stages: &mut Stages) {
    let block = Block::<TxEnvelope>::decode(&mut &file.block[..]).expect("a block");
    stages.end("decode");
    let signers: Vec<Address> = block
        .body
        .transactions
        .iter()
        .map(|tx| tx.recover_signer().expect("a signer"))
        .collect();
    stages.end("signers");
    let tries = Tries {
        witness,
        accounts: Trie::new(file.root),
        storages: Default::default(),
        hashes: Default::default(),
    };
    let view = View(Rc::new(RefCell::new(tries)));
    let mut state = State::builder()
        .with_database(view.clone())
        .with_bundle_update()
        .build();
    let header = &block.header;
    let factory = EthBlockExecutorFactory::new(
        AlloyReceiptBuilder::default(),
        EthSpec::mainnet(),
        EthEvmFactory::default(),
    );
    let env = EvmEnv::for_eth_block(header, factory.spec(), 1, fork::blobs(header.timestamp));
    let context = EthBlockExecutionCtx {
        parent_hash: header.parent_hash,
        parent_beacon_block_root: header.parent_beacon_block_root,
        ommers: &block.body.ommers,
        withdrawals: block
            .body
            .withdrawals
            .as_ref()
            .map(|list| std::borrow::Cow::Borrowed(&list.0[..])),
        extra_data: header.extra_data.clone(),
        tx_count_hint: Some(signers.len()),
        slot_number: None,
    };
    let evm = EthEvmFactory::default().create_evm(&mut state, env);
    let mut executor = factory.create_executor(evm, context);
    executor
        .apply_pre_execution_changes()
        .expect("the work before");
    for (tx, signer) in block.body.transactions.iter().zip(&signers) {
        let recovered = alloy_consensus::transaction::Recovered::new_unchecked(tx, *signer);
        executor
            .execute_transaction(recovered)
            .expect("a valid transaction");
    }
    let (_, result) = executor.finish().expect("the work after");
    state.merge_transitions(BundleRetention::PlainState);
    stages.end("execution");
    assert_eq!(
        result.gas_used, header.gas_used,
        "gas of block {}",
        file.number
    );
    let bloom = result
        .receipts
        .iter()
        .fold(Bloom::ZERO, |bloom, receipt| bloom | receipt.bloom());
    assert_eq!(bloom, header.logs_bloom);
    assert_eq!(
        calculate_receipt_root(&result.receipts),
        header.receipts_root
    );
    if let Some(hash) = header.requests_hash {
        assert_eq!(result.requests.requests_hash(), hash);
    }
    stages.end("receipts");
    let bundle = state.take_bundle();
    drop(state);
    assert_eq!(
        root_after(view, bundle),
        header.state_root,
        "state root of block {}",
        file.number
    );
    stages.end("root");
}

fn root_after(view: View<'_>, bundle: revm::database::BundleState) -> B256 {
    let tries = &mut *view.0.borrow_mut();
    let nodes = &tries.witness.nodes;
    let mut removed = Vec::new();
    for (address, account) in bundle.state {
        let hash = *tries
            .hashes
            .entry(address)
            .or_insert_with(|| keccak256(address));
        let Some(info) = account
            .info
            .filter(|info| !(info.is_empty() && info.code_hash == KECCAK_EMPTY))
        else {
            removed.push(hash);
            continue;
        };
        let storage = tries
            .storages
            .entry(address)
            .or_insert_with(|| Trie::new(EMPTY_ROOT_HASH));
        if account.status.was_destroyed() {
            *storage = Trie::new(EMPTY_ROOT_HASH);
        }
        let mut zeroes = Vec::new();
        for (slot, value) in account.storage {
            let key = keccak256(B256::from(slot));
            let value = value.present_value;
            if value.is_zero() {
                zeroes.push(key);
            } else {
                storage.insert(key, alloy_rlp::encode(value), nodes);
            }
        }
        for key in zeroes {
            storage.remove(key, nodes);
        }
        let account = TrieAccount {
            nonce: info.nonce,
            balance: info.balance,
            storage_root: storage.root(),
            code_hash: info.code_hash,
        };
        let mut rlp = Vec::with_capacity(account.length());
        account.encode(&mut rlp);
        tries.accounts.insert(hash, rlp, nodes);
    }
    for hash in removed {
        tries.accounts.remove(hash, nodes);
    }
    tries.accounts.root()
}
