//! What conditions may call besides aggregates: one file each, of plain values. `scan` lifts them to intervals and to
//! values that are not known.

mod month;
mod next_workday;
mod normalize;
mod similar;
mod strip_section;
mod text_length;
mod tier;
mod year;
mod years;

pub use month::month;
pub use next_workday::next_workday;
pub use normalize::normalize;
pub use similar::{THRESHOLD, similar, similarity};
pub use strip_section::strip_section;
pub use text_length::text_length;
pub use tier::tier;
pub use year::year;
pub use years::{years_between, years_of};
