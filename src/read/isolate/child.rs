//! The other end: the process that reads one file and ends.

use std::io::{BufReader, BufWriter, Read, Write};
use std::thread;

use super::wire::{self, Garbled, Request};
use crate::discover::Reason;
use crate::read::{self, Workbook};

/// Stack of the thread that waits for the end of the parent.
const SMALL_STACK: usize = 64 << 10;

/// Reads one file as a process of its own: the request comes in here, the result goes out there. The memory of the process
/// is limited first, which cannot be undone: a program that calls this must have nothing else to do.
///
/// `gone` is called when the input ends after the request, as it does when the parent dies; it should end the process.
/// False where the request could not be understood.
pub fn serve(
    input: impl Read + Send + 'static,
    output: impl Write,
    gone: impl FnOnce() + Send + 'static,
) -> bool {
    let mut input = BufReader::new(input);
    let Ok(request) = wire::receive_request(&mut input) else {
        return false;
    };
    limit(request.limits().memory_bytes);
    let Ok(bytes) = content(&mut input, &request) else {
        return false;
    };
    let watch = thread::Builder::new()
        .stack_size(SMALL_STACK)
        .spawn(move || {
            // The parent sends nothing more; what comes is the end.
            let _ = std::io::copy(&mut input, &mut std::io::sink());
            gone();
        });
    if watch.is_err() {
        return false;
    }
    let result = read_file(&bytes, &request);
    drop(bytes);
    wire::tell(&mut BufWriter::new(output), &result).is_ok()
}

fn content(input: &mut impl Read, request: &Request) -> Result<Vec<u8>, Garbled> {
    let len = usize::try_from(request.bytes).map_err(|_| Garbled)?;
    let mut bytes = Vec::with_capacity(len);
    input.take(request.bytes).read_to_end(&mut bytes)?;
    if bytes.len() == len {
        Ok(bytes)
    } else {
        Err(Garbled)
    }
}

fn read_file(bytes: &[u8], request: &Request) -> Result<Workbook, Reason> {
    let format = request.format().ok_or_else(Reason::crashed)?;
    read::guard::guarded(|| read::by_calamine(bytes, format, &request.limits()))
}

/// Limits the memory of the process, and has it leave no core behind when it fails.
#[cfg(unix)]
fn limit(bytes: u64) {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let limit = |most: u64| Rlimit {
        current: Some(most),
        maximum: Some(most),
    };
    // Where the system does not know these limits, the others hold.
    let _ = setrlimit(Resource::As, limit(bytes));
    let _ = setrlimit(Resource::Core, limit(0));
}

#[cfg(not(unix))]
fn limit(_: u64) {}
