namespace Functional.Core

open Functional.Core.Engines

/// A way of drawing from a distribution by chains: a state that goes on, and what each step tells of itself. All samplers have this form.
/// The state and what is told are trees of tensors whose shapes stay.
type Sampler<'State, 'Info> =
    {
        /// The state of chains that begin at these places: [chains; ...].
        Init: Tensor -> 'State
        /// One step of all chains. The key is used once.
        Step: Key -> 'State -> 'State * 'Info
        /// Where the chains are: [chains; ...].
        Position: 'State -> Tensor
    }

/// Where chains were seen, and how they came there.
type Draws<'State, 'Info> =
    {
        /// [draws; chains; numbers of a chain].
        Values: float[,,]
        /// The mean of what all steps told.
        Info: 'Info
        /// From where the chains can go on.
        State: 'State
    }

[<RequireQualifiedAccess>]
module Sampler =
    let private checkCount name count =
        if count < 1 then
            Errors.option name $"{count}" "1 or more" ""

    /// The state after `count` steps, and the mean of what they told; the work of one step is compiled, whatever the count. Step i draws
    /// from `foldIn i key`. No derivative passes through. Errors: option, for a count below 1.
    let run (count: int) (sampler: Sampler<'State, 'Info>) (key: Key) (state: 'State) : 'State * 'Info =
        checkCount "count" count

        let step turn state =
            sampler.Step (Key.foldInTensor turn key) state

        // Of this step nothing but the shapes of what it tells is used, so it is never computed.
        let nothing =
            Tree.map Tensor.zerosLike (snd (step (Tensor.zeros DType.Int32 []) state))

        let state, told =
            (state, nothing)
            |> Loop.iterate count (fun turn (state, told) ->
                let state, info = step turn state
                state, Tree.map2 (+) told info)

        state, Tree.map (fun total -> total / float count) told

    let private record (values: float[,,]) draw (position: Tensor) =
        let numbers = position.ToFloat64s()
        let width = Array3D.length3 values

        for i in 0 .. numbers.Length - 1 do
            values[draw, i / width, i % width] <- numbers[i]

    /// A function that sees chains `count` times, `thin` steps apart: from a key and the state to begin with. Each stretch of steps is a
    /// run of one program, which is compiled at the first; draw i takes its keys from `foldIn i key`. Chains that have not yet reached their
    /// distribution are let go on by `run` or by a call whose values are not used. Errors: option, for numbers below 1.
    let drawsOn (engine: Engine) (count: int) (thin: int) (sampler: Sampler<'State, 'Info>) : Key -> 'State -> Draws<'State, 'Info> =
        checkCount "count" count
        checkCount "thin" thin

        let advance =
            compileOn engine (fun (key, state) ->
                let state, info = run thin sampler key state
                (state, info), sampler.Position state)

        fun key state ->
            let (state, told), position = advance (Key.foldIn 0 key, state)
            let chains = position.Shape[0]
            let values = Array3D.zeroCreate count chains (position.Count / max 1 chains)
            record values 0 position

            let next (state, told) draw =
                let (state, info), position = advance (Key.foldIn draw key, state)
                record values draw position
                state, Tree.map2 (+) told info

            let state, told = Seq.fold next (state, told) (seq { 1 .. count - 1 })

            {
                Values = values
                Info = Tree.map (fun total -> total / float count) told
                State = state
            }

    /// `drawsOn` the default engine.
    let draws (count: int) (thin: int) (sampler: Sampler<'State, 'Info>) : Key -> 'State -> Draws<'State, 'Info> =
        drawsOn Engines.defaultEngine.Value count thin sampler
