//! The language of conditions: text → tokens → syntax → checked [`Node`]s.

mod check;
mod glue;
mod lexer;
mod node;
mod parser;
mod print;
mod signatures;
pub(crate) mod syntax;
mod template;
mod token;
mod types;

pub use node::{
    Aggregate, Arithmetic, Base, Comparison, FieldPath, Function, NO_CHOICE, Node, Op, Rows, Span,
    TextTest,
};
pub use signatures::{Signature, signatures};
pub use types::Type;

pub(crate) use check::{About, Names, Place, check_condition, check_value};
#[cfg(test)]
pub(crate) use parser::parse;
pub(crate) use parser::recover;
pub(crate) use template::{RawPart, split};
