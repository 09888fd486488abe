//! The texts of a workbook, each stored once.

/// A text's place in its [`Texts`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct TextId(pub u32);

/// Texts in one buffer, by [`TextId`].
#[derive(Clone, Debug, Default)]
pub struct Texts {
    buffer: String,
    ends: Vec<u32>,
}

impl Texts {
    /// No texts.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds a text behind the others; it is not looked for among them.
    ///
    /// `None` when the buffer would grow past 4 GiB.
    pub fn push(&mut self, text: &str) -> Option<TextId> {
        let id = u32::try_from(self.ends.len()).ok()?;
        let end = u32::try_from(self.buffer.len().checked_add(text.len())?).ok()?;
        self.buffer.push_str(text);
        self.ends.push(end);
        Some(TextId(id))
    }

    /// The text of an id; empty for an id of another pool.
    pub fn get(&self, id: TextId) -> &str {
        let index = id.0 as usize;
        let Some(&end) = self.ends.get(index) else {
            return "";
        };
        let start = if index == 0 { 0 } else { self.ends[index - 1] };
        &self.buffer[start as usize..end as usize]
    }

    /// Whether the text of an id is empty; `None` for an id of another pool.
    pub fn is_blank(&self, id: TextId) -> Option<bool> {
        let index = id.0 as usize;
        let end = *self.ends.get(index)?;
        Some(match index.checked_sub(1) {
            Some(before) => self.ends[before] == end,
            None => end == 0,
        })
    }

    /// How many texts there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.ends.is_empty()
    }

    /// Bytes of all texts together.
    pub fn bytes(&self) -> usize {
        self.buffer.len()
    }
}
