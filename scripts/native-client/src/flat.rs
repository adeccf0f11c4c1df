//! Execution alone: a block with known senders on accounts in hash maps.
use crate::{clock::Stages, fork};
use alloy_consensus::TxEnvelope;
use alloy_evm::{
    EthEvmFactory, EvmEnv, EvmFactory,
    block::{BlockExecutor, BlockExecutorFactory},
    eth::{
        EthBlockExecutionCtx, EthBlockExecutorFactory, receipt_builder::AlloyReceiptBuilder,
        spec::EthSpec,
    },
};
use alloy_primitives::{
    Address, B256, Bytes, U64, U256,
    map::{AddressMap, B256Map, HashMap},
};
use revm::{DatabaseRef, bytecode::Bytecode, database::State, state::AccountInfo};
use serde::{Deserialize, de::DeserializeOwned};
use std::{convert::Infallible, fs::File, io::Read, path::Path};

type RpcBlock = alloy_rpc_types_eth::Block;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct FlatAccount {
    balance: U256,
    #[serde(default)]
    nonce: U64,
    code_hash: Option<B256>,
    #[serde(default)]
    storage: HashMap<U256, U256>,
}

#[derive(Debug, Default)]
struct Accounts {
    infos: AddressMap<AccountInfo>,
    storages: AddressMap<HashMap<U256, U256>>,
    codes: B256Map<Bytecode>,
    hashes: HashMap<u64, B256>,
}

impl DatabaseRef for Accounts {
    type Error = Infallible;

    fn basic_ref(&self, address: Address) -> Result<Option<AccountInfo>, Infallible> {
        Ok(self.infos.get(&address).cloned())
    }

    fn code_by_hash_ref(&self, hash: B256) -> Result<Bytecode, Infallible> {
        Ok(self.codes.get(&hash).cloned().unwrap_or_default())
    }

    fn storage_ref(&self, address: Address, index: U256) -> Result<U256, Infallible> {
        Ok(self
            .storages
            .get(&address)
            .and_then(|slots| slots.get(&index))
            .copied()
            .unwrap_or_default())
    }

    fn block_hash_ref(&self, number: u64) -> Result<B256, Infallible> {
        Ok(self.hashes.get(&number).copied().unwrap_or_default())
    }
}

pub struct Case {
    pub number: u64,
    block: RpcBlock,
    accounts: Accounts,
}

fn json<T: DeserializeOwned>(path: &Path) -> T {
    let mut text = String::new();
    let mut file = File::open(path).expect("a file");
    if path.extension().is_some_and(|end| end == "gz") {
        flate2::read::GzDecoder::new(file)
            .read_to_string(&mut text)
            .expect("gzip");
    } else {
        file.read_to_string(&mut text).expect("text");
    }
    serde_json::from_str(&text).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

pub fn cases(folder: &Path) -> Vec<Case> {
    let codes: B256Map<Bytes> = json(&folder.join("bytecodes.json.gz"));
    let hashes: HashMap<String, B256> = json(&folder.join("block_hashes.json"));
    let mut numbers: Vec<u64> = std::fs::read_dir(folder)
        .expect("the folder")
        .filter_map(|entry| entry.unwrap().file_name().to_str()?.parse().ok())
        .collect();
    numbers.sort();
    numbers
        .into_iter()
        .map(|number| {
            let at = folder.join(number.to_string());
            let mut accounts = Accounts {
                hashes: hashes
                    .iter()
                    .map(|(number, hash)| (number.parse().expect("a number"), *hash))
                    .collect(),
                ..Default::default()
            };
            for (address, account) in
                json::<HashMap<Address, FlatAccount>>(&at.join("prestate.json"))
            {
                let mut info = AccountInfo {
                    balance: account.balance,
                    nonce: account.nonce.to(),
                    code: None,
                    ..Default::default()
                };
                if let Some(hash) = account.code_hash {
                    info.code_hash = hash;
                    if let Some(code) = codes.get(&hash) {
                        accounts
                            .codes
                            .entry(hash)
                            .or_insert_with(|| Bytecode::new_raw(code.clone()));
                    }
                }
                accounts.infos.insert(address, info);
                accounts.storages.insert(address, account.storage);
            }
            Case {
                number,
                block: json(&at.join("block.json")),
                accounts,
            }
        })
        .collect()
}

pub fn run(case: &Case, stages: &mut Stages) {
    let header = &case.block.header.inner;
    let mut state = State::builder().with_database_ref(&case.accounts).build();
    let factory = EthBlockExecutorFactory::new(
        AlloyReceiptBuilder::default(),
        EthSpec::mainnet(),
        EthEvmFactory::default(),
    );
    let env = EvmEnv::for_eth_block(header, factory.spec(), 1, fork::blobs(header.timestamp));
    let withdrawals = case
        .block
        .withdrawals
        .as_ref()
        .map(|list| std::borrow::Cow::Borrowed(&list.0[..]));
    let context = EthBlockExecutionCtx {
        parent_hash: header.parent_hash,
        parent_beacon_block_root: header.parent_beacon_block_root,
        ommers: &[],
        withdrawals,
        extra_data: header.extra_data.clone(),
        tx_count_hint: None,
        slot_number: None,
    };
    let evm = EthEvmFactory::default().create_evm(&mut state, env);
    let mut executor = factory.create_executor(evm, context);
    executor
        .apply_pre_execution_changes()
        .expect("the work before");
    for tx in case
        .block
        .transactions
        .as_transactions()
        .unwrap_or_default()
    {
        let recovered = alloy_consensus::transaction::Recovered::<&TxEnvelope>::new_unchecked(
            tx.inner.inner(),
            tx.inner.signer(),
        );
        executor
            .execute_transaction(recovered)
            .expect("a valid transaction");
    }
    let (_, result) = executor.finish().expect("the work after");
    stages.end("execution");
    assert_eq!(
        result.gas_used, header.gas_used,
        "gas of block {}",
        case.number
    );
}
