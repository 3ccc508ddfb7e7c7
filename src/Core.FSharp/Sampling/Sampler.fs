namespace Functional.Core

/// A way of drawing from a distribution by chains: a state that goes on, and what each step tells of itself. All samplers have this form.
type Sampler<'State, 'Info> =
    {
        /// The state of chains that begin at these places: [chains; ...].
        Init: Tensor -> 'State
        /// One step of all chains. The key is used once.
        Step: Key -> 'State -> 'State * 'Info
        /// Where the chains are: [chains; ...].
        Position: 'State -> Tensor
    }

[<RequireQualifiedAccess>]
module Sampler =
    /// The state after `count` steps, one program whatever the count; step i draws from `foldIn i key`.
    let run (count: int) (sampler: Sampler<'State, 'Info>) (key: Key) (state: 'State) : 'State =
        Loop.iterate count (fun turn state -> fst (sampler.Step (Key.foldInTensor turn key) state)) state
