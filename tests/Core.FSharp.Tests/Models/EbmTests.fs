namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// Energies and what their training minimises, against formulas in float64.
type EbmTests() =
    static let rowSize, count = 4, 6

    static let model classes =
        Ebm.create [ LayerSpec.dense 5; LayerSpec.Activation Swish ] classes (Key.ofSeed 3L) [ rowSize ]
        |> Tree.map (Tensor.cast Float64)

    static let rows = Sample.uniformBetween (Key.ofSeed 4L) Float64 [ count; rowSize ] -1.0 1.0
    static let labels = [| 0; 2; 1; 2; 0; 1 |]

    static let batch: Batch =
        {
            Rows = rows
            Labels = Some(Tensor.ofInt32s [ count ] labels)
            Weights = None
        }

    static let input: StepInput =
        {
            Key = Key.ofSeed 5L
            Step = Tensor.zeros DType.Int32 []
            Batch = batch
        }

    /// Rows as they are, and chains that stay where they begin, which is in the buffer.
    static let still =
        { EbmObjective.defaults with
            Steps = 0
            RealNoise = 0.0
            Buffer =
                { ReplayBuffer.defaults with
                    Refresh = 0.0
                }
        }

    /// A training whose buffer holds one row again and again.
    static let training model (row: float list) : EbmTraining<'M> =
        {
            Model = model
            Buffer =
                {
                    Rows =
                        {
                            Carried = Tensor.ofFloat64s [ 9; row.Length ] (Array.concat (Array.create 9 (List.toArray row)))
                        }
                }
        }

    static let numbers (reported: (string * Tensor) list) =
        Map.ofList [ for name, value in reported -> name, value.ToScalar() ]

    static let fake = [ 0.3; -1.0; 1.0; 0.1 ]

    [<Fact>]
    member _.``one output is the negative energy``() =
        let model = model 0
        Assert.Equal(0, Ebm.classes model)
        let outputs = (Ebm.logits model rows).ToFloat64s()
        Assert.Equal(count, outputs.Length)
        Close.check "energy" 1e-15 (outputs |> Array.map (~-)) ((Ebm.energy model rows).ToFloat64s())

    [<Fact>]
    member _.``energies of classes sum up to that of the row``() =
        let model = model 3
        Assert.Equal(3, Ebm.classes model)

        let ofClass label =
            (Ebm.energyOf (Tensor.full DType.Int32 [ count ] (float label)) model rows).ToFloat64s()

        let total =
            [| ofClass 0; ofClass 1; ofClass 2 |]
            |> Array.transpose
            |> Array.map (fun energies -> -(energies |> Array.sumBy (fun energy -> exp -energy) |> log))

        Close.check "energy" 1e-12 total ((Ebm.energy model rows).ToFloat64s())
        let mixed = (Ebm.energyOf batch.Labels.Value model rows).ToFloat64s()
        Close.check "conditional" 1e-15 (labels |> Array.mapi (fun i label -> (ofClass label)[i])) mixed

    [<Fact>]
    member _.``the article's network halves images of 32 by 32 four times``() =
        let model = Ebm.create Ebm.article 0 (Key.ofSeed 1L) [ 1; 32; 32 ]

        let shapes =
            Tree.leaves model |> Array.map (fun leaf -> Errors.show leaf.Tensor.Shape)

        Assert.Equal<string[]>(
            [|
                "[16; 1; 5; 5]"
                "[16]"
                "[32; 16; 3; 3]"
                "[32]"
                "[64; 32; 3; 3]"
                "[64]"
                "[64; 64; 3; 3]"
                "[64]"
                "[256; 64]"
                "[64]"
                "[64; 1]"
                "[1]"
            |],
            shapes
        )

        Assert.Equal<int[]>([| 2 |], (Ebm.energy model (Tensor.zeros Float32 [ 2; 1024 ])).Shape)

    [<Fact>]
    member _.``layers that do not see each row by itself are refused``() =
        for layer in [ LayerSpec.batchNorm; LayerSpec.Dropout 0.5 ] do
            let create () =
                Ebm.create [ LayerSpec.dense 3; layer ] 0 (Key.ofSeed 1L) [ 2 ]

            Assert.Contains("expected layers that see each row by itself", throws<ArgumentException>(fun () -> create () |> ignore).Message)

    [<Fact>]
    member _.``the loss is the difference of energies and their squares``() =
        let model = model 0
        let options = { still with Alpha = 0.3 }

        let outcome =
            (EbmObjective.create options Ebm.energy).Loss (training model fake) input

        let real = (Ebm.energy model rows).ToFloat64s()

        let other =
            (Ebm.energy model (Tensor.ofFloat64s [ 1; rowSize ] (List.toArray fake))).ToScalar()

        let cdiv = Array.average real - other
        let reg = Array.averageBy (fun e -> e * e) real + other * other
        let found = numbers (("loss", outcome.Loss) :: outcome.Reported)
        Assert.Equal(cdiv + 0.3 * reg, found["loss"], 12)
        Assert.Equal(cdiv, found["cdiv"], 12)
        Assert.Equal(reg, found["reg"], 12)
        Assert.Equal(Array.average real, found["energy_real"], 12)
        Assert.Equal(other, found["energy_fake"], 12)
        Assert.Equal(0.5, found["saturation"], 12)

    [<Fact>]
    member _.``classes add their cross-entropy``() =
        let model = model 3
        let training = training model fake
        let plain = (EbmObjective.create still Ebm.energy).Loss training input
        let outcome = (EbmObjective.ofNetwork still 0.7).Loss training input
        let logits = (Ebm.logits model rows).ToFloat64s() |> Array.chunkBySize 3

        let entropy =
            Array.map2 (fun (row: float[]) label -> log (Array.sumBy exp row) - row[label]) logits labels
            |> Array.average

        let right =
            Array.map2 (fun (row: float[]) label -> if Array.max row = row[label] then 1.0 else 0.0) logits labels

        let found = numbers outcome.Reported
        Assert.Equal(entropy, found["cross_entropy"], 12)
        Assert.Equal(Array.average right, found["accuracy"], 12)
        Close.tensor 1e-12 [ plain.Loss.ToScalar() + 0.7 * entropy ] outcome.Loss

    [<Fact>]
    member _.``layers can have a price``() =
        let priced =
            Ebm.create
                [
                    LayerSpec.Conv2D
                        { Conv2DOptions.defaults 2 2 with
                            Regularizer = { L1 = 0.0; L2 = 0.1 }
                        }
                    LayerSpec.Flatten
                ]
                0
                (Key.ofSeed 3L)
                [ 1; 2; 2 ]
            |> Tree.map (Tensor.cast Float64)

        let loss (objective: Objective<EbmTraining<Ebm>>) =
            (objective.Loss (training priced fake) input).Loss.ToScalar()

        let price = (Ebm.price priced).Value.ToScalar()
        Assert.True(price > 0.0)
        Assert.Equal(loss (EbmObjective.create still Ebm.energy) + price, loss (EbmObjective.ofNetwork still 1.0), 12)

    [<Fact>]
    member _.``the gradient is that at the fakes as they came out, not through the chain``() =
        // One weight and the energy w·x: a chain of n steps of the article's rule moves x by −10·clip(w) a step, as far as the bounds let it.
        let options =
            { still with
                Steps = 3
                Alpha = 0.0
                Chain = { Langevin.article with Noise = 0.0 }
            }

        let energy (w: Tensor) (x: Tensor) = Tensor.sumOver [ 1 ] (w * x)
        let w = Tensor.ofFloat64s [ 1 ] [| 0.02 |]
        let objective = EbmObjective.create options energy

        let input =
            { input with
                Batch =
                    { batch with
                        Rows = Tensor.full Float64 [ count; 1 ] 0.25
                    }
            }

        let training = training w [ 0.9 ]
        let outcome = objective.Loss training input
        let expected = 0.9 - 3.0 * 10.0 * 0.02
        let found = numbers outcome.Reported
        Assert.Equal(0.02 * expected, found["energy_fake"], 12)

        let slope =
            gradient (fun w -> (objective.Loss { training with Model = w } input).Loss) w

        Close.tensor 1e-12 [ 0.25 - expected ] slope

        let stored = outcome.Carried.Buffer.Rows.Carried.ToFloat64s()
        Close.check "buffer" 1e-12 (Array.append (Array.create count expected) (Array.create 3 0.9)) stored

    [<Fact>]
    member _.``real rows get noise and stay within the bounds``() =
        let options =
            { still with
                RealNoise = 0.4
                Alpha = 0.0
            }

        let energy (w: Tensor) (x: Tensor) =
            w * Tensor.meanOver [ 1 ] (Tensor.square x)

        let wide =
            { input with
                Batch =
                    { batch with
                        Rows = Tensor.ones Float64 [ 2000; 5 ]
                    }
            }

        // Of max(−1, min(1, 1 + 0.4·z)), squared, over normal z: half the draws are at the bound, the others below it.
        let expected =
            let steps = 100_000

            Seq.init steps (fun i ->
                let z = Quantile.normal ((float i + 0.5) / float steps)
                let x = max -1.0 (min 1.0 (1.0 + 0.4 * z))
                x * x)
            |> Seq.average

        let outcome =
            (EbmObjective.create options energy).Loss (training (Tensor.full Float64 [] 1.0) [ 0.0; 0.0; 0.0; 0.0; 0.0 ]) wide

        Assert.Equal(expected, (numbers outcome.Reported)["energy_real"], 1e-2)

    [<Fact>]
    member _.``held-out rows are compared with chains that begin in noise, whatever the buffer holds``() =
        let model = model 0

        let evaluate options row =
            numbers ((EbmObjective.create options Ebm.energy).Evaluate (training model row) (Key.ofSeed 6L) batch)

        let found = evaluate still fake
        Assert.Equal<Map<string, float>>(found, evaluate still [ 0.0; 0.0; 0.0; 0.0 ])
        Assert.Equal(found["energy_noise"], found["energy_fake"])
        Assert.Equal((Ebm.energy model rows).ToFloat64s() |> Array.average, found["energy_real"], 12)
        let chained = evaluate EbmObjective.defaults fake
        Assert.True(chained["energy_fake"] < chained["energy_noise"])

    [<Fact>]
    member _.``settings out of range are refused``() =
        let refused (found: string) options =
            let create () = EbmObjective.create options Ebm.energy
            Assert.Contains(found, throws<ArgumentException>(fun () -> create () |> ignore).Message)

        refused "chain-steps: found -1" { still with Steps = -1 }
        refused "alpha: found -0.1" { still with Alpha = -0.1 }
        refused "real-noise: found NaN" { still with RealNoise = nan }
