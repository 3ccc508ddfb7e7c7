namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// The pseudo-likelihood against the energies of all states.
type PseudoLikelihoodTests() =
    static let machine = SmallMachine.random 1L 5 4
    static let rows = SmallMachine.states 5
    static let hidden = SmallMachine.states 4

    static let free (v: float[]) =
        hidden |> Array.map (SmallMachine.energy machine v) |> SmallMachine.freeEnergy

    /// log p(vᵢ = 1 | others) and log p(vᵢ = 0 | others).
    static let conditional (v: float[]) i =
        let off = free (Array.updateAt i 0.0 v)
        let on = free (Array.updateAt i 1.0 v)
        let both = SmallMachine.freeEnergy [| off; on |]
        both - on, both - off

    static let bruteForce (v: float[]) =
        Seq.sum
            [
                for i in 0 .. v.Length - 1 do
                    let on, off = conditional v i
                    v[i] * on + (1.0 - v[i]) * off
            ]

    static let exact (rows: float[][]) =
        PseudoLikelihood.exact machine (Matrices.tensor rows)

    [<Fact>]
    member _.``over all units it is the sum of their conditionals``() =
        Close.check "states" 1e-12 (rows |> Array.map bruteForce) ((exact rows).ToFloat64s())

    [<Fact>]
    member _.``grey levels count as probabilities``() =
        let grey =
            (Sample.uniform (Key.ofSeed 2L) Float64 [ 9; 5 ]).ToFloat64s()
            |> Array.chunkBySize 5

        // The other units stay grey in the conditional of each.
        Close.check "grey" 1e-12 (grey |> Array.map bruteForce) ((exact grey).ToFloat64s())

    [<Fact>]
    member _.``the estimate has it as its mean``() =
        for row in [ 0; 13; 31 ] do
            let wide = Tensor.broadcast [ 20000; 5 ] (Matrices.tensor rows[row..row])

            let estimates =
                PseudoLikelihood.estimate (Key.ofSeed 3L) machine wide (Rbm.hiddenInput machine wide)

            Estimate.check $"row {row}" (bruteForce rows[row]) (estimates.ToFloat64s())

    [<Fact>]
    member _.``every unit is drawn as often as any other``() =
        // A machine without weights: each conditional tells its unit by its bias.
        let alone =
            { machine with
                Weight = Tensor.zerosLike machine.Weight
                VisibleBias = Tensor.ofFloat64s [ 5 ] [| -2.0; -1.0; 0.0; 1.0; 2.0 |]
            }

        let wide = Tensor.ones Float64 [ 50000; 5 ]

        let estimates =
            PseudoLikelihood.estimate (Key.ofSeed 4L) alone wide (Rbm.hiddenInput alone wide)

        let expected =
            [| -2.0 .. 1.0..2.0 |]
            |> Array.map (fun bias -> System.Math.Round(-5.0 * log (1.0 + exp -bias), 9))

        let counts =
            estimates.ToFloat64s() |> Array.countBy (fun x -> System.Math.Round(x, 9))

        Assert.Equal<float list>(expected |> Array.sort |> List.ofArray, counts |> Array.map fst |> Array.sort |> List.ofArray)
        // Five standard deviations of a share of 1/5 are 447 of 50000.
        Assert.All(counts, (fun (_, count) -> Assert.InRange(count, 10000 - 447, 10000 + 447)))
