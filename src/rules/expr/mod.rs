//! The language of conditions: text → tokens → syntax → checked [`Node`]s.

mod node;
mod types;

pub use node::{
    Aggregate, Arithmetic, Base, Comparison, FieldPath, Function, Node, Op, Rows, Span, TextTest,
};
pub use types::Type;
