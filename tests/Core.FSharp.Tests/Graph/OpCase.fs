namespace Functional.Core.Tests

open System
open Functional.Core

/// Where the elements of an operand are drawn from, so that an operation is smooth around them.
type Domain =
    | Between of low: float * high: float
    /// Either sign, away from 0.
    | Signed of low: float * high: float
    /// offset + k·step for whole k from −6 to 6.
    | Grid of step: float * offset: float
    /// No two elements closer than this.
    | Apart of gap: float
    /// int32 from 0 to rows − 1, whatever the type of the other operands.
    | Index of rows: int
    /// int32 of 32 random bits: a key.
    | Words

/// One row of the table: an operation, operands to try it on, and what is known about it.
type OpCase =
    {
        /// The operation's name, then ": variant" when it has several rows.
        Name: string
        Domains: Domain list
        /// The operands' shapes, a list for each trial.
        Shapes: int list list list
        Run: DType -> Tensor list -> Tensor
        /// Whether finite differences show its derivative.
        IsSmooth: bool
        /// Whether int32 operands are taken too.
        TakesIntegers: bool
        /// For float32 results, relative to 1 + |result|.
        Tolerance: float
    }

[<RequireQualifiedAccess>]
module OpCase =
    /// The operation that the row is about.
    let operation (case: OpCase) = case.Name.Split(':')[0]

    let dtypes (case: OpCase) =
        [
            Float64
            Float32
            if case.TakesIntegers then
                Int32
        ]

    /// The element types of the operands when the case runs in `dtype`.
    let types (case: OpCase) dtype (shapes: int list list) =
        List.map2
            (fun domain shape ->
                match domain with
                | Index _
                | Words -> Int32, List.toArray shape
                | Between _
                | Signed _
                | Grid _
                | Apart _ -> dtype, List.toArray shape)
            case.Domains
            shapes

    let private shuffle (random: Random) count =
        let order = Array.init count id
        random.Shuffle order
        order

    let private between (random: Random) low high =
        low + (high - low) * random.NextDouble()

    /// `count` elements that float32 holds exactly, so that every element type sees the same numbers.
    let private floats (random: Random) domain count =
        match domain with
        | Between(low, high) -> Array.init count (fun _ -> between random low high)
        | Signed(low, high) -> Array.init count (fun _ -> float (random.Next 2 * 2 - 1) * between random low high)
        | Grid(step, offset) -> Array.init count (fun _ -> offset + step * float (random.Next(-6, 7)))
        | Apart gap -> shuffle random count |> Array.map (fun k -> gap * (float k - float count / 2.0))
        | Index rows -> Array.init count (fun _ -> float (random.Next rows))
        | Words -> Array.init count (fun _ -> float (random.Next(Int32.MinValue, Int32.MaxValue)))

    let private integers (random: Random) domain count =
        match domain with
        | Between(low, high) -> Array.init count (fun _ -> float (random.Next(int (ceil low), int (floor high) + 1)))
        | Apart _ -> shuffle random count |> Array.map float
        | Signed _
        | Grid _
        | Index _
        | Words -> floats random domain count |> Array.map ceil

    /// Operands for one trial; the same on every run.
    let operands (case: OpCase) dtype (shapes: int list list) : Storage list =
        let random = Random(case.Name.Length * 1000 + shapes.Length)

        List.map2
            (fun domain (kind, shape) ->
                let draw = if kind = Int32 && dtype = Int32 then integers else floats
                Storage.ofValues kind (draw random domain (Shape.count shape) |> Array.map (float32 >> float)))
            case.Domains
            (types case dtype shapes)
