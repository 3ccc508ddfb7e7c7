namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// The gated recurrent unit against its formulas, number by number.
type RecurrentTests() =
    static let inputs, units, steps = 2, 3, 4

    static let gru =
        let made = Gru.create (Key.ofSeed 1L) inputs units |> Tree.map (Tensor.cast Float64)

        { made with
            Bias = Sample.normal (Key.ofSeed 2L) Float64 [ 3 * units ]
        }

    static let sequence = Sample.normal (Key.ofSeed 3L) Float64 [ 5; steps; inputs ]

    /// One step of one row by the formulas.
    static let stepBy (x: float[]) (h: float[]) =
        let w, u, b = gru.Input.ToFloat64s(), gru.State.ToFloat64s(), gru.Bias.ToFloat64s()

        let product (weights: float[]) (v: float[]) column =
            v
            |> Array.mapi (fun i value -> value * weights[i * 3 * units + column])
            |> Array.sum

        let sigmoid x = 1.0 / (1.0 + exp -x)

        Array.init units (fun j ->
            let gate i =
                sigmoid (product w x (i * units + j) + product u h (i * units + j) + b[i * units + j])

            let at = 2 * units + j
            let candidate = tanh (product w x at + gate 0 * product u h at + b[at])
            gate 1 * h[j] + (1.0 - gate 1) * candidate)

    static let states (rows: float[] list) =
        List.scan (fun h x -> stepBy x h) (Array.zeroCreate units) rows |> List.tail

    [<Fact>]
    member _.``the state after a sequence is what the formulas give``() =
        let expected =
            sequence.ToFloat64s()
            |> Array.chunkBySize (steps * inputs)
            |> Array.collect (fun row -> row |> Array.chunkBySize inputs |> List.ofArray |> states |> List.last)

        Close.check "state" 1e-12 expected ((Gru.read gru sequence).ToFloat64s())

    [<Fact>]
    member _.``the same input at every step gives the states of a sequence of it``() =
        let x = Tensor.at 1 0 sequence
        let written = Gru.write gru steps x
        Assert.Equal<int[]>([| 5; steps; units |], written.Shape)

        let expected =
            x.ToFloat64s()
            |> Array.chunkBySize inputs
            |> Array.collect (fun row -> states (List.replicate steps row) |> Array.concat)

        Close.check "states" 1e-12 expected (written.ToFloat64s())

    [<Fact>]
    member _.``gradients through time are what finite differences show``() =
        let loss (gru: Gru) =
            Tensor.sum (Tensor.square (Gru.read gru sequence))
            + Tensor.sum (Tensor.square (Gru.write gru steps (Tensor.at 1 1 sequence)))

        Slope.check 1e-7 loss gru
