#!/usr/bin/env bash
# Counts the instructions of a scan of the samples and compares them with the committed figure, which no load of the
# machine can disturb. `benches/instructions.sh --renew` writes the figure anew; see benches/README.md.
set -euo pipefail
cd "$(dirname "$0")/.."
figure=benches/instructions.txt
tolerance=15 # per cent; compilers and C libraries differ by less

command -v valgrind >/dev/null || {
  echo "SKIPPED: valgrind is not installed, instructions are not counted" >&2
  exit 0
}
cargo build --release --quiet --bin heyan
counted=$(
  valgrind --tool=callgrind --callgrind-out-file=/dev/null target/release/heyan \
    scan samples --as-of 2025-06-30 --jobs 1 --format json --exit-zero 2>&1 >/dev/null |
    sed -n 's/.*Collected *: *\([0-9][0-9]*\).*/\1/p'
) || true # whatever the scan finds, the count is what is asked
[ -n "$counted" ] || {
  echo "callgrind told no count" >&2
  exit 1
}
if [ "${1:-}" = --renew ]; then
  echo "$counted" >"$figure"
  echo "$figure: $counted"
  exit
fi
committed=$(cat "$figure")
change=$(((counted - committed) * 100 / committed))
echo "instructions: $counted, committed $committed ($change %)"
if [ "$change" -gt "$tolerance" ]; then
  echo "a scan of the samples takes $change % more instructions than committed; find out why, or renew the figure" >&2
  exit 1
fi
if [ "$change" -lt "-$tolerance" ]; then
  echo "fewer than committed: renew the figure with benches/instructions.sh --renew" >&2
fi
