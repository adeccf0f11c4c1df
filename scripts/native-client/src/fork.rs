use alloy_eips::eip7840::BlobParams;

/// Blob parameters of mainnet (EIP-7892) by timestamp, seconds.
pub fn blobs(timestamp: u64) -> Option<BlobParams> {
    match timestamp {
        0..1_710_338_135 => None,
        1_710_338_135..1_746_612_311 => Some(BlobParams::cancun()),
        1_746_612_311..1_764_798_551 => Some(BlobParams::prague()),
        1_764_798_551..1_765_290_071 => Some(BlobParams::osaka()),
        1_765_290_071..1_767_747_671 => Some(BlobParams::bpo1()),
        _ => Some(BlobParams::bpo2()),
    }
}
