//! Text that may end up in the log of a CI run, where a line that begins with `::` or holds `##[` is a command.

use std::io::{self, Write};

/// Passes whole lines on, with such commands broken by full-width characters, which can be seen.
pub(in crate::report) struct Logged<'a> {
    out: &'a mut dyn Write,
    line: Vec<u8>,
}

impl<'a> Logged<'a> {
    /// Around a writer; flushed at the end.
    pub(in crate::report) fn new(out: &'a mut dyn Write) -> Self {
        Self {
            out,
            line: Vec::with_capacity(256),
        }
    }

    fn pass_on(&mut self) -> io::Result<()> {
        let line = String::from_utf8_lossy(&self.line);
        let commands = line.trim_start().starts_with("::") || line.contains("##[");
        if commands {
            let mut line = line.replace("##[", "##［");
            if line.trim_start().starts_with("::") {
                line = line.replacen("::", "：：", 1);
            }
            self.out.write_all(line.as_bytes())?;
        } else {
            self.out.write_all(&self.line)?;
        }
        self.line.clear();
        Ok(())
    }
}

impl Write for Logged<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for part in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(part);
            if part.ends_with(b"\n") {
                self.pass_on()?;
            }
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        if !self.line.is_empty() {
            self.pass_on()?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::Logged;

    #[test]
    fn no_line_is_a_command() {
        let mut bytes = Vec::new();
        let mut out = Logged::new(&mut bytes);
        writeln!(out, "甲::乙").expect("memory");
        writeln!(out, "    ::error::x ::y").expect("memory");
        write!(out, "##[error]z").expect("memory");
        out.flush().expect("memory");
        assert_eq!(
            String::from_utf8(bytes).expect("UTF-8"),
            "甲::乙\n    ：：error::x ::y\n##［error]z"
        );
    }
}
