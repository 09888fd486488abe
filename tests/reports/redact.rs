//! `--redact`: what was masked is in no format, and the same person has the same mark.

use heyan::lang::Lang;
use heyan::report::{Format, redact};

use crate::{bytes, example};

#[test]
fn what_was_masked_is_in_no_format() {
    let mut report = example::report(Lang::Zh);
    let finding = &mut report.findings[2];
    finding.message = "台账显示乙方张小三（13812345678）2024-03-01开工，需核实".into();
    finding.evidence[2].field = "乙方".into();
    finding.evidence[2].raw = "张小三".into();
    finding.evidence[2].value = Some("张小三".into());
    finding.context[0].cells[3].raw = "张小三 13812345678".into();
    finding.records[0].key = "A1|张小三|2024-03-10".into();
    report.records[0].keys = vec!["A1".into(), "村道硬化工程|张小三|2024-03-10".into()];
    redact(&mut report, &[]);
    for format in Format::ALL {
        let bytes = bytes(&report, format);
        for hidden in ["张小三", "13812345678"] {
            // The parts of a workbook are packed: they are read one by one.
            let found = if format == Format::Xlsx {
                crate::xlsx::parts(&bytes)
                    .iter()
                    .any(|part| part.contains(hidden))
            } else {
                String::from_utf8_lossy(&bytes).contains(hidden)
            };
            assert!(!found, "{hidden} in {}", format.id());
        }
    }
    let finding = &report.findings[2];
    assert_eq!(
        finding.message,
        "台账显示乙方〔姓名1〕（〔电话1〕）2024-03-01开工，需核实"
    );
    assert_eq!(finding.records[0].key, "A1|〔姓名1〕|2024-03-10");
    assert_eq!(
        report.records[0].keys[1],
        "村道硬化工程|〔姓名1〕|2024-03-10"
    );
}
