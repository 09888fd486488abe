//! TOML files as their authors wrote them: strict access with places, and slips of TOML explained.

mod reader;
mod slips;
mod text;

pub(crate) use reader::{Document, Table, Value};
pub(crate) use text::Text;
