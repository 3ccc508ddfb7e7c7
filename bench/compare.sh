#!/usr/bin/env bash
# Times our training steps and a peer's in turn, and prints the ratio of medians for each workload.
# usage: compare.sh PEER_COMMAND [rounds] [workload ...]     the peer prints the same JSON lines as Steps.Bench
set -euo pipefail
here="$(cd "$(dirname "$0")" && pwd)"
peer="$1"
rounds="${2:-3}"
shift $(($# < 2 ? $# : 2))
workloads=("$@")
[ ${#workloads[@]} -gt 0 ] || workloads=(vae-dense mlp)

dotnet build -c Release "$here/Steps.Bench" -v quiet -nologo >&2
ours="$here/Steps.Bench/bin/Release/net10.0/Steps.Bench"
median() { sort -g | awk '{ v[NR] = $1 } END { print v[int((NR + 1) / 2)] }'; }
field() { sed -E 's/.*"median_ms": ([0-9.]+).*/\1/'; }

for workload in "${workloads[@]}"; do
    mine=""
    theirs=""
    for _ in $(seq "$rounds"); do
        mine+="$("$ours" "$workload" | field)"$'\n'
        theirs+="$("$peer" "$workload" | field)"$'\n'
    done
    a="$(printf '%s' "$mine" | median)"
    b="$(printf '%s' "$theirs" | median)"
    awk -v w="$workload" -v a="$a" -v b="$b" 'BEGIN { printf "%-12s ours %8.3f ms   peer %8.3f ms   ratio %.2f\n", w, a, b, a / b }'
done
