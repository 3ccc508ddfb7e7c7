namespace Functional.Workloads

open Functional.Core

/// Whether two programs do the same work, by what a few steps from the same fixed numbers come to.
[<RequireQualifiedAccess>]
module Agreement =
    /// How far a loss may be from the other, relative to it. The first is one pass in float32. Then Adam and RMSProp divide each gradient by
    /// its own size, so that one that is 0 but for rounding moves its parameter as far as any other: at 128 and 512 bits our own third losses
    /// of vae-conv differ by 8e-4.
    let private lossBounds = [ 1e-5; 1e-4; 5e-3 ]

    let private movementBound = 1e-3

    let private isNear bound (ours: float) (peers: float) = abs (ours - peers) <= bound * abs ours

    let private refuse (name: string) found expected : 'a =
        Errors.state name $"{found} in the peer" $"{expected} as in ours" "times of different work can not be compared"

    /// Errors: state, naming the workload and the first two numbers that differ.
    let check (name: string) (ours: Trial) (peers: Trial) : unit =
        if ours.Parameters <> peers.Parameters then
            refuse name $"{peers.Parameters} parameters" $"{ours.Parameters}"

        if ours.Losses.Length <> peers.Losses.Length then
            refuse name $"{peers.Losses.Length} losses" $"{ours.Losses.Length}"

        for step, bound, (our, peer) in List.zip3 [ 1 .. ours.Losses.Length ] lossBounds (List.zip ours.Losses peers.Losses) do
            if not (isNear bound our peer) then
                refuse name $"a loss of {peer:G8} at step {step}" $"{our:G8}"

        if not (isNear movementBound ours.Movement peers.Movement) then
            refuse name $"parameters that moved by {peers.Movement:G8}" $"{ours.Movement:G8}"
