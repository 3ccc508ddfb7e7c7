namespace Functional.Core.Tests

open Functional.Core
open Xunit

/// The pieces of a deep belief net against direct formulas and enumeration.
type DbnTests() =
    static let numbers (tensor: Tensor) = tensor.ToFloat64s()

    /// Machines of 5-4-3 units in float64, with a head for two classes.
    static let dbn =
        {
            Layers = [ SmallMachine.random 1L 5 4; SmallMachine.random 2L 4 3 ]
            Head =
                Some
                    {
                        Weight = Sample.normal (Key.ofSeed 3L) Float64 [ 3; 2 ]
                        Bias = Sample.normal (Key.ofSeed 4L) Float64 [ 2 ]
                    }
        }

    static let x = Sample.uniform (Key.ofSeed 5L) Float64 [ 7; 5 ]
    static let key = Key.ofSeed 6L

    static let batch =
        {
            Rows = x
            Labels = Some(Tensor.ofInt32s [ 7 ] [| 0; 1; 1; 0; 1; 0; 0 |])
            Weights = None
        }

    static let sigmoid (input: float) = 1.0 / (1.0 + exp -input)

    /// sigmoid(row · weight + bias) of each row.
    static let layer (weight: float[][]) (bias: Tensor) (rows: float[][]) =
        let bias = numbers bias

        rows
        |> Array.map (fun row ->
            bias
            |> Array.mapi (fun unit bias -> sigmoid (bias + Matrices.dot row (weight |> Array.map (Array.item unit)))))

    static let up (rbm: Rbm) =
        layer (Matrices.ofTensor rbm.Weight) rbm.HiddenBias

    static let down (rbm: Rbm) =
        layer (Matrices.ofTensor (Tensor.transpose rbm.Weight)) rbm.VisibleBias

    static let named (reported: (string * Tensor) list) =
        reported |> List.map (fun (name, value) -> name, (value.ToScalar(): float))

    /// Means of mᵢ and of mᵢ·mⱼ over rows that have weights.
    static let moments (weights: float[]) (rows: float[][]) =
        let mean (f: float[] -> float) =
            Array.map2 (fun weight row -> weight * f row) weights rows |> Array.sum

        let units = [ 0 .. rows[0].Length - 1 ]

        [|
            for i in units do
                mean (fun row -> row[i])

                for j in units.Head .. i do
                    mean (fun row -> row[i] * row[j])
        |]

    /// Means of what a net draws against those over the states of the units above the visible ones, with their probabilities.
    static let checkDrawn (dbn: Dbn) (probabilities: float[]) (states: float[][]) =
        let count = 40000

        let rows = Tensor.full Float64 [ count; Dbn.visibleCount dbn ] 0.9
        let even = Array.create count (1.0 / float count)
        let expected = moments probabilities (down dbn.Layers.Head states)
        // Five standard errors of a mean of numbers in 0 to 1 are at most 5·½/√40000.
        for drawn in [ Dbn.sample 40 key dbn count; Dbn.sampleFrom 40 key dbn rows ] do
            Close.check "moments" 0.0125 expected (moments even (Matrices.ofTensor drawn))

    static let learning (dbn: Dbn) : DbnTraining = { Net = dbn; Chains = None }

    [<Fact>]
    member _.``rows go up and down by means``() =
        let rows = Matrices.ofTensor x
        let top = rows |> up dbn.Layers[0] |> up dbn.Layers[1]
        let back = top |> down dbn.Layers[1] |> down dbn.Layers[0]
        Close.check "top" 1e-14 (Array.concat top) (numbers (Dbn.encode dbn x))
        Close.check "rows" 1e-14 (Array.concat back) (numbers (Dbn.reconstruct dbn x))
        Assert.Equal<float[]>(numbers (Dbn.reconstruct dbn x), numbers (Dbn.decode dbn (Dbn.encode dbn x)))

    [<Fact>]
    member _.``layers have the sizes asked for, and a net without layers is refused``() =
        let created = Dbn.create { Hidden = [ 4; 3 ]; Classes = Some 2 } key 5

        let shapes =
            Tree.leaves created
            |> Array.map (fun leaf -> leaf.Path, List.ofArray leaf.Tensor.Shape)

        Assert.Equal<(string * int list)[]>(
            [|
                "Layers.0.Weight", [ 5; 4 ]
                "Layers.0.VisibleBias", [ 5 ]
                "Layers.0.HiddenBias", [ 4 ]
                "Layers.1.Weight", [ 4; 3 ]
                "Layers.1.VisibleBias", [ 4 ]
                "Layers.1.HiddenBias", [ 3 ]
                "Head.Weight", [ 3; 2 ]
                "Head.Bias", [ 2 ]
            |],
            shapes
        )

        Assert.True((Dbn.create { Hidden = [ 4 ]; Classes = None } key 5).Head.IsNone)
        Assert.Equal(5, Dbn.visibleCount created)
        Assert.Equal(3, Dbn.topCount created)

        let message =
            throws<System.ArgumentException>(fun () -> Dbn.create { Hidden = []; Classes = None } key 5 |> ignore).Message

        Assert.Contains("hidden: found no layers, expected one or more", message)

    [<Fact>]
    member _.``a layer by itself is the machine on the means below it``() =
        let below = Rbm.hiddenMean dbn.Layers[0] x

        let machine =
            {
                Rbm = dbn.Layers[1]
                Chains = None
                Offsets = None
            }

        let expected =
            (RbmObjective.create { RbmObjective.defaults with Steps = 3 }).Evaluate machine key { batch with Rows = below }

        let found = (Dbn.layerObjective (Contrast 3) 1).Evaluate (learning dbn) key batch
        Assert.Equal<(string * float) list>(named expected, named found)

        Assert.Equal<string list>(
            [
                "loss"
                "reconstruction_error"
                "pseudo_likelihood"
                "free_energy"
                "free_energy_gap"
            ],
            List.map fst found
        )

    [<Fact>]
    member _.``a layer's slope is that of the machine's contrast, and 0 for the others``() =
        let objective = Dbn.layerObjective (Contrast 2) 1

        let input =
            {
                Key = key
                Step = Tensor.zeros DType.Int32 []
                Batch = batch
            }

        let gradient = grad (fun dbn -> (objective.Loss (learning dbn) input).Loss) dbn
        let below = Rbm.hiddenMean dbn.Layers[0] x

        let expected =
            grad
                (fun rbm ->
                    (RbmObjective.contrast
                        { RbmObjective.defaults with Steps = 2 }
                        {
                            Rbm = rbm
                            Chains = None
                            Offsets = None
                        }
                        key
                        below)
                        .Loss)
                dbn.Layers[1]

        Assert.Equal<float[]>(VaeStep.numbers expected, VaeStep.numbers gradient.Layers[1])
        Assert.All(VaeStep.numbers gradient.Head, (fun slope -> Assert.Equal(0.0, slope)))

    [<Fact>]
    member _.``a layer as an autoencoder gives its rows back through its own weights``() =
        let rows = Matrices.ofTensor x |> up dbn.Layers[0]
        let back = rows |> up dbn.Layers[1] |> down dbn.Layers[1]

        let cost =
            Array.map2
                (fun (p: float[]) (x: float[]) ->
                    Array.map2 (fun p x -> -(x * log p + (1.0 - x) * log (1.0 - p))) p x
                    |> Array.sum)
                back
                rows
            |> Array.average

        let squares =
            Array.map2 (fun (p: float) x -> (p - x) * (p - x)) (Array.concat back) (Array.concat rows)
            |> Array.average

        let found =
            (Dbn.layerObjective (Reconstruction Intact) 1).Evaluate (learning dbn) key batch
            |> named

        Assert.Equal<string list>([ "loss"; "mse" ], List.map fst found)
        Close.check "loss, mse" 1e-12 [| cost; squares |] (found |> List.map snd |> List.toArray)

    [<Fact>]
    member _.``the classifier sees the top's means``() =
        let head = dbn.Head.Value
        let expected = Tensor.matmul (Dbn.encode dbn x) head.Weight + head.Bias
        Close.check "logits" 1e-14 (numbers expected) (numbers (Classifier.logits (Dbn.classifier 0.0 dbn) x))
        Assert.Equal<float[]>(numbers expected, numbers (Classifier.logits (Dbn.classifier 0.5 dbn) x))

        let message =
            throws<System.InvalidOperationException>(fun () -> Dbn.classifier 0.0 { dbn with Head = None } |> ignore).Message

        Assert.Contains("found no head, expected a net that learns labels", message)

    [<Fact>]
    member _.``one layer draws what its machine holds``() =
        let rbm = SmallMachine.random 7L 4 3
        let joint = SmallMachine.joint rbm

        let hidden =
            Array.init joint[0].Length (fun h -> joint |> Array.sumBy (Array.item h))

        checkDrawn { Layers = [ rbm ]; Head = None } hidden (SmallMachine.states 3)

    [<Fact>]
    member _.``layers below the top draw given the top machine's visible units``() =
        let top = SmallMachine.random 8L 3 2
        let lower = SmallMachine.random 9L 4 3
        let visible = SmallMachine.joint top |> Array.map Array.sum
        checkDrawn { Layers = [ lower; top ]; Head = None } visible (SmallMachine.states 3)

    [<Fact>]
    member _.``rows in between are drawn and not passed on as means``() =
        // p(v) of a net of three layers, all states of both layers between summed.
        let bottom, middle, top =
            SmallMachine.random 10L 3 2, SmallMachine.random 11L 2 3, SmallMachine.random 12L 3 2

        let high = SmallMachine.joint top |> Array.map Array.sum
        let means = down middle (SmallMachine.states 3)

        let low =
            SmallMachine.states 2
            |> Array.map (fun state ->
                Array.map2
                    (fun p (means: float[]) ->
                        p
                        * (Array.map2 (fun unit mean -> if unit = 1.0 then mean else 1.0 - mean) state means
                           |> Array.reduce (*)))
                    high
                    means
                |> Array.sum)

        checkDrawn
            {
                Layers = [ bottom; middle; top ]
                Head = None
            }
            low
            (SmallMachine.states 2)
