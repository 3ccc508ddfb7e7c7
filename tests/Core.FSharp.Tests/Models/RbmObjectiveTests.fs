namespace Functional.Core.Tests

open System
open Functional.Core
open Xunit

/// The learning rules against their formulas in float64, and against the exact gradient.
type RbmObjectiveTests() =
    static let machine = SmallMachine.random 1L 5 4
    static let normal = machine |> SmallMachine.gaussian [ 0.5; 2.0; 1.0; 0.3; 1.5 ]

    static let sampled =
        { RbmObjective.defaults with
            Update = RbmUpdate.Sampled
        }

    static let bits seed count size =
        Sample.bernoulli (Key.ofSeed seed) (Tensor.full Float64 [ count; size ] 0.4)

    /// Ends of chains that no chain has made: six rows, eight chains.
    static let ends (rbm: Rbm) : RbmEnds =
        let rows seed count =
            match rbm.Units with
            | BernoulliUnits -> bits seed count 5
            | GaussianUnits _ -> Sample.normal (Key.ofSeed seed) Float64 [ count; 5 ]

        {
            Rows = rows 1L 6
            Hidden = bits 2L 6 4
            ChainRows = rows 3L 8
            ChainHidden = bits 4L 8 4
        }

    static let offsets: RbmOffsets =
        {
            Visible =
                {
                    Carried = Tensor.ofFloat64s [ 5 ] [| 0.1; 0.9; 0.4; 0.5; 0.3 |]
                }
            Hidden =
                {
                    Carried = Tensor.ofFloat64s [ 4 ] [| 0.2; 0.6; 0.5; 0.8 |]
                }
        }

    /// −(mean of v·h at the data less that at the chain's end), by weight, visible and hidden bias.
    static let contrast (v0: float[][], h0: float[][]) (vk: float[][], hk: float[][]) =
        let mean (rows: float[][]) f = rows |> Array.mapi f |> Array.average

        let less f = mean vk (f vk hk) - mean v0 (f v0 h0)

        let weight =
            Array.init 5 (fun i -> Array.init 4 (fun j -> less (fun (v: float[][]) (h: float[][]) row _ -> v[row][i] * h[row][j])))

        let visible = Array.init 5 (fun i -> less (fun v _ row _ -> v[row][i]))
        let hidden = Array.init 4 (fun j -> less (fun _ h row _ -> h[row][j]))
        weight, visible, hidden

    static let means (v: float[][]) =
        let weight = Matrices.ofTensor machine.Weight
        let c = machine.HiddenBias.ToFloat64s()

        v
        |> Array.map (fun v ->
            Array.init 4 (fun j ->
                let input = c[j] + Seq.sum [ for i in 0..4 -> v[i] * weight[i][j] ]
                1.0 / (1.0 + exp -input)))

    static let check what tolerance (weight: float[][], visible: float[], hidden: float[]) (found: Rbm) =
        Matrices.close $"{what}: weight" tolerance weight (Matrices.ofTensor found.Weight)
        Close.check $"{what}: visible bias" tolerance visible (found.VisibleBias.ToFloat64s())
        Close.check $"{what}: hidden bias" tolerance hidden (found.HiddenBias.ToFloat64s())

    /// As many rows as asked for, of four patterns in turn.
    static let data count =
        let patterns =
            Matrices.tensor
                [|
                    [| 1.0; 1.0; 0.0; 0.0; 1.0 |]
                    [| 0.0; 0.0; 1.0; 1.0; 0.0 |]
                    [| 1.0; 1.0; 1.0; 0.0; 0.0 |]
                    [| 0.0; 1.0; 0.0; 1.0; 1.0 |]
                |]

        Tensor.gatherRows (Tensor.ofInt32s [ count ] (Array.init count (fun row -> row % 4))) patterns

    /// The gradient of −log p(v) with everything summed: what the data give less what the machine gives.
    static let exactGradient () =
        let rows = SmallMachine.rows (data 4)
        let all = SmallMachine.states 5
        let p = SmallMachine.joint machine |> Array.map Array.sum
        let h0, h = means rows, means all

        let less f =
            Array.sum (Array.mapi (fun row p -> p * f all[row] h[row]) p)
            - (Array.init 4 (fun row -> f rows[row] h0[row]) |> Array.average)

        Array.init 5 (fun i -> Array.init 4 (fun j -> less (fun v h -> v[i] * h[j]))),
        Array.init 5 (fun i -> less (fun v _ -> v[i])),
        Array.init 4 (fun j -> less (fun _ h -> h[j]))

    static let slopeOf (learning: RbmLearning) (training: RbmTraining) seed x =
        (gradient (fun training -> (RbmObjective.contrast learning training (Key.ofSeed seed) x).Loss) training).Rbm

    static let start (learning: RbmLearning) (rbm: Rbm) =
        RbmObjective.start learning (Key.ofSeed 11L) rbm

    /// The farthest number of CD-k's gradient, over many rows, from the exact one.
    static let bias (learning: RbmLearning) k =
        let learning: RbmLearning = { learning with Steps = k }
        let found = slopeOf learning (start learning machine) 12L (data 100_000)
        let weight, visible, hidden = exactGradient ()

        Array.map2
            (fun expected found -> abs (expected - found))
            (Array.concat [ Array.concat weight; visible; hidden ])
            (VaeStep.numbers found)
        |> Array.max

    [<Fact>]
    member _.``by means the slope of the free energies is the rule``() =
        let ends = ends machine
        let v0, vk = SmallMachine.rows ends.Rows, SmallMachine.rows ends.ChainRows

        RbmObjective.direction RbmObjective.defaults ends None machine
        |> check "mean-field" 1e-10 (contrast (v0, means v0) (vk, means vk))

    [<Fact>]
    member _.``by states the slope of the energies is the rule``() =
        let ends = ends machine

        RbmObjective.direction sampled ends None machine
        |> check
            "sampled"
            1e-12
            (contrast
                (SmallMachine.rows ends.Rows, SmallMachine.rows ends.Hidden)
                (SmallMachine.rows ends.ChainRows, SmallMachine.rows ends.ChainHidden))

    [<Fact>]
    member _.``the centred rule takes the offsets from the states``() =
        let ends = ends machine
        let mu, lambda = offsets.Visible.Carried, offsets.Hidden.Carried
        let rows (x: Tensor) = SmallMachine.rows x

        let weight, _, _ =
            contrast (rows (ends.Rows - mu), rows (ends.Hidden - lambda)) (rows (ends.ChainRows - mu), rows (ends.ChainHidden - lambda))

        let _, visible, hidden =
            contrast (rows ends.Rows, rows ends.Hidden) (rows ends.ChainRows, rows ends.ChainHidden)

        let mu, lambda = mu.ToFloat64s(), lambda.ToFloat64s()

        RbmObjective.direction sampled ends (Some offsets) machine
        |> check
            "centred"
            1e-12
            (weight,
             Array.mapi (fun i b -> b - Matrices.dot weight[i] lambda) visible,
             Array.mapi (fun j c -> c - Matrices.dot (Array.map (fun (row: float[]) -> row[j]) weight) mu) hidden)

    [<Fact>]
    member _.``the centred rule is descent in the parameters of the centred energy``() =
        for rbm in [ machine; normal ] do
            for learning in [ RbmObjective.defaults; sampled ] do
                let ends = ends rbm
                let mu, lambda = offsets.Visible.Carried, offsets.Hidden.Carried

                let seen =
                    match rbm.Units with
                    | BernoulliUnits -> mu
                    | GaussianUnits variance -> mu / variance.Carried

                /// The machine whose energy in v − μ and h − λ has these parameters.
                let plain (centred: Rbm) =
                    { centred with
                        VisibleBias = centred.VisibleBias - Tensor.mv centred.Weight lambda
                        HiddenBias = centred.HiddenBias - Tensor.mv (Tensor.transpose centred.Weight) seen
                    }

                let centred =
                    { rbm with
                        VisibleBias = rbm.VisibleBias + Tensor.mv rbm.Weight lambda
                        HiddenBias = rbm.HiddenBias + Tensor.mv (Tensor.transpose rbm.Weight) seen
                    }

                let difference (rbm: Rbm) =
                    match learning.Update with
                    | RbmUpdate.Sampled ->
                        Tensor.mean (Rbm.energy rbm ends.Rows ends.Hidden)
                        - Tensor.mean (Rbm.energy rbm ends.ChainRows ends.ChainHidden)
                    | RbmUpdate.MeanField ->
                        Tensor.mean (Rbm.freeEnergy rbm ends.Rows)
                        - Tensor.mean (Rbm.freeEnergy rbm ends.ChainRows)

                // How the plain parameters move when the centred ones descend: `plain` is linear in them.
                let moved = plain (gradient (plain >> difference) centred)
                let found = RbmObjective.direction learning ends (Some offsets) rbm

                Array.iter2
                    (fun (expected: Tensor) (found: Tensor) -> Close.check "centred" 1e-11 (expected.ToFloat64s()) (found.ToFloat64s()))
                    (Tree.trained moved)
                    (Tree.trained found)

    [<Fact>]
    member _.``a step descends along the direction of its chains' ends``() =
        let learning =
            { sampled with
                Steps = 2
                Persistent = Some 7
                Centred = Some 0.2
            }

        let training = start learning machine
        let x = data 6
        let outcome = RbmObjective.contrast learning training (Key.ofSeed 13L) x
        let ends = RbmObjective.ends learning training (fst (Key.pair (Key.ofSeed 13L))) x

        Assert.Equal<float[]>(
            VaeStep.numbers (RbmObjective.direction learning ends outcome.Carried.Offsets machine),
            VaeStep.numbers (slopeOf learning training 13L x)
        )

        // Chains go on from where they ended, offsets toward the means of the batch.
        Assert.Equal<float[]>(VaeStep.numbers ends.ChainHidden, VaeStep.numbers outcome.Carried.Chains)

        let toward (before: Tensor) (mean: Tensor) =
            0.8 * before + 0.2 * Tensor.meanOver [ 0 ] mean

        match training.Offsets, outcome.Carried.Offsets with
        | Some before, Some after ->
            let expected =
                toward before.Visible.Carried x, toward before.Hidden.Carried (Rbm.hiddenMean machine x)

            Close.check "offsets" 1e-14 (VaeStep.numbers expected) (VaeStep.numbers after)
        | _ -> Assert.Fail "no offsets"

    [<Fact>]
    member _.``kept chains go on where they ended``() =
        let learning =
            { RbmObjective.defaults with
                Steps = 3
                Persistent = Some 7
            }

        let before = start learning machine
        Assert.Equal<int[]>([| 7; 4 |], before.Chains.Value.Carried.Shape)
        let first = RbmObjective.contrast learning before (Key.ofSeed 14L) (data 6)
        let key = fst (Key.pair (Key.ofSeed 15L))

        let _, _, chain =
            match Key.split 3 key with
            | [ a; b; c ] -> a, b, c
            | _ -> raise (InvalidOperationException())

        let _, expected =
            Rbm.continueGibbs 3 chain machine first.Carried.Chains.Value.Carried
        // A batch of another size makes no other number of chains.
        let second = RbmObjective.contrast learning first.Carried (Key.ofSeed 15L) (data 2)
        Assert.Equal<float[]>(expected.ToFloat64s(), second.Carried.Chains.Value.Carried.ToFloat64s())
        Assert.True((start RbmObjective.defaults machine).Chains.IsNone)

    [<Fact>]
    member _.``the longer the chain the nearer the exact gradient``() =
        for learning in [ RbmObjective.defaults; sampled ] do
            let biases = [ 1; 4; 60 ] |> List.map (bias learning)
            // States of 100,000 rows leave a standard error of at most 0.0023, and 29 numbers some 3 of them.
            Assert.True(biases[0] > 0.05 && biases[1] < biases[0] && biases[2] < 0.008, $"{learning.Update}: {biases}")

    [<Fact>]
    member _.``the price of sparsity is on the squared distance from the target``() =
        let learning =
            { RbmObjective.defaults with
                Sparsity = Some { Target = 0.1; Cost = 3.0 }
            }

        let ends = ends machine

        let price (rbm: Rbm) =
            let mean = Tensor.meanOver [ 0 ] (Rbm.hiddenMean rbm ends.Rows)
            Tensor.sum (3.0 * Tensor.square (mean - 0.1))

        let expected =
            Tree.map2 (+) (RbmObjective.direction RbmObjective.defaults ends None machine) (gradient price machine)

        let found = RbmObjective.direction learning ends None machine
        Close.check "sparse" 1e-12 (VaeStep.numbers expected) (VaeStep.numbers found)

    [<Fact>]
    member _.``what is reported are means over rows``() =
        let key = Key.ofSeed 16L
        let x = data 6
        let training = start RbmObjective.defaults machine
        let outcome = RbmObjective.contrast RbmObjective.defaults training key x

        let reported =
            Map.ofList [ for name, value in outcome.Reported -> name, value.ToScalar() ]

        let ends = RbmObjective.ends RbmObjective.defaults training (fst (Key.pair key)) x

        let wrong =
            Array.map2
                (fun (p: float) v -> if (p >= 0.5) = (v = 1.0) then 0.0 else 1.0)
                ((Rbm.visibleMean machine ends.Hidden).ToFloat64s())
                (x.ToFloat64s())

        Assert.Equal(Array.average wrong, reported["reconstruction_error"], 12)

        let free (v: Tensor) =
            Array.average ((Rbm.freeEnergy machine v).ToFloat64s())

        Assert.Equal(free x, reported["free_energy"], 12)
        Assert.Equal(free x - free ends.ChainRows, reported["free_energy_gap"], 12)
        Assert.Equal(-reported["pseudo_likelihood"], outcome.Loss.ToScalar(), 12)

        // Held-out rows are measured in the same way.
        let heldOut =
            (RbmObjective.create RbmObjective.defaults).Evaluate
                training
                key
                {
                    Rows = x
                    Labels = None
                    Weights = None
                }

        let expected =
            ("loss", outcome.Loss.ToScalar())
            :: [ for name, value in outcome.Reported -> name, value.ToScalar() ]

        Assert.Equal<(string * float) list>(expected, [ for name, value in heldOut -> name, value.ToScalar() ])

    [<Fact>]
    member _.``normal units are measured by the squared error``() =
        let key = Key.ofSeed 17L
        let x = Sample.normal (Key.ofSeed 18L) Float64 [ 6; 5 ]
        let training = start RbmObjective.defaults normal
        let outcome = RbmObjective.contrast RbmObjective.defaults training key x
        let ends = RbmObjective.ends RbmObjective.defaults training (fst (Key.pair key)) x

        let error =
            Array.map2 (fun a b -> (a - b) * (a - b)) ((Rbm.visibleMean normal ends.Hidden).ToFloat64s()) (x.ToFloat64s())
            |> Array.average

        Assert.Equal(error, outcome.Loss.ToScalar(), 12)
        Assert.Equal<string list>([ "reconstruction_error"; "free_energy"; "free_energy_gap" ], List.map fst outcome.Reported)

    [<Fact>]
    member _.``grey levels are drawn anew where that is asked for``() =
        let learning =
            { RbmObjective.defaults with
                Binarisation = Binarisation.Dynamic
            }

        let grey = Tensor.full Float64 [ 6; 5 ] 0.3

        let rows seed =
            (RbmObjective.ends learning (start learning machine) (Key.ofSeed seed) grey).Rows.ToFloat64s()

        Assert.All(rows 1L, (fun value -> Assert.True((value = 0.0 || value = 1.0))))
        Assert.NotEqual<float[]>(rows 1L, rows 2L)

    [<Fact>]
    member _.``numbers out of their range are refused by name``() =
        let refused (learning: RbmLearning) =
            throws<ArgumentException>(fun () -> start learning machine |> ignore).Message

        let usual = RbmObjective.defaults
        Assert.Contains("steps: found 0", refused { usual with Steps = 0 })
        Assert.Contains("persistent: found 0 chains", refused { usual with Persistent = Some 0 })
        Assert.Contains("centred: found 1.5", refused { usual with Centred = Some 1.5 })

        Assert.Contains(
            "sparsity: found target 1, cost 0",
            refused
                { usual with
                    Sparsity = Some { Target = 1.0; Cost = 0.0 }
                }
        )
