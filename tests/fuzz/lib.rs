//! What the targets share.

use policy::{PairId, SessionId};
use seal::handshake::{Attempts, Context, Established, Sharer, StaticKey};
use seal::{End, Limits};
use wire::Code;
use zstd_safe::{CCtx, CParameter, InBuffer, OutBuffer, zstd_sys::ZSTD_EndDirective};

/// Width and height of the pictures.
pub const SIDE: u16 = 64;

/// What both ends know of their session.
pub fn context() -> Context {
    Context {
        session: SessionId([3; 16]),
        tenant: "contoso".into(),
    }
}

/// The code that both ends have.
pub fn code() -> Code {
    Code::parse("04718362").expect("8 digits")
}

/// The same bytes in every run.
pub fn entropy() -> impl FnMut(&mut [u8]) {
    let mut next = 0_u8;
    move |bytes: &mut [u8]| {
        bytes.fill_with(|| {
            next = next.wrapping_mul(5).wrapping_add(113);
            next
        })
    }
}

/// Both ends of a handshake: helper, sharer.
pub fn ends() -> (End, End) {
    let end = |established: &Established| End::new(established, PairId::FIRST, Limits::default());
    let (key, mut entropy) = (StaticKey::new([1; 32]), entropy());
    let (sharer, first) = Sharer::new(context(), &code(), key.clone(), &mut entropy);
    let mut attempts = Attempts::new(code());
    let answered = attempts.answer(context(), &first, &key, &mut entropy);
    let (helper, second) = answered.expect("the same code");
    let (sharer, third) = sharer.read_second(&second, b"").expect("the same code");
    let (helper, fourth) = helper.read_third(&third).and_then(|third| third.answer(b"")).expect("the same code");
    let sharer = sharer.read_fourth(&fourth).expect("the same code");
    (end(&helper), end(&sharer))
}

/// A pair as a list.
pub fn both((helper, sharer): (End, End)) -> [End; 2] {
    [helper, sharer]
}

/// A picture slice with RESET and LAST that holds these operations.
pub fn slice(operations: &[u8]) -> Vec<u8> {
    let mut out = vec![1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
    let length = u32::try_from(operations.len()).unwrap_or(u32::MAX);
    out.extend(length.to_le_bytes());
    out.push(3);
    out.extend(SIDE.to_le_bytes());
    out.extend(SIDE.to_le_bytes());
    out.push(WINDOW_LOG);
    if !operations.is_empty() {
        out.extend(pack(operations));
    }
    out
}

fn pack(operations: &[u8]) -> Vec<u8> {
    let mut context = CCtx::create();
    for parameter in [
        CParameter::CompressionLevel(1),
        CParameter::WindowLog(WINDOW_LOG.into()),
        CParameter::ContentSizeFlag(false),
        CParameter::ChecksumFlag(false),
    ] {
        context
            .set_parameter(parameter)
            .expect("a parameter of zstd");
    }
    let mut packed = Vec::with_capacity(zstd_safe::compress_bound(operations.len()) + 64);
    let mut input = InBuffer::around(operations);
    let mut output = OutBuffer::around(&mut packed);
    let flush = ZSTD_EndDirective::ZSTD_e_flush;
    while context
        .compress_stream2(&mut output, &mut input, flush)
        .expect("the buffer has room")
        > 0
    {}
    drop(output);
    packed
}

const WINDOW_LOG: u8 = 20;
