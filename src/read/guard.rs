//! Keeps a panic inside a reader from ending the scan, and its text from the screen.

use std::cell::Cell;
use std::panic::{self, AssertUnwindSafe};
use std::sync::Once;

use crate::discover::Reason;

thread_local! {
    static GUARDED: Cell<bool> = const { Cell::new(false) };
}

/// Runs a reader; a panic in it becomes a reason.
///
/// The message of a panic can hold a cell's content, so it is not shown; panics elsewhere are shown as ever.
pub(super) fn guarded<T>(reader: impl FnOnce() -> Result<T, Reason>) -> Result<T, Reason> {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let shown = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !GUARDED.get() {
                shown(info);
            }
        }));
    });
    let outer = GUARDED.replace(true);
    let result = panic::catch_unwind(AssertUnwindSafe(reader));
    GUARDED.set(outer);
    result.unwrap_or_else(|_| Err(Reason::crashed()))
}

#[cfg(test)]
mod tests {
    use super::guarded;
    use crate::discover::ReasonKind;

    #[test]
    fn a_panic_is_a_reason() {
        let list: Vec<u8> = Vec::new();
        let index = list.len() + 1;
        let result = guarded(|| Ok(list[index]));
        assert_eq!(result.unwrap_err().kind, ReasonKind::Crashed);
        assert_eq!(guarded(|| Ok(1)).unwrap(), 1);
    }
}
