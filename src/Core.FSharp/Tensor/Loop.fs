namespace Functional.Core

/// Repetition inside one program.
[<RequireQualifiedAccess>]
module Loop =
    /// The state after `count` turns of `body`, which is given the number of the turn (int32 scalar, 0 ..) and the state before it.
    let iterate (count: int) (body: Tensor -> 'S -> 'S) (initial: 'S) : 'S =
        (initial, [ 0 .. count - 1 ])
        ||> List.fold (fun state turn -> body (Tensor.ofInt32s [] [| turn |]) state)
